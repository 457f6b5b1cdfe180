"""The results of a survey: to read, to print, to take away (R-SRV-04)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock
from i2a.permissions import may, requires
from surveys.page import told_of
from surveys.results.comments import comments_of, released, waiting
from surveys.results.files import XLSX, csv_of, xlsx_of
from surveys.results.page import Results, figures_of, read_results, tiles_of
from surveys.results.small_cells import FEWEST
from surveys.views import loaded

KINDS = {"print": AccessEvent.Kind.PRINTED, "csv": AccessEvent.Kind.EXPORTED, "xlsx": AccessEvent.Kind.EXPORTED}
FIRST_COMMENTS = 6


@require_GET
@requires("surveys.view_results")
def results(request: HttpRequest, uid: UUID) -> HttpResponse:
    survey = loaded(request, uid)
    form = request.GET.get("as", "")
    narrowed = {name: value for name in ("channel", "topic") if (value := request.GET.get(name, "")[:20])}
    found = read_results(survey, **narrowed)
    kind = KINDS.get(form, AccessEvent.Kind.VIEWED)
    detail = {"as": form if form in KINDS else "page", "narrowed_by": sorted(narrowed)}
    record_access(kind=kind, object_type="surveys.survey", object_uid=survey.uid, detail=detail)
    if form == "csv":
        return a_file(csv_of(found, request.user), "text/csv; charset=utf-8", f"{survey.ref}.csv")
    if form == "xlsx":
        return a_file(xlsx_of(found, request.user), XLSX, f"{survey.ref}.xlsx")
    template = "surveys/results_print.html" if form == "print" else "surveys/results.html"
    return render(request, template, {**told_of(survey, request.user), **shown(request, found, narrowed)})


def shown(request: HttpRequest, found: Results, narrowed: dict[str, str]) -> dict[str, Any]:
    here = reverse("surveys:results", args=[found.survey.uid])
    is_whole = found.is_counted and found.is_enough and not found.chosen
    comments = released(found.survey) if is_whole else []
    return {
        "results": found,
        "tiles": tiles_of(found),
        "figures": figures_of(found),
        "axes": [(axes, links_of(axes, here, narrowed)) for axes in found.axes],
        "here": here,
        "as_urls": {form: f"{here}?{urlencode({**narrowed, 'as': form})}" for form in KINDS},
        "comments": comments[:FIRST_COMMENTS],
        "more_comments": comments[FIRST_COMMENTS:],
        "comment_count": len(comments) if len(comments) >= FEWEST else 0,
        "has_comments": bool(comments) or (is_whole and comments_of(found.survey).exists()),
        "waiting": waiting(found.survey).count() if is_whole and may(request.user, "surveys.screen_comment") else 0,
        "printed_at": clock.now(),
    }


def links_of(axes: Any, here: str, narrowed: dict[str, str]) -> list[tuple[str, str, str, bool]]:
    """Address, name, how many, and whether it is the one that is shown."""
    chosen = narrowed.get(axes.name)
    return [
        (f"{here}?{urlencode({axes.name: part.key})}", part.name, part.said, str(part.key) == chosen)
        for part in axes.shown
    ]


def a_file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
