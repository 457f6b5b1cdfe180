"""When a survey opens, reminds and closes: days and wall times of Edmonton."""

from datetime import UTC, datetime, time, timedelta

from i2a.clock import EDMONTON
from outreach.mailings import schedule
from surveys.inviting import refusals
from surveys.models import Survey


def check(survey: Survey, now: datetime) -> None:
    """:raises MailingRefused: it has no schedule, or one that cannot be kept."""
    opens = schedule.coming(survey, now)
    if survey.closes_on is None:
        raise refusals.NoEnd
    if survey.closes_on <= opens.astimezone(EDMONTON).date():
        raise refusals.ClosesTooEarly
    if survey.remind_after is not None and reminds_at(survey, opens) >= closes_at(survey):
        raise refusals.ReminderTooLate


def closes_at(survey: Survey) -> datetime:
    """The end of its last day. One without a last day has not been asked for and does not close."""
    if survey.closes_on is None:
        return datetime.max.replace(tzinfo=UTC)
    after = survey.closes_on + timedelta(days=1)
    return datetime.combine(after, time.min, tzinfo=EDMONTON).astimezone(UTC)


def reminds_at(survey: Survey, opened: datetime) -> datetime:
    """Some days after it opened, at the same time of the day; the end of days where there is no reminder."""
    if survey.remind_after is None or survey.send_at is None:
        return datetime.max.replace(tzinfo=UTC)
    day = opened.astimezone(EDMONTON).date() + timedelta(days=survey.remind_after)
    return schedule.moment_of(day, survey.send_at)
