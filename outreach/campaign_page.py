"""What the pages of a campaign say of it, its people and its progress."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from contacts.languages import language_name
from outbox.mailing_pages import MailingPage
from outreach.campaign_forms import choices_said, say_moment
from outreach.campaigns.approving import changed_since_freeze
from outreach.campaigns.audience import audience_of, say_reason
from outreach.campaigns.progress import progress_of
from outreach.models import Campaign, DraftedMailing
from outreach.views import told

State = Campaign.State
TONES: dict[str, str] = {
    State.ASKED: "warn",
    State.APPROVED: "info",
    State.SENDING: "info",
    State.PAUSED: "warn",
    State.DONE: "ok",
    State.CANCELLED: "stop",
}

OUTCOMES = {  # names of outreach.mailings.progress.Progress
    "sent": pgettext_lazy("mails", "Sent"),
    "queued": gettext_lazy("On its way"),
    "bounced": pgettext_lazy("mails", "Came back"),
    "failed": pgettext_lazy("mails", "Failed"),
    "needs_person": gettext_lazy("Needs a person"),
}
ALWAYS = {"sent", "queued"}


def told_of(campaign: Campaign) -> dict[str, Any]:
    """As every page of it says it."""
    return {
        "campaign": campaign,
        "event": told(campaign.event),
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
    """How many get it now, each reason why others do not; with addresses of these people where they are as saved."""
    audience = audience_of(campaign)
    languages = {language_name(code): count for code, count in audience.by_language.items() if count}
    return {
        "audience": audience,
        "share": share(audience.will_get, audience.matching),
        "languages": list(languages.items()),
        "rows": [
            (say_reason(reason), count, people_url(campaign, reason) if is_linked else "")
            for reason, count in audience.exclusions
        ],
        "people_url": people_url(campaign) if is_linked else "",
        "totals": {"": audience.will_get, **dict(audience.exclusions)},
    }


def people_url(campaign: Campaign, show: str = "") -> str:
    query = f"?{urlencode({'show': show})}" if show else ""
    return reverse("campaigns:people", args=[campaign.uid]) + query


def left_out_told(mailing: DraftedMailing, say: Callable[[str], str]) -> dict[str, Any]:
    """Who matched and was not put on the list, as it was then."""
    return {
        "left_out": [(say(reason), people) for reason, people in mailing.left_out],
        "left_out_in_all": sum(people for _reason, people in mailing.left_out),
    }


def list_told(campaign: Campaign) -> dict[str, Any]:
    """The list that was made, and why some of it get nothing by now."""
    now = changed_since_freeze(campaign)
    return {
        **left_out_told(campaign, say_reason),
        "now": now,
        "remaining": now.remaining,
        "share": share(now.remaining, now.listed),
        "rows": [(say_reason(reason), count, people_url(campaign, reason)) for reason, count in now.fell_out],
        "people_url": people_url(campaign),
        "totals": {"": now.listed, **dict(now.fell_out)},
    }


def progress_told(campaign: Campaign) -> dict[str, Any]:
    """What became of everybody on the list; each is counted once."""
    progress = progress_of(campaign)
    outcomes = [(show, label, getattr(progress, show)) for show, label in OUTCOMES.items()]
    withheld = [(reason, say_reason(reason), count) for reason, count in progress.withheld]
    return {
        **left_out_told(campaign, say_reason),
        "progress": progress,
        "share": share(progress.finished, progress.listed),
        "rows": [
            (label, count, people_url(campaign, show)) for show, label, count in outcomes if count or show in ALWAYS
        ],
        "withheld": [(label, count, people_url(campaign, reason)) for reason, label, count in withheld],
        "people_url": people_url(campaign),
        "totals": {"": progress.listed, **{show: n for show, _label, n in outcomes}, **dict(progress.withheld)},
    }


def share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "0%"
