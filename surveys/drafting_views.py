"""Starting a survey, and its words apart from the questions (R-SRV-03)."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.conflict_page import on_top, show_conflict
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import requires
from surveys.editing import drafting, versions
from surveys.editing.refusals import HasNewerVersion, StaleSurvey
from surveys.forms import WordsForm
from surveys.models import Survey
from surveys.page import told_of
from surveys.views import loaded


@require_http_methods(["GET", "POST"])
@requires("surveys.draft_survey")
def survey_new(request: HttpRequest) -> HttpResponse:
    form = WordsForm(request.POST or None, instance=Survey(), initial={"form_uuid": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        form_uuid = form.cleaned_data.get("form_uuid") or uuid.uuid4()
        added: dict[str, Any] = {"survey": form.instance, "form_uuid": form_uuid, "by": request.user}
        kept = saved(form, lambda: drafting.start_survey(**added, now=clock.now()))
        if kept:
            messages.success(request, _("Draft saved. Now add the questions."))
            return redirect(kept)
    return render(request, "surveys/new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires("surveys.draft_survey")
def survey_words(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Title, name and introduction. A change of one that waits for approval, or is approved, makes it a draft again."""
    survey = loaded(request, uid)
    if survey.state not in drafting.CHANGEABLE and request.method == "GET":
        return redirect(survey)  # where it says that it is published
    form = WordsForm(request.POST or None, instance=survey)
    if request.method == "POST" and form.is_valid():
        change: dict[str, Any] = {"survey": survey, "seen_version": form.seen_version, "by": request.user}
        try:
            kept = saved(form, lambda: drafting.change_survey(**change, now=clock.now()))
        except StaleSurvey:
            return show_both(request, form, loaded(request, uid))
        if kept:
            messages.success(request, _("Saved."))
            return redirect(survey)
    return render(request, "surveys/words.html", {**told_of(survey, request.user), "form": form})


def show_both(request: HttpRequest, form: WordsForm, current: Survey) -> HttpResponse:
    return show_conflict(
        request,
        "surveys/words_conflict.html",
        current=current,
        conflicts=form.differences(current),
        form=WordsForm(on_top(request, current), instance=form.instance),
        back_url=current.get_absolute_url(),
        is_final=current.state not in drafting.CHANGEABLE,
    )


@require_POST
@requires("surveys.draft_survey")
def survey_new_version(request: HttpRequest, uid: UUID) -> HttpResponse:
    survey = loaded(request, uid)
    person: Any = request.user
    try:
        draft = versions.new_version(survey=survey, by=person, now=clock.now())
    except HasNewerVersion as refused:
        messages.info(request, str(refused))
        return redirect(refused.newer)
    except StaleSurvey as stale:
        messages.info(request, str(stale))
        return redirect(survey)
    messages.success(request, _("This is the new version, with the same questions. The one before stays as it is."))
    return redirect(draft)
