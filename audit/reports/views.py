"""The audit in the browser: questions, list, one entry opened, paper (R-AUD-02). Reading it is an entry too."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from audit.models import AccessEvent, SavedReport
from audit.reports.asked import A_YEAR, AskForm
from audit.reports.figures import figures_of
from audit.reports.merged import COUNT_UP_TO, Page, page_of, place_of
from audit.reports.rows import Row, opened, rows_of
from audit.reports.seen_most import seen_most
from audit.reports.topics import ACCESS_CHANGES, WHOLE, topics_for
from audit.review.waiting import to_review
from audit.sealing import status
from audit.services import record_access
from i2a import clock
from i2a.permissions import requires

REPORT = "audit.report"


@require_GET
@requires(ACCESS_CHANGES)
def start(request: HttpRequest) -> HttpResponse:
    """The questions, each with what the last two weeks were like. Who may ask one only is led there."""
    if not request.user.has_perm(WHOLE):
        return redirect("audit:entries")
    today = clock.today()
    topics = topics_for(request.user)
    figures = figures_of(topics, today)
    context = {
        "form": form_of(request),
        "year_ago": today - A_YEAR,
        "today": today,
        "opened": figures["viewed"],
        "refused": figures["refused"],
        "seal": status(),
        "viewers": seen_most(today),
        "topics": [(topic, f"{reverse('audit:entries')}?did={topic.code}", figures[topic.code]) for topic in topics],
        "review": to_review(request.user),
        "reports": SavedReport.objects.visible_to(request.user).order_by("name", "pk"),
    }
    return render(request, "audit/start.html", context)


@require_GET
@vary_on_headers("HX-Request")
@requires(ACCESS_CHANGES)
def entries(request: HttpRequest) -> HttpResponse:
    form = form_of(request)
    page = page_of(form.asked, after=place_of(request.GET.get("after", "")))
    rows = rows_of(page.places, request.user)
    record_reading(AccessEvent.Kind.REPORT_VIEWED, form, len(rows))
    place = place_of(request.GET.get("open", ""))
    context = {
        **parts_of(form, page, rows),
        "opened": opened(place, form.asked) if place and any(row.place == place for row in rows) else None,
        "older_url": address(form, after=page.places[-1].token) if page.has_more else "",
        "newest_url": address(form) if request.GET.get("after") else "",
        "sees_all": request.user.has_perm(WHOLE),
        "here": address(form, after=request.GET.get("after", "")),
    }
    template = "audit/_rows.html" if request.htmx else "audit/entries.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_GET
@requires(ACCESS_CHANGES)
def print_entries(request: HttpRequest) -> HttpResponse:
    """The page that was on the screen, on paper."""
    form = form_of(request)
    page = page_of(form.asked, after=place_of(request.GET.get("after", "")))
    rows = rows_of(page.places, request.user)
    record_reading(AccessEvent.Kind.PRINTED, form, len(rows))
    back = f"{reverse('audit:entries')}{address(form)}"
    return render(request, "audit/print.html", {**parts_of(form, page, rows), "printed_at": clock.now(), "back": back})


def form_of(request: HttpRequest) -> AskForm:
    return AskForm(request.GET, user=request.user, today=clock.today())


def parts_of(form: AskForm, page: Page, rows: list[Row]) -> dict[str, Any]:
    return {
        "form": form,
        "rows": rows,
        "count": min(page.count, COUNT_UP_TO),
        "is_capped": page.is_capped,
        "active_filters": form.active(),
        "query": form.query(),
    }


def address(form: AskForm, **place: str) -> str:
    """Relative to the list."""
    parts = [form.query(), *(f"{name}={token}" for name, token in place.items() if token)]
    return "?" + "&".join(part for part in parts if part)


def record_reading(kind: AccessEvent.Kind, form: AskForm, count: int, **more: Any) -> None:
    """`criteria` are codes and references."""
    target = form.asked.target
    detail = {"criteria": form.query(), "count": count, **more}
    record_access(kind=kind, object_type=REPORT, object_uid=target.uid if target else None, detail=detail)
