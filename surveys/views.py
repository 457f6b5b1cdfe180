"""Surveys: find them, open one at its questions (R-SRV-03)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from audit.models import AccessEvent
from audit.services import record_access
from i2a.keyset import Order, page_of, token_of
from i2a.permissions import get_permitted, may, requires
from outreach.views import address_with, key_from
from surveys.editing.checks import missing
from surveys.forms import SHOWN, SurveyFilterForm
from surveys.history import history_of
from surveys.models import Survey
from surveys.models.questions import MOST_QUESTIONS
from surveys.page import TONES, told_of

ROWS_PER_PAGE = 25
REMOVED = "survey_question_removed"  # in the session: the question that its person may put back
NEWEST_FIRST = Order("created_at", descending=True)


@require_GET
@vary_on_headers("HX-Request")
@requires("surveys.view_survey")
def survey_list(request: HttpRequest) -> HttpResponse:
    form = SurveyFilterForm(request.GET)
    form.is_valid()
    show = form.cleaned_data.get("show", "going")
    surveys = form.narrow(Survey.objects.visible_to(request.user)).select_related("created_by")
    page = page_of(surveys, NEWEST_FIRST, ROWS_PER_PAGE, after=key_from(request.GET.get("older", "")))
    record_access(kind=AccessEvent.Kind.LISTED, object_type="surveys.survey", detail={"count": len(page.rows)})
    last = page.rows[-1] if page.has_next else None
    return render(
        request,
        "surveys/_table.html" if request.htmx else "surveys/list.html",  # type: ignore[attr-defined]
        {
            "rows": [{"survey": survey, "tone": TONES.get(survey.state, "line")} for survey in page.rows],
            "form": form,
            "show": show,
            "shows": [(address_with(request, show=name), label, name == show) for name, label in SHOWN.items()],
            "older_url": address_with(request, older=token_of(last.created_at.isoformat(), last.pk)) if last else "",
            "is_filtered": bool(form.cleaned_data.get("q")),
            "can_draft": may(request.user, "surveys.draft_survey"),
        },
    )


@require_GET
@requires("surveys.view_survey")
def survey_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    return show_survey(request, loaded(request, uid))


def show_survey(request: HttpRequest, survey: Survey, **more: Any) -> HttpResponse:
    """Its questions. `more`: the form of the one that is being edited, or what was refused."""
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="surveys.survey", object_uid=survey.uid)
    told = told_of(survey, request.user)
    context = {
        **told,
        "questions": survey.questions.prefetch_related("choices"),
        "missing": missing(survey) if told["is_changeable"] else [],
        "removed": removed_from(request, survey) if told["can_change"] else None,
        "has_room": told["question_count"] < MOST_QUESTIONS,
        "history": history_of(survey),
        **more,
    }
    return render(request, "surveys/survey.html", context)


def removed_from(request: HttpRequest, survey: Survey) -> dict[str, Any] | None:
    """The question of it that this person removed last, while nothing else was changed since."""
    removed = request.session.get(REMOVED, {})
    return removed["question"] if removed.get("survey") == str(survey.uid) else None


def loaded(request: HttpRequest, uid: UUID) -> Survey:
    related = Survey.objects.select_related("created_by", "changed_by", "asked_by", "approved_by", "previous")
    survey: Survey = get_permitted(related, request.user, "surveys.view_survey", uid=uid)
    return survey
