"""The questions of a draft, on the page of the survey: write, change, move, remove, put back (R-SRV-03)."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.conflict_page import on_top, show_conflict
from i2a import clock
from i2a.permissions import requires
from surveys.editing import questions
from surveys.editing.drafting import CHANGEABLE
from surveys.editing.refusals import Published, StaleSurvey, SurveyRefused, TooManyQuestions
from surveys.models import Question, Survey
from surveys.models.questions import MOST_QUESTIONS
from surveys.question_forms import QuestionForm
from surveys.views import REMOVED, loaded, show_survey

MOVES = {"up": True, "down": False}


@require_http_methods(["GET", "POST"])
@requires("surveys.draft_survey")
def question_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    survey = loaded(request, uid)
    if request.method == "GET" and survey.state not in CHANGEABLE:
        return redirect(survey)
    if request.method == "GET" and survey.questions.count() >= MOST_QUESTIONS:
        return refused(request, survey, TooManyQuestions())
    form = QuestionForm(request.POST or None, instance=Question(survey=survey))
    if request.method == "POST" and form.is_valid():
        question = form.instance
        question.uid = form.cleaned_data["uid"] or uuid.uuid4()
        try:
            added = questions.add_question(survey=survey, question=question, choices=form.choices, **said_by(request))
        except (TooManyQuestions, Published) as error:
            form.add_error(None, str(error))
        else:
            return saved_at(request, survey, added)
    return show_survey(request, survey, form=form, is_new=True)


@require_http_methods(["GET", "POST"])
@requires("surveys.draft_survey")
def question_edit(request: HttpRequest, uid: UUID, question_uid: UUID) -> HttpResponse:
    survey = loaded(request, uid)
    question = question_of(survey, question_uid)
    if question is None:
        messages.info(request, _("Somebody removed this question."))
        return redirect(survey)
    if request.method == "GET" and survey.state not in CHANGEABLE:
        return redirect(survey)
    form = QuestionForm(request.POST or None, instance=question)
    if request.method == "POST" and form.is_valid():
        change: dict[str, Any] = {"question": question, "seen_version": form.seen_version, "choices": form.choices}
        try:
            questions.change_question(**change, **said_by(request))
        except StaleSurvey:
            return show_both(request, form, loaded(request, uid))
        except Published as error:
            form.add_error(None, str(error))
        else:
            return saved_at(request, survey, question)
    return show_survey(request, survey, form=form, edited=question.uid)


def said_by(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "now": clock.now()}


def question_of(survey: Survey, uid: UUID | str) -> Question | None:
    return survey.questions.filter(uid=uid).first()


def refused(request: HttpRequest, survey: Survey, error: SurveyRefused) -> HttpResponse:
    messages.info(request, str(error))
    return redirect(survey)


def saved_at(request: HttpRequest, survey: Survey, question: Question) -> HttpResponse:
    request.session.pop(REMOVED, None)
    messages.success(request, _("Question saved."))
    return redirect(f"{survey.get_absolute_url()}#q-{question.uid}")


def show_both(request: HttpRequest, form: QuestionForm, survey: Survey) -> HttpResponse:
    """Somebody changed the question meanwhile, or removed it."""
    current = question_of(survey, form.instance.uid)
    if current is None:
        messages.info(request, _("Somebody removed this question."))
        return redirect(survey)
    return show_conflict(
        request,
        "surveys/question_conflict.html",
        current=current,
        conflicts=form.differences(current),
        form=QuestionForm(on_top(request, current), instance=form.instance),
        back_url=survey.get_absolute_url(),
    )


@require_POST
@requires("surveys.draft_survey")
def question_arrange(request: HttpRequest, uid: UUID) -> HttpResponse:
    """`do`: up, down or remove the question named, or put back the one removed last."""
    survey = loaded(request, uid)
    do = request.POST.get("do")
    try:
        says = put_back(request, survey) if do == "restore" else arrange(request, survey, do)
    except Published:
        return redirect(survey)
    except SurveyRefused as error:
        return refused(request, survey, error)
    if request.htmx:  # type: ignore[attr-defined]
        response = show_survey(request, loaded(request, uid), says=says, was_restored=do == "restore")
        response["HX-Push-Url"] = survey.get_absolute_url()
        return response
    return redirect(f"{survey.get_absolute_url()}#questions")


def arrange(request: HttpRequest, survey: Survey, do: str | None) -> str:
    question = question_of(survey, uid_in(request))
    if question is None:
        return _("Somebody removed this question.")
    request.session.pop(REMOVED, None)
    if do == "remove":
        removed = questions.remove_question(question=question, **said_by(request))
        request.session[REMOVED] = {"survey": str(survey.uid), "question": removed}
        return _("Question removed.")
    if do not in MOVES:
        raise SuspiciousOperation("A question goes up, down or away.")
    questions.move_question(question=question, up=MOVES[do], **said_by(request))
    question.refresh_from_db(fields=["position"])
    return _("Now it is question %(number)d.") % {"number": question.position}


def uid_in(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("question", ""))
    except ValueError:
        raise Http404 from None


def put_back(request: HttpRequest, survey: Survey) -> str:
    """Only where this person removed one."""
    removed = request.session.get(REMOVED, {})
    if removed.get("survey") != str(survey.uid):
        return _("There is nothing to put back.")
    questions.restore_question(survey=survey, removed=removed["question"], **said_by(request))
    del request.session[REMOVED]
    return _("The question is back.")
