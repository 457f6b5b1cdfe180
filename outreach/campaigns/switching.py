"""Pausing, going on, cancelling. Senders see it before the next mail (R-CMP-03)."""

from datetime import datetime

from django.db import transaction

from access.models import User
from i2a import clock
from outbox import models as outbox
from outbox import switches
from outreach.campaigns.drafting import lock, saved
from outreach.mailings.withdrawing import withdraw_queued
from outreach.models import Campaign, Event

State = Campaign.State
UNENDED = [State.DRAFT, State.ASKED, State.APPROVED, State.SENDING, State.PAUSED]


@transaction.atomic
def pause(*, campaign: Campaign, because: str, by: User, now: datetime) -> Campaign:
    """Nothing of it leaves until somebody resumes it; before its time, it does not begin.

    :raises StaleCampaign: it is neither scheduled nor being sent.
    """
    campaign = lock(campaign, [State.APPROVED, State.SENDING])
    switches.stop_sending(mailing=campaign.mailing, reason=because, by=by, now=now)
    campaign.state = State.PAUSED
    return saved(campaign)


@transaction.atomic
def resume(*, campaign: Campaign, because: str, by: User, now: datetime) -> Campaign:
    """:raises StaleCampaign: it is not paused."""
    campaign = lock(campaign, [State.PAUSED])
    switches.resume_sending(mailing=campaign.mailing, reason=because, by=by, now=now)
    campaign.state = State.SENDING if campaign.released_at else State.APPROVED
    return saved(campaign)


@transaction.atomic
def cancel(*, campaign: Campaign, because: str, by: User, now: datetime) -> Campaign:
    """What has not left never leaves.

    :raises StaleCampaign: it has ended.
    """
    campaign = lock(campaign, UNENDED)
    withdraw_queued(campaign.mailing, outbox.Reason.CAMPAIGN_CANCELLED, now)
    return end(campaign, State.CANCELLED, because, now)


def end_for_event(campaign: Campaign, now: datetime) -> bool:
    """Whether its event has begun or takes place no more, and so nothing of it leaves from now on. It is locked."""
    reason = against_event(campaign.event, now)
    if reason is None:
        return False
    withdraw_queued(campaign.mailing, reason, now)
    end(campaign, State.DONE if campaign.released_at else State.CANCELLED, reason.value, now)
    return True


def against_event(event: Event, now: datetime) -> outbox.Reason | None:
    if event.cancelled_at:
        return outbox.Reason.EVENT_CANCELLED
    return outbox.Reason.EVENT_STARTED if event.has_begun(now) else None


def end(campaign: Campaign, state: State, because: str, now: datetime) -> Campaign:
    campaign.state, campaign.ended_at, campaign.ended_because = state, now, because
    return saved(campaign)


def objections(mailings: set[str]) -> dict[str, str]:
    """Asked by the sender before each batch (R-CNS-05): nothing leaves after the event has begun, or of a campaign that
    was cancelled."""
    refs = [mailing.partition(":")[2] for mailing in mailings]
    found: dict[str, str] = {}
    now = clock.now()
    for campaign in Campaign.objects.filter(ref__in=refs).select_related("event"):
        reason = against_event(campaign.event, now)
        if reason is None and campaign.state == State.CANCELLED:
            reason = outbox.Reason.CAMPAIGN_CANCELLED
        if reason is not None:
            found[campaign.mailing] = reason.value
    return found
