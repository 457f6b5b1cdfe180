"""Writing a campaign: from an event to a draft, and every change of it (R-CMP-02)."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from audit.conflict_page import on_top, show_conflict
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import requires
from outreach.campaign_forms import AudienceForm, CampaignForm, differences
from outreach.campaign_page import audience_told, told_of
from outreach.campaign_views import loaded
from outreach.campaigns import drafting
from outreach.campaigns.refusals import StaleCampaign
from outreach.models import Campaign, Event
from outreach.views import told


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@requires("outreach.draft_campaign")
def campaign_new(request: HttpRequest) -> HttpResponse:
    """For one event, which the address names; without it, first choose one."""
    event = event_named(request, request.GET.get("event", ""))
    if event is None:
        return choose_event(request)
    campaign = Campaign(event=event, countries=event.countries)
    if request.htmx:  # type: ignore[attr-defined]
        return recount(request, campaign)
    audience, form = forms_of(request, campaign, form_uuid=uuid.uuid4())
    if are_valid(audience, form):
        form_uuid = form.cleaned_data.get("form_uuid") or uuid.uuid4()
        added: dict[str, Any] = {"campaign": campaign, "form_uuid": form_uuid, "by": request.user, "now": clock.now()}
        kept = saved(form, lambda: drafting.start_campaign(**added))
        if kept:
            messages.success(request, _("Draft saved. Nobody is written to."))
            return redirect(kept)
    return show_form(request, "outreach/campaign_new.html", audience, form)


def event_named(request: HttpRequest, uid: str) -> Event | None:
    """None for one that is over, and for nothing that has a name."""
    upcoming = Event.objects.visible_to(request.user).upcoming(clock.now())
    try:
        return upcoming.filter(uid=uid).first() if uid else None
    except ValidationError:
        return None


def choose_event(request: HttpRequest) -> HttpResponse:
    upcoming = Event.objects.visible_to(request.user).upcoming(clock.now())
    return render(request, "outreach/campaign_choose.html", {"rows": [told(event) for event in upcoming]})


def forms_of(request: HttpRequest, campaign: Campaign, **initial: Any) -> tuple[AudienceForm, CampaignForm]:
    """Who only wants to know how many get it has not finished writing: nothing else is judged yet."""
    audience = AudienceForm(request.POST or None, campaign=campaign)
    if "count" in request.POST:
        return audience, CampaignForm(instance=campaign, initial=request.POST.dict())
    return audience, CampaignForm(request.POST or None, instance=campaign, initial=initial)


def are_valid(*forms: BaseForm) -> bool:
    """Each is asked, so that each says what is wrong."""
    answers = [form.is_valid() for form in forms]
    return all(answers)


def recount(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """How many would get it with what is chosen now: the page asks when somebody changes a choice."""
    AudienceForm(request.GET, campaign=campaign).is_valid()
    return render(request, "outreach/_audience.html", audience_told(campaign))


def show_form(request: HttpRequest, template: str, choices: AudienceForm, form: CampaignForm) -> HttpResponse:
    choices.is_valid()
    campaign: Campaign = form.instance
    context = {**told_of(campaign), **audience_told(campaign), "here": request.get_full_path()}
    return render(request, template, {**context, "form": form, "choices": choices})


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@requires("outreach.draft_campaign")
def campaign_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A change of one that waits for approval, or is approved, makes it a draft again."""
    campaign = loaded(request, uid)
    if campaign.state not in drafting.CHANGEABLE:
        messages.info(request, _("It has begun to leave and is not changed any more."))
        return redirect(campaign)
    if request.htmx:  # type: ignore[attr-defined]
        return recount(request, campaign)
    audience, form = forms_of(request, campaign)
    if are_valid(audience, form):
        change: dict[str, Any] = {
            "campaign": campaign,
            "seen_version": form.seen_version,
            "by": request.user,
            "now": clock.now(),
        }
        try:
            kept = saved(form, lambda: drafting.change_campaign(**change))
        except StaleCampaign as stale:
            return show_both(request, audience, form, stale.current)
        if kept:
            messages.success(request, _("Draft saved. Nobody is written to."))
            return redirect(campaign)
    return show_form(request, "outreach/campaign_edit.html", audience, form)


def show_both(request: HttpRequest, choices: AudienceForm, form: CampaignForm, current: Campaign) -> HttpResponse:
    return show_conflict(
        request,
        "outreach/campaign_conflict.html",
        current=current,
        conflicts=differences(form.instance, current),
        form=CampaignForm(on_top(request, current), instance=form.instance),
        back_url=current.get_absolute_url(),
        is_final=current.state not in drafting.CHANGEABLE,
        choices=choices,
        **told_of(form.instance),
    )
