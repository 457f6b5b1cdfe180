"""Whether somebody's privacy training still counts on a day (R-TRN-01, D-07).

It counts up to the last valid day, and on to the start of the next business day: who comes back after a week-end finds
out in the morning, not in the middle of a call. Access knows no business calendar, so the app that does says which days
have service (`days_of_service`).
"""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from access.models import User

ONE_DAY = timedelta(days=1)
LONGEST_CLOSURE = 21  # days
REMIND_DAYS = [90, 30, 7]


def is_weekday(day: date) -> bool:
    return day.isoweekday() < 6


days_of_service: list[Callable[[date], bool]] = [is_weekday]  # the last one counts


class State(StrEnum):
    VALID, DUE, LAPSED, NEVER = "valid", "due", "lapsed", "never"


def counts_on(trained_until: date | None, today: date) -> bool:
    if trained_until is None:
        return False
    if trained_until >= today:
        return True
    if (today - trained_until).days > LONGEST_CLOSURE:
        return False
    return not any(days_of_service[-1](day) for day in days_after(trained_until, today))


def days_after(first: date, last: date) -> list[date]:
    return [first + ONE_DAY * number for number in range(1, (last - first).days + 1)]


def is_trained(user: User, today: date) -> bool:
    return counts_on(user.trained_until, today)


def state_of(trained_until: date | None, today: date) -> State:
    """For reports: due is what has a first reminder."""
    if trained_until is None:
        return State.NEVER
    if not counts_on(trained_until, today):
        return State.LAPSED
    return State.DUE if (trained_until - today).days <= REMIND_DAYS[0] else State.VALID
