"""When a mailing leaves: wall time in Edmonton, turned into an instant whenever somebody asks (C1)."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from outreach.mailings import refusals
from outreach.mailings.kinds import Scheduled
from outreach.zones import NoSuchTime, instant_at

ZONE = "America/Edmonton"


def leaves_at(mailing: Scheduled) -> datetime | None:
    """None without a schedule. Of an hour that comes twice, the first.

    :raises ScheduleSkipped: the clocks skip it.
    """
    if mailing.send_on is None or mailing.send_at is None:
        return None
    try:
        return instant_at(mailing.send_on, mailing.send_at, ZONE)
    except NoSuchTime:
        raise refusals.ScheduleSkipped from None


def due_at(mailing: Scheduled) -> datetime | None:
    """The same for a schedule that was checked before: if the rules of the zone changed since, it never fails."""
    if mailing.send_on is None or mailing.send_at is None:
        return None
    return moment_of(mailing.send_on, mailing.send_at)


def moment_of(day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def coming(mailing: Scheduled, now: datetime) -> datetime:
    """When it leaves.

    :raises MailingRefused: it has no schedule, or one that cannot be kept.
    """
    at = leaves_at(mailing)
    if at is None:
        raise refusals.NoSchedule
    if at <= now:
        raise refusals.ScheduleInThePast
    return at
