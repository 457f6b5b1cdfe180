"""What tests of campaigns do: one person asks, a second one approves, its time comes."""

from datetime import datetime, timedelta
from typing import Any

from audit.actor import acting_as, acting_as_system
from i2a import clock
from outbox.models import Message
from outreach.campaigns import approving, releasing
from outreach.mailings.schedule import due_at
from outreach.models import Campaign
from tests.factories import CampaignFactory, ContactFactory, UserFactory


def everybody(number: int = 3, **columns: Any) -> list:
    return ContactFactory.create_batch(number, agrees_to=["seminar"], **columns)


def asked(campaign: Campaign | None = None, now: datetime | None = None, **columns: Any) -> Campaign:
    campaign = campaign or CampaignFactory(**columns)
    return approving.ask_for_approval(
        campaign=campaign, seen_version=campaign.version, by=campaign.created_by, now=now or clock.now()
    )


def approved(campaign: Campaign | None = None, **columns: Any) -> Campaign:
    campaign = asked(campaign, **columns)
    return approve(campaign)


def approve(campaign: Campaign, **columns: Any) -> Campaign:
    by = columns.pop("by", None) or UserFactory(role="manager", team=None)
    seen = {
        "seen_sha256": approving.changed_since_freeze(campaign).sha256,
        "seen_version": campaign.version,
        "now": clock.now(),
        **columns,
    }
    with acting_as(by):
        return approving.approve(campaign=campaign, by=by, **seen)


def its_time(campaign: Campaign) -> datetime:
    return due_at(campaign) + timedelta(seconds=1)


def tick(now: datetime) -> None:
    with acting_as_system("campaign"):
        releasing.tick(now=now)


def released(campaign: Campaign | None = None, **columns: Any) -> Campaign:
    campaign = campaign or approved(**columns)
    tick(its_time(campaign))
    campaign.refresh_from_db()
    return campaign


def messages_of(campaign: Campaign) -> Any:
    return Message.objects.filter(purpose_key=campaign.mailing)
