"""The steps of a campaign: a test, the second person's word, pause and end (R-CMP-02, R-CMP-03)."""

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

from i2a import clock
from i2a.permissions import requires
from outreach.campaign_forms import DecisionForm, SwitchCampaignForm
from outreach.campaign_page import told_of
from outreach.campaign_views import loaded, show_campaign, steps_open
from outreach.campaigns import approving, switching
from outreach.campaigns.refusals import MailingRefused, StaleCampaign
from outreach.mailings import testing
from outreach.models import Campaign

SWITCHES: dict[str, Callable[..., Campaign]] = {
    "pause": switching.pause,
    "resume": switching.resume,
    "cancel": switching.cancel,
}
SAID = {
    "pause": gettext_lazy("Paused. Nothing more leaves until somebody resumes it."),
    "resume": gettext_lazy("It goes on."),
    "cancel": gettext_lazy("Cancelled. What has not left never will."),
}


@require_POST
@requires("outreach.draft_campaign")
def campaign_test(request: HttpRequest, uid: UUID) -> HttpResponse:
    """To the person's own work address: a test can reach no client (F74)."""
    campaign = loaded(request, uid)
    person: Any = request.user
    language = request.POST.get("language")
    if language not in {"en", "fr"}:
        raise SuspiciousOperation("A test is in English or in French.")
    try:
        testing.send_test(campaign, language=language, by=person, now=clock.now())
    except MailingRefused as refused:
        return show_campaign(request, campaign, refused=refused)
    messages.success(request, _("The test is on its way to %(address)s.") % {"address": person.email})
    return redirect(campaign)


@require_POST
@requires("outreach.draft_campaign")
def campaign_ask(request: HttpRequest, uid: UUID) -> HttpResponse:
    campaign = loaded(request, uid)
    asked: dict[str, Any] = {"seen_version": version_in(request), "by": request.user, "now": clock.now()}
    try:
        approving.ask_for_approval(campaign=campaign, **asked)
    except StaleCampaign as stale:
        return too_late(request, stale)
    except MailingRefused as refused:
        return show_campaign(request, campaign, refused=refused)
    messages.success(request, _("The list is made. Now a second person decides."))
    return redirect(campaign)


def version_in(request: HttpRequest) -> int:
    seen = request.POST.get("version", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def too_late(request: HttpRequest, stale: StaleCampaign) -> HttpResponse:
    messages.info(request, str(stale))
    return redirect(stale.current)


@require_POST
@requires("outreach.approve_campaign")
def campaign_decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The second person approves the list and the words they were shown, or sends them back."""
    campaign = loaded(request, uid)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        if form.has_error("do"):
            raise SuspiciousOperation("A campaign is approved or sent back, nothing else.")
        return show_campaign(request, campaign, decision=form)
    try:
        decide(campaign, form.cleaned_data, seen_version=version_in(request), by=request.user, now=clock.now())
    except StaleCampaign as stale:
        return too_late(request, stale)
    except MailingRefused as refused:
        return show_campaign(request, campaign, refused=refused)
    is_approved = form.cleaned_data["do"] == "approve"
    messages.success(request, _("Approved. It leaves at its time.") if is_approved else _("Sent back as a draft."))
    return redirect(campaign)


def decide(campaign: Campaign, said: dict[str, Any], **how: Any) -> None:
    if said["do"] == "approve":
        approving.approve(campaign=campaign, seen_sha256=said["list_sha256"], **how)
    else:
        approving.send_back(campaign=campaign, because=said["because"], **how)


@require_http_methods(["GET", "POST"])
@requires("outreach.draft_campaign")
def campaign_switch(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Pause, resume or cancel: what will happen, and the button that does it. `to` says which."""
    campaign = loaded(request, uid)
    to = request.POST.get("to") or request.GET.get("to", "")
    if to not in SWITCHES or not steps_open(request.user, campaign)[f"can_{to}"]:
        messages.info(request, _("Somebody else was faster. Nothing was changed."))
        return redirect(campaign)
    form = SwitchCampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        try:
            SWITCHES[to](campaign=campaign, because=because, by=request.user, now=clock.now())
        except StaleCampaign as stale:
            return too_late(request, stale)
        messages.success(request, str(SAID[to]))
        return redirect(campaign)
    return render(request, "outreach/campaign_switch.html", {**told_of(campaign), "form": form, "to": to})
