"""When a campaign leaves: wall time in Edmonton, turned into an instant whenever somebody asks (C1)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from outreach.campaigns import refusals
from outreach.models import Campaign
from outreach.zones import NoSuchTime, instant_at

ZONE = "America/Edmonton"


def leaves_at(campaign: Campaign) -> datetime | None:
    """None without a schedule. Of an hour that comes twice, the first.

    :raises ScheduleSkipped: the clocks skip it.
    """
    if campaign.send_on is None or campaign.send_at is None:
        return None
    try:
        return instant_at(campaign.send_on, campaign.send_at, ZONE)
    except NoSuchTime:
        raise refusals.ScheduleSkipped from None


def due_at(campaign: Campaign) -> datetime | None:
    """The same for a schedule that was checked before: if the rules of the zone changed since, it never fails."""
    if campaign.send_on is None or campaign.send_at is None:
        return None
    return datetime.combine(campaign.send_on, campaign.send_at, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def check(campaign: Campaign, now: datetime) -> None:
    """:raises CampaignRefused: it has no schedule, or one that cannot be kept."""
    if campaign.event.cancelled_at:
        raise refusals.EventCancelled
    at = leaves_at(campaign)
    if at is None:
        raise refusals.NoSchedule
    if at <= now:
        raise refusals.ScheduleInThePast
    if campaign.event.has_begun(at):
        raise refusals.ScheduleAfterEvent
