"""When its time has come: a campaign becomes messages, once, whatever asks for it and however often (M6).

The worker asks each minute. Whom the gate refuses by now is left out, with the reason; nobody is added to the list.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from contacts.models import Contact
from i2a.permissions import may
from outbox.mailings import queue_mailing
from outbox.models import Message, Reason
from outreach.campaigns.approving import standing, with_reason
from outreach.campaigns.drafting import saved
from outreach.campaigns.switching import against_event, end, end_for_event
from outreach.mailings import lists, quiet, words
from outreach.mailings.lists import promised
from outreach.mailings.progress import ON_ITS_WAY
from outreach.mailings.schedule import due_at
from outreach.mailings.withdrawing import withdraw_queued
from outreach.models import Campaign, Recipient

logger = logging.getLogger(__name__)
State = Campaign.State
GOING_ON = [State.APPROVED, State.SENDING, State.PAUSED]
STRAGGLES = timedelta(days=4)  # longer than the sender tries one mail


def tick(*, now: datetime) -> None:
    """Begin, end and finish what is due. Any number of these at once are harmless."""
    going_on = Campaign.objects.filter(state__in=GOING_ON)
    for pk in going_on.order_by("send_on", "send_at", "pk").values_list("pk", flat=True):
        try:
            look_after(pk, now)
        except Exception:  # one that cannot be released does not hold up the others
            logger.exception("campaign pk=%s could not be looked after", pk)
    sweep(now)


@transaction.atomic
def look_after(pk: int, now: datetime) -> None:
    free = Campaign.objects.select_for_update(of=("self",), skip_locked=True).select_related("event", "approved_by")
    campaign = free.filter(pk=pk, state__in=GOING_ON).first()
    if campaign is None or end_for_event(campaign, now):
        return
    if campaign.state == State.APPROVED and is_due(campaign, now):
        release(campaign, now)
    elif campaign.state == State.SENDING and is_finished(campaign):
        end(campaign, State.DONE, "", now)


def sweep(now: datetime) -> None:
    """What came back to the queue after its campaign had been stopped for good: its sender died, or was put off."""
    stopped = Campaign.objects.filter(ended_at__gt=now - STRAGGLES).exclude(ended_because="")
    for campaign in stopped.select_related("event"):
        reason = against_event(campaign.event, now) or Reason.CAMPAIGN_CANCELLED
        withdraw_queued(campaign.mailing, reason, now)


def is_due(campaign: Campaign, now: datetime) -> bool:
    at = due_at(campaign)
    return at is not None and at <= now


def release(campaign: Campaign, now: datetime) -> None:
    """Promise it to everybody on the list who may still get it; write down why the others do not."""
    if not may(campaign.approved_by, "outreach.approve_campaign"):
        ask_again(campaign)
        return
    campaign.state, campaign.released_at = State.SENDING, now
    saved(campaign)
    queue_mailing(
        mailing=campaign.mailing,
        kind=campaign.kind,
        audience=Contact.objects.filter(pk__in=standing(campaign).values("contact")),
        contents=words.contents_of(campaign),
        not_before=quiet.awake_from("", now),
        not_before_in=quiet.elsewhere(now),
        by=campaign.approved_by,
        now=now,
    )
    leave_out(campaign, now)


def ask_again(campaign: Campaign) -> None:
    """Who approved it may not do so any more (P4): somebody else looks at it again."""
    logger.warning("campaign=%s waits for another approval", campaign.ref)
    campaign.state, campaign.approved_at, campaign.approved_by = State.ASKED, None, None
    saved(campaign)


def leave_out(campaign: Campaign, now: datetime) -> None:
    """Everybody on the list who was promised nothing, with the reason as it is now (R-CNS-05)."""
    left = Contact.objects.filter(campaign_recipients__campaign=campaign).exclude(pk__in=promised(campaign.mailing))
    lists.leave_out(campaign, Recipient, "campaign", with_reason(campaign, left), now)


def is_finished(campaign: Campaign) -> bool:
    return not Message.objects.filter(purpose_key=campaign.mailing, state__in=ON_ITS_WAY).exists()
