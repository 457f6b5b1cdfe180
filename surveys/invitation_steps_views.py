"""The steps of a survey's invitations: its words and people, a test, the second person's word, pause and end."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from audit.conflict_page import on_top, show_conflict
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import requires
from outreach.campaign_deciding_views import version_in
from outreach.campaign_drafting_views import are_valid
from outreach.campaign_forms import DecisionForm, SwitchCampaignForm
from outreach.mailings import testing
from outreach.mailings.refusals import MailingRefused
from surveys.editing.drafting import CHANGEABLE, change_survey
from surveys.editing.refusals import StaleSurvey
from surveys.invitation_forms import InvitationForm, WhoForm, differences
from surveys.invitation_page import audience_told, steps_open, told
from surveys.invitation_views import show_invitations
from surveys.inviting import approving, switching
from surveys.models import Survey
from surveys.views import loaded

SWITCHES: dict[str, Callable[..., Survey]] = {
    "pause": switching.pause,
    "resume": switching.resume,
    "close": switching.close,
    "cancel": switching.cancel,
}
SAID = {
    "pause": gettext_lazy("Paused. Nothing more leaves until somebody resumes it."),
    "resume": gettext_lazy("It goes on."),
    "close": gettext_lazy("Closed. No more answers are taken."),
    "cancel": gettext_lazy("Cancelled. What has not left never will."),
}


def back(survey: Survey) -> HttpResponse:
    return redirect("surveys:invitations", survey.uid)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@requires("surveys.draft_survey")
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A change of one that waits for approval, or is approved, makes it a draft again."""
    survey = loaded(request, uid)
    if survey.state not in CHANGEABLE and request.method == "GET":
        return back(survey)  # where it says that it is published
    if request.htmx:  # type: ignore[attr-defined]
        WhoForm(request.GET, survey=survey).is_valid()
        return render(request, "outreach/_audience.html", audience_told(survey))
    who, form = forms_of(request, survey)
    if are_valid(who, form):
        change: dict[str, Any] = {"survey": survey, "seen_version": form.seen_version, "by": request.user}
        try:
            kept = saved(form, lambda: change_survey(**change, now=clock.now()))
        except StaleSurvey:
            return show_both(request, who, form, loaded(request, uid))
        if kept:
            messages.success(request, _("Draft saved. Nobody is written to."))
            return back(survey)
    context = {**told(survey, request.user), **audience_told(survey), "here": request.get_full_path()}
    return render(request, "surveys/invitations_edit.html", {**context, "form": form, "who": who})


def forms_of(request: HttpRequest, survey: Survey) -> tuple[WhoForm, InvitationForm]:
    """Who only wants to know how many are invited has not finished writing: nothing else is judged yet."""
    who = WhoForm(request.POST or None, survey=survey)
    if "count" in request.POST:
        who.is_valid()
        return who, InvitationForm(instance=survey, initial=request.POST.dict())
    return who, InvitationForm(request.POST or None, instance=survey)


def show_both(request: HttpRequest, who: WhoForm, form: InvitationForm, current: Survey) -> HttpResponse:
    return show_conflict(
        request,
        "surveys/invitations_conflict.html",
        current=current,
        conflicts=differences(form.instance, current),
        form=InvitationForm(on_top(request, current), instance=form.instance),
        back_url=back(current)["Location"],
        is_final=current.state not in CHANGEABLE,
        who=who,
        **told(form.instance, request.user),
    )


@require_POST
@requires("surveys.draft_survey")
def test(request: HttpRequest, uid: UUID) -> HttpResponse:
    """To the person's own work address: a test can reach no client (F74)."""
    survey = loaded(request, uid)
    person: Any = request.user
    language = request.POST.get("language")
    if language not in {"en", "fr"}:
        raise SuspiciousOperation("A test is in English or in French.")
    try:
        testing.send_test(survey, language=language, by=person, now=clock.now())
    except MailingRefused as refused:
        return show_invitations(request, survey, refused=refused)
    messages.success(request, _("The test is on its way to %(address)s.") % {"address": person.email})
    return back(survey)


@require_POST
@requires("surveys.draft_survey")
def ask(request: HttpRequest, uid: UUID) -> HttpResponse:
    survey = loaded(request, uid)
    asked: dict[str, Any] = {"seen_version": version_in(request), "by": request.user, "now": clock.now()}
    try:
        approving.ask_for_approval(survey=survey, **asked)
    except StaleSurvey as stale:
        return too_late(request, survey, stale)
    except MailingRefused as refused:
        return show_invitations(request, survey, refused=refused)
    messages.success(request, _("The list is made. Now a second person decides."))
    return back(survey)


def too_late(request: HttpRequest, survey: Survey, stale: StaleSurvey) -> HttpResponse:
    messages.info(request, str(stale))
    return back(survey)


@require_POST
@requires("surveys.approve_survey")
def decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The second person approves the list, the words and the questions, or sends them back."""
    survey = loaded(request, uid)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        if form.has_error("do"):
            raise SuspiciousOperation("A survey is approved or sent back, nothing else.")
        return show_invitations(request, survey, decision=form)
    is_approved = form.cleaned_data["do"] == "approve"
    how: dict[str, Any] = {"seen_version": version_in(request), "by": request.user, "now": clock.now()}
    try:
        if is_approved:
            approving.approve(survey=survey, seen_sha256=form.cleaned_data["list_sha256"], **how)
        else:
            approving.send_back(survey=survey, because=form.cleaned_data["because"], **how)
    except StaleSurvey as stale:
        return too_late(request, survey, stale)
    except MailingRefused as refused:
        return show_invitations(request, survey, refused=refused)
    messages.success(request, _("Approved. It leaves at its time.") if is_approved else _("Sent back as a draft."))
    return back(survey)


@require_http_methods(["GET", "POST"])
@requires("surveys.draft_survey")
def switch(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Pause, resume, close or cancel: what will happen, and the button that does it. `to` says which."""
    survey = loaded(request, uid)
    to = request.POST.get("to") or request.GET.get("to", "")
    if to not in SWITCHES or not steps_open(request.user, survey)[f"can_{to}"]:
        messages.info(request, str(StaleSurvey.message))
        return back(survey)
    form = SwitchCampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        try:
            SWITCHES[to](survey=survey, because=because, by=request.user, now=clock.now())
        except StaleSurvey as stale:
            return too_late(request, survey, stale)
        messages.success(request, str(SAID[to]))
        return back(survey)
    return render(request, "surveys/invitations_switch.html", {**told(survey, request.user), "form": form, "to": to})
