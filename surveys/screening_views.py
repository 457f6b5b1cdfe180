"""Comments, one at a time, before they are shown in the results (R-SRV-04)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.models import AccessEvent
from audit.services import record_access
from i2a.permissions import requires
from surveys.models import Answer, Survey
from surveys.page import told_of
from surveys.results.comments import (
    AlreadyScreened,
    ScreenForm,
    comments_of,
    said_after,
    screen,
    waiting,
    warnings_about,
)
from surveys.views import loaded


@require_http_methods(["GET", "POST"])
@requires("surveys.screen_comment")
def screening(request: HttpRequest, uid: UUID) -> HttpResponse:
    survey = loaded(request, uid)
    if request.method == "GET":
        answer = next_one(survey, key_from(request.GET.get("after", "")))
        return show(request, survey, answer, ScreenForm.for_comment(answer) if answer else None)
    answer = get_object_or_404(comments_of(survey), pk=key_from(request.POST.get("comment", "")))
    if "keep_back" in request.POST:
        return decided(request, survey, answer, "")
    form = ScreenForm(request.POST)
    if not form.is_valid():
        return show(request, survey, answer, form)
    return decided(request, survey, answer, form.cleaned_data["words"])


def next_one(survey: Survey, left: UUID | None) -> Answer | None:
    """The one that waits after the one that was `left` for later; after the last one the first one again."""
    answers = waiting(survey)
    return (answers.filter(pk__gt=left).first() if left else None) or answers.first()


def decided(request: HttpRequest, survey: Survey, answer: Answer, words: str) -> HttpResponse:
    try:
        messages.success(request, said_after(screen(answer=answer, words=words, by=request.user)))  # type: ignore[arg-type]
    except AlreadyScreened:
        messages.info(request, _("A colleague has decided about that comment already."))
    return redirect("surveys:screening", survey.uid)


def show(request: HttpRequest, survey: Survey, answer: Answer | None, form: ScreenForm | None) -> HttpResponse:
    count = waiting(survey).count()
    kind = AccessEvent.Kind.VIEWED
    record_access(kind=kind, object_type="surveys.answer", object_uid=survey.uid, detail={"waiting": count})
    context = {
        "answer": answer,
        "form": form,
        "waiting": count,
        "warnings": warnings_about(answer) if answer else [],
    }
    return render(request, "surveys/screening.html", {**told_of(survey, request.user), **context})


def key_from(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
