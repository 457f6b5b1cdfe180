"""Whether somebody's privacy training still counts on a day (R-TRN-01, D-07).

It counts up to the last valid day, and on to the start of the next business day: who comes back after a week-end finds
out in the morning, not in the middle of a call. Access knows no business calendar, so the app that does says when there
was service last (`last_days_of_service`).
"""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from access.models import User

ONE_DAY = timedelta(days=1)
LONGEST_CLOSURE = 21  # days
REMIND_DAYS = [90, 30, 7]


def last_weekday(today: date) -> date:
    return next(day for day in days_back(today) if day.isoweekday() < 6)


def days_back(today: date) -> list[date]:
    """Today and the days before, the newest first: as far as a closure is believed."""
    return [today - ONE_DAY * number for number in range(LONGEST_CLOSURE + 1)]


last_days_of_service: list[Callable[[date], date]] = [last_weekday]  # the last one counts


class State(StrEnum):
    VALID, DUE, LAPSED, NEVER = "valid", "due", "lapsed", "never"


def counts_on(trained_until: date | None, today: date) -> bool:
    if trained_until is None or trained_until < days_back(today)[-1]:
        return False
    return trained_until >= today or trained_until >= oldest_valid(today)


def oldest_valid(today: date) -> date:
    """The earliest last day of a training that still counts today: no day of service came after it."""
    return last_days_of_service[-1](today)


def is_trained(user: User, today: date) -> bool:
    return counts_on(user.trained_until, today)


def is_valid(user: User, today: date) -> bool:
    """To the day, for new access: the days until the next day of service are for those who have some."""
    return user.trained_until is not None and user.trained_until >= today


def state_of(trained_until: date | None, today: date) -> State:
    """For reports: due is what has a first reminder."""
    if trained_until is None:
        return State.NEVER
    if not counts_on(trained_until, today):
        return State.LAPSED
    return State.DUE if (trained_until - today).days <= REMIND_DAYS[0] else State.VALID
