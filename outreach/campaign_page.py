"""What the pages of a campaign say of it, its people and its progress."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from outbox.mailing_pages import MailingPage
from outreach.campaign_forms import choices_said, say_moment
from outreach.campaigns.approving import changed_since_freeze
from outreach.campaigns.audience import audience_of, say_reason
from outreach.campaigns.progress import progress_of
from outreach.mailings import told
from outreach.models import Campaign
from outreach.views import told as event_told

State = Campaign.State
TONES: dict[str, str] = {
    State.ASKED: "warn",
    State.APPROVED: "info",
    State.SENDING: "info",
    State.PAUSED: "warn",
    State.DONE: "ok",
    State.CANCELLED: "stop",
}


def told_of(campaign: Campaign) -> dict[str, Any]:
    """As every page of it says it."""
    return {
        "campaign": campaign,
        "event": event_told(campaign.event),
        "tone": TONES.get(campaign.state, "line"),
        "purpose": campaign.purpose.label,
        "moment": say_moment(campaign),
        "chosen": choices_said(campaign),
    }


def home_of(ref: str, user: Any) -> MailingPage | None:
    """Of a mail of this campaign, back to the campaign."""
    campaign = Campaign.objects.visible_to(user).filter(ref=ref).first()
    return None if campaign is None else MailingPage(campaign.ref, campaign.title, campaign.get_absolute_url())


def audience_told(campaign: Campaign, *, is_linked: bool = False) -> dict[str, Any]:
    """Counted now; with addresses of these people where they are as saved."""
    url = partial(people_url, campaign) if is_linked else told.nowhere
    return told.audience_told(audience_of(campaign), say_reason, url)


def people_url(campaign: Campaign, show: str = "") -> str:
    query = f"?{urlencode({'show': show})}" if show else ""
    return reverse("campaigns:people", args=[campaign.uid]) + query


def list_told(campaign: Campaign) -> dict[str, Any]:
    return told.list_told(campaign, changed_since_freeze(campaign), say_reason, partial(people_url, campaign))


def progress_told(campaign: Campaign) -> dict[str, Any]:
    return told.progress_told(campaign, progress_of(campaign), say_reason, partial(people_url, campaign))
