"""The access register: everybody, a file, a print, what the nightly check found."""

import csv
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from access.forms.register import AsAtForm, ExportForm
from access.models import DriftReport, User
from access.register_page import Row, rows_at
from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock
from i2a.permissions import requires
from i2a.spreadsheets import BOM, Line, safe
from i2a.wall_time import say_full_day, say_short_day, say_time

VIEWS = ["now", "look", "past"]


@require_GET
@requires("access.view_register")
def register(request: HttpRequest) -> HttpResponse:
    context = page_of(request)
    record(request, AccessEvent.Kind.LISTED, context)
    return render(request, "access/register.html", context)


@require_GET
@requires("access.view_register")
def print_register(request: HttpRequest) -> HttpResponse:
    context = page_of(request) | {"printed_at": clock.now()}
    record(request, AccessEvent.Kind.PRINTED, context)
    return render(request, "access/register_print.html", context)


def page_of(request: HttpRequest) -> dict[str, Any]:
    now = clock.now()
    form = AsAtForm(request.GET)
    at = form.moment(now)
    rows = rows_at(at, request.user)
    parts = {
        "now": [row for row in rows if row.roles],
        "look": [row for row in rows if row.needs],
        "past": [row for row in rows if not row.roles],
    }
    view = request.GET.get("view") if request.GET.get("view") in VIEWS else "now"
    return {
        "form": form,
        "at": at,
        "is_past": at < now,
        "as_at": form.data.get("as_at", "") if at < now else "",
        "view": view,
        "rows": parts[view or "now"],
        "counts": {name: len(part) for name, part in parts.items()},
        "owner": next((row.user for row in rows if row.is_owner), None),
        "may_request": request.user.has_perm("access.request_access"),
        "may_export": request.user.has_perm("access.export_register"),
        "may_see_drift": request.user.has_perm("access.view_drift"),
    }


def record(request: HttpRequest, kind: AccessEvent.Kind, context: dict[str, Any]) -> None:
    detail = {"count": len(context["rows"]), "view": context["view"], "as_at": context["as_at"]}
    record_access(kind=kind, object_type="access.register", detail=detail)


@require_http_methods(["GET", "POST"])
@requires("access.export_register")
def export(request: HttpRequest) -> HttpResponse:
    context = page_of(request)
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rows = rows_at(context["at"], request.user)
        detail = {"count": len(rows), "as_at": context["as_at"]}
        record_access(kind=AccessEvent.Kind.EXPORTED, object_type="access.register", detail=detail)
        response = HttpResponse(file_of(rows, context["at"], request.user), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="access-register.csv"'
        return response
    return render(request, "access/register_export.html", context | {"export_form": form})


def file_of(rows: list[Row], at: datetime, by: Any) -> bytes:
    """One line a role; who has none, but did, one line without."""
    writer = csv.writer(Line())
    said = {"day": say_full_day(at), "time": say_time(at), "person": by}
    mark = _("Access register as at %(day)s, %(time)s, by %(person)s. Confidential.") % said
    heads = [
        _("Name"), _("User name"), _("Work e-mail"), _("Team"), _("Account"), _("Role"), _("From"), _("Until"),
        _("Reason"), _("Asked by"), _("Authorised by"), _("Executed by"), _("Privacy training until"),
        _("Last sign-in"), _("Single records"),
    ]  # fmt: skip
    lines = [BOM.encode() + writer.writerow(safe([mark])), writer.writerow(heads)]  # type: ignore[operator, list-item]
    for row in rows:
        lines += [writer.writerow(safe(cells)) for cells in cells_of(row)]  # type: ignore[misc]
    return b"".join(lines)


def cells_of(row: Row) -> list[list[Any]]:
    person = [
        row.user, row.user.username, row.user.email, row.team or "",
        _("Active") if row.is_active else _("Deactivated"),
    ]  # fmt: skip
    rest = [
        row.trained_until.isoformat() if row.trained_until else "",
        say_short_day(row.last_here) if row.last_here else "",
        row.object_grants,
    ]
    roles = [role_cells(line) for line in row.roles] or [[""] * 7]
    return [person + role + rest for role in roles]


def role_cells(line: Any) -> list[Any]:
    asked = line.request
    label = _("%(role)s (suspended)") % {"role": line.label} if line.is_suspended else line.label
    days = [say_short_day(line.starts_at), say_short_day(line.ends_at) if line.ends_at else ""]
    by = (
        [asked.reason, asked.requested_by, asked.authorised_by, asked.executed_by]
        if asked
        else [_("Bootstrap"), *[""] * 3]
    )
    return [label, *days, *by]


@require_GET
@requires("access.view_drift")
def drift(request: HttpRequest) -> HttpResponse:
    """What the last nights found. Names are looked up here; the reports hold keys only."""
    reports = list(DriftReport.objects.order_by("-at", "-pk")[:14])
    keys = {finding["user"] for report in reports for finding in report.findings if finding["user"]}
    users = User.objects.in_bulk(keys)
    nights = [(report, [said(finding, users) for finding in report.findings]) for report in reports]
    record_access(kind=AccessEvent.Kind.LISTED, object_type="access.driftreport", detail={"count": len(reports)})
    return render(request, "access/drift.html", {"nights": nights})


def said(finding: dict[str, Any], users: dict[int, User]) -> tuple[User | None, str, str]:
    meanings = {
        "group": _("was put into a group"),
        "permission": _("was given a permission of their own"),
        "flag": _("has a flag that would open everything elsewhere"),
        "group_permission": _("A group was given permissions"),
        "unknown": _("has an account that nobody entered in the register"),
        "active": _("has an account whose state is not the register's"),
        "team": _("stands in a team that is not the register's"),
        "training": _("has a training date that is not the register's"),
        "role": _("holds a role that is not in the register"),
        "role_missing": _("should hold a role by the register, and does not"),
        "object_grant": _("A record was opened to somebody outside the register"),
        "object_grant_missing": _("Access to a record stands in the register only"),
    }
    return users.get(finding["user"] or 0), meanings.get(finding["code"], finding["code"]), finding["detail"]
