"""The access register: everybody, one person, a file, a print, what the nightly check found; and taking access away."""

import csv
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access import words
from access.forms.register import AsAtForm, EndForm, ExportForm
from access.leaving import StillNeeded
from access.models import AccessGrant, AccessRequest, DriftReport, RegisterEvent, User
from access.register import register_at
from access.register_page import Row, is_near, object_grants_at, row_of, rows_at
from access.services import grants, people
from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock
from i2a.permissions import SIGNED_IN, OutOfReach, requires
from i2a.spreadsheets import BOM, Line, safe
from i2a.wall_time import say_full_day, say_short_day, say_time

READING = "view_contact"
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
@requires(SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    return show_person(request, request.user)  # type: ignore[arg-type]


@require_GET
@requires("access.view_register")
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    return show_person(request, person_in_reach(request, uid))


def person_in_reach(request: HttpRequest, uid: UUID) -> User:
    """:raises OutOfReach: somebody of another team, for who leads one."""
    user = get_object_or_404(User.objects.select_related("team"), uid=uid)
    if not request.user.has_perm("access.view_whole_register"):
        standing = register_at(clock.now()).get(user.pk)
        if standing is None or not is_near(standing, request.user):  # type: ignore[arg-type]
            raise OutOfReach
    return user


def show_person(request: HttpRequest, user: User, *, form: EndForm | None = None) -> HttpResponse:
    now = clock.now()
    at = AsAtForm(request.GET).moment(now)
    row = row_of(user, at)
    if row is None:
        raise Http404
    may, may_not = words.may_and_may_not(words.of_roles(row.codes))
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="access.user", object_uid=user.uid)
    may_end = request.user.has_perm("access.end_access") and at == now and user != request.user
    context = {
        "row": row,
        "person": user,
        "at": at,
        "is_past": at < now,
        "is_self": user == request.user,
        "may": may,
        "may_not": may_not,
        "grants": user.grants.open().order_by("starts_at", "pk") if may_end else [],
        "may_deactivate": at == now and user.is_active and request.user.has_perm("access.execute_access"),
        "form": form or EndForm(),
        "requests": AccessRequest.objects.filter(user=user).order_by("-requested_at", "-pk")[:20],
        "object_grants": object_grants_at(at).filter(user=user, permission=READING).order_by("-starts_at", "-pk"),
        "shows_reasons": request.user.has_perm("contacts.view_contact"),  # free text may name a caller (N17)
        "steps": RegisterEvent.objects.filter(user=user, at__lte=at).select_related("by").order_by("-at", "-pk")[:30],
        "may_request": request.user.has_perm("access.request_access"),
    }
    return render(request, "access/person.html", context)


@require_POST
@requires("access.end_access")
def end_grant(request: HttpRequest, uid: UUID) -> HttpResponse:
    grant = get_object_or_404(AccessGrant.objects.select_related("user"), uid=uid)
    form = EndForm(request.POST)
    if not form.is_valid():
        return show_person(request, grant.user, form=form)
    try:
        grants.end_grant(grant=grant, reason=form.cleaned_data["reason"], by=request.user, now=clock.now())  # type: ignore[arg-type]
    except grants.OwnerNeeded:
        form.add_error(None, _("The system owner's access ends by handing the ownership over."))
        return show_person(request, grant.user, form=form)
    said = {"role": grant.get_role_display(), "person": grant.user}
    messages.success(request, _("%(person)s is no longer %(role)s, and is signed out everywhere.") % said)
    return redirect(grant.user)


@require_POST
@requires("access.execute_access")
def deactivate(request: HttpRequest, uid: UUID) -> HttpResponse:
    user = get_object_or_404(User, uid=uid)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            people.deactivate(user=user, reason=form.cleaned_data["reason"], by=request.user, now=clock.now())  # type: ignore[arg-type]
        except StillNeeded as left:
            for sentence in left.reasons:
                form.add_error(None, sentence)
        except people.Oneself:
            form.add_error(None, _("You cannot deactivate your own account."))
        except grants.OwnerNeeded:
            form.add_error(None, _("The system owner's access ends by handing the ownership over."))
        else:
            messages.success(request, _("The account of %(person)s is deactivated.") % {"person": user})
            return redirect(user)
    return show_person(request, user, form=form)


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
