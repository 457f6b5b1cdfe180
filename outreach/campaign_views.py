"""Campaigns: find them, read one, watch it leave (R-CMP-02, R-CMP-03)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from access.middleware import STOP_ASKING
from audit.models import AccessEvent
from audit.services import record_access
from contacts.choices import Language
from i2a.keyset import Order, Page, page_of, token_of
from i2a.permissions import asked_by_the_page, get_permitted, may, requires
from i2a.wall_time import unbroken
from outreach.campaign_forms import SHOWN, CampaignFilterForm, DecisionForm, say_moment
from outreach.campaign_page import TONES, audience_told, list_told, progress_told, told_of
from outreach.campaign_preview import preview_for
from outreach.campaigns.drafting import CHANGEABLE
from outreach.models import Campaign
from outreach.views import address_with, key_from

ROWS_PER_PAGE = 25
NEWEST_FIRST = Order("created_at", descending=True)
State = Campaign.State
STATES = {
    "open": [State.DRAFT, State.ASKED, State.APPROVED, State.SENDING, State.PAUSED],
    "approval": [State.ASKED],
    "ended": [State.DONE, State.CANCELLED],
}


@require_GET
@vary_on_headers("HX-Request")
@requires("outreach.view_campaign")
def campaign_list(request: HttpRequest) -> HttpResponse:
    form = CampaignFilterForm(request.GET)
    form.is_valid()
    show = form.cleaned_data.get("show", "open")
    page = campaigns_of(request, form, show)
    record_access(kind=AccessEvent.Kind.LISTED, object_type="outreach.campaign", detail={"count": len(page.rows)})
    last = page.rows[-1] if page.has_next else None
    return render(
        request,
        "outreach/_campaign_table.html" if request.htmx else "outreach/campaign_list.html",  # type: ignore[attr-defined]
        {
            "rows": [
                {"campaign": row, "tone": TONES.get(row.state, "line"), "moment": unbroken(say_moment(row))}
                for row in page.rows
            ],
            "form": form,
            "show": show,
            "shows": [(address_with(request, show=name), label, name == show) for name, label in SHOWN.items()],
            "older_url": address_with(request, older=token_of(last.created_at.isoformat(), last.pk)) if last else "",
            "is_filtered": any(form.cleaned_data.get(name) for name in ["q", "kind"]),
            "can_draft": may(request.user, "outreach.draft_campaign"),
        },
    )


def campaigns_of(request: HttpRequest, form: CampaignFilterForm, show: str) -> Page:
    campaigns = form.narrow(Campaign.objects.visible_to(request.user)).filter(state__in=STATES[show])
    campaigns = campaigns.select_related("event", "created_by")
    return page_of(campaigns, NEWEST_FIRST, ROWS_PER_PAGE, after=key_from(request.GET.get("older", "")))


@require_GET
@requires("outreach.view_campaign")
def campaign_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    return show_campaign(request, loaded(request, uid))


def show_campaign(request: HttpRequest, campaign: Campaign, **more: Any) -> HttpResponse:
    """With its mail as one of its people reads it. `more`: a form with what is wrong, or why a step was not taken."""
    preview = preview_for(campaign, request.user, to=to_in(request), language=language_in(request))
    record_access(
        kind=AccessEvent.Kind.VIEWED,
        object_type="outreach.campaign",
        object_uid=campaign.uid,
        detail={"count": 1 if preview.contact else 0},
    )
    found = counted(campaign)
    readers = found["audience"].by_language if found["aside"] == "audience" else {}
    context = {
        **told_of(campaign),
        **found,
        "preview": preview,
        "tabs": [(code, label, readers.get(code, 0)) for code, label in Language.choices],
        "decision": DecisionForm(),
        **steps_open(request.user, campaign),
        **more,
    }
    return render(request, "outreach/campaign.html", context)


def counted(campaign: Campaign) -> dict[str, Any]:
    """Before there is a list: who would get it. Then: who fell out of it. Once it leaves: what became of each."""
    if campaign.released_at:
        return {"aside": "progress", **progress_told(campaign)}
    if campaign.state == State.CANCELLED:
        return {"aside": ""}
    if campaign.has_list:
        return {"aside": "list", **list_told(campaign)}
    return {"aside": "audience", **audience_told(campaign, is_linked=True)}


def steps_open(user: Any, campaign: Campaign) -> dict[str, bool]:
    """What this person may do with it now."""
    state, drafts = campaign.state, may(user, "outreach.draft_campaign")
    return {
        "can_edit": drafts and state in CHANGEABLE,
        "can_ask": drafts and state == State.DRAFT,
        "can_test": drafts and state in CHANGEABLE,
        "can_decide": may(user, "outreach.approve_campaign") and state == State.ASKED,
        "is_second": user.pk not in {campaign.created_by_id, campaign.changed_by_id, campaign.asked_by_id},
        "can_pause": drafts and state in {State.APPROVED, State.SENDING},
        "can_resume": drafts and state == State.PAUSED,
        "can_cancel": drafts and state not in {State.DONE, State.CANCELLED},
        "polls": state in {State.APPROVED, State.SENDING},
    }


@require_GET
@requires("outreach.view_campaign")
@asked_by_the_page
def campaign_progress(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The page asks every few seconds; once the campaign is in another state, the whole page is drawn again."""
    campaign = loaded(request, uid)
    if campaign.state != request.GET.get("state"):
        return HttpResponse(status=STOP_ASKING, headers={"HX-Refresh": "true"})
    if not campaign.released_at:
        return HttpResponse(status=204)
    return render(
        request, "outreach/_campaign_progress.html", {"campaign": campaign, "polls": True, **counted(campaign)}
    )


def loaded(request: HttpRequest, uid: UUID) -> Campaign:
    related = Campaign.objects.select_related("event", "created_by", "changed_by", "asked_by", "approved_by")
    campaign: Campaign = get_permitted(related, request.user, "outreach.view_campaign", uid=uid)
    return campaign


def to_in(request: HttpRequest) -> UUID | None:
    """Which of its people is to be shown."""
    try:
        return UUID(request.GET.get("to", ""))
    except ValueError:
        return None


def language_in(request: HttpRequest) -> str:
    """ "" for the one that this person gets."""
    language = request.GET.get("lang", "")
    return language if language in Language.values else ""
