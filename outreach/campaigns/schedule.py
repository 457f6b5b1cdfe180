"""A campaign leaves before its event begins."""

from datetime import datetime

from outreach.campaigns import refusals
from outreach.mailings.schedule import coming
from outreach.models import Campaign


def check(campaign: Campaign, now: datetime) -> None:
    """:raises MailingRefused: it has no schedule, or one that cannot be kept."""
    if campaign.event.cancelled_at:
        raise refusals.EventCancelled
    if campaign.event.has_begun(coming(campaign, now)):
        raise refusals.ScheduleAfterEvent
