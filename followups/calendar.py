"""The business calendar: when the line is open, by when an answer is due, how much business time that leaves.

Pure functions over plain data, so that every day of every year can be tested; `followups.selectors.load_calendar` reads
the data. All reckoning is in Edmonton wall time and in Python only (T-01): PostgreSQL may hold older zone data.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from math import ceil
from typing import Any

from i2a.clock import EDMONTON

ONE_DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
HORIZON_DAYS = 3 * 366


class NoOpenDay(Exception):
    """The calendar has no service hours within three years: nobody could ever keep a promise."""


@dataclass(frozen=True, order=True)
class Block:
    """One stretch of service on a day. Half-open: at `opens` we are open, at `closes` we are closed (D-02)."""

    opens: time
    closes: time


@dataclass(frozen=True)
class SpecialDay:
    """A date with hours of its own: none at all (a holiday), or fewer than its weekday has (a half day)."""

    name: str
    name_fr: str
    blocks: tuple[Block, ...] = ()


Week = Mapping[int, tuple[Block, ...]]


@dataclass(frozen=True)
class Calendar:
    """Service hours by ISO weekday (Monday is 1), and the dates that differ. Blocks are in order and never overlap.

    `later_weeks` are the hours that replace `week` from a date on, in the order of their dates.
    """

    week: Week
    special_days: Mapping[date, SpecialDay] = field(default_factory=dict)
    later_weeks: tuple[tuple[date, Week], ...] = ()

    def usual_blocks_on(self, day: date) -> tuple[Block, ...]:
        """What the weekday has, holiday or not."""
        week = self.week
        for valid_from, later in self.later_weeks:
            if valid_from <= day:
                week = later
        return week.get(day.isoweekday(), ())

    def blocks_on(self, day: date) -> tuple[Block, ...]:
        special = self.special_days.get(day)
        return self.usual_blocks_on(day) if special is None else special.blocks

    def closure_on(self, day: date) -> SpecialDay | None:
        """Why a day that has service hours in other weeks has none: a holiday or closure, not a plain weekend."""
        special = self.special_days.get(day)
        return special if special and not special.blocks and self.usual_blocks_on(day) else None

    def open_days(self, first: date) -> Iterator[date]:
        """The days with service from `first` on.

        :raises NoOpenDay: three years without one.
        """
        day, last_open = first, first
        while day - last_open <= timedelta(days=HORIZON_DAYS):
            if self.blocks_on(day):
                last_open = day
                yield day
            day += ONE_DAY
        raise NoOpenDay


class StepCode(StrEnum):
    """What led to a due time. Stored with the follow-up and printed as its reason (`followups.reasons`)."""

    IN_HOURS = "received_in_hours"
    BEFORE_HOURS = "received_before_hours"
    AFTER_HOURS = "received_after_hours"
    BETWEEN_BLOCKS = "received_between_blocks"
    CLOSED_DAY = "received_closed_day"
    CLOSED = "closed"
    NO_SERVICE_THEN = "no_service_then"
    PAUSED = "paused"
    PLANNED = "planned"
    DUE = "due"


@dataclass(frozen=True)
class Step:
    """One step of the reckoning. `at` is Edmonton wall time; the names are those the closed day had at the time.

    `minutes`: of a pause, the service time it held.
    """

    code: StepCode
    on: date
    at: time | None = None
    name: str = ""
    name_fr: str = ""
    minutes: int = 0

    def as_json(self) -> dict[str, Any]:
        row: dict[str, Any] = {"code": self.code.value, "on": self.on.isoformat()}
        if self.at is not None:
            row["at"] = self.at.isoformat("minutes")
        if self.name:
            row |= {"name": self.name, "name_fr": self.name_fr}
        if self.minutes:
            row["minutes"] = self.minutes
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Step":
        at = time.fromisoformat(row["at"]) if "at" in row else None
        names = row.get("name", ""), row.get("name_fr", "")
        return cls(StepCode(row["code"]), date.fromisoformat(row["on"]), at, *names, row.get("minutes", 0))


@dataclass(frozen=True)
class Due:
    """The instant (UTC) by which we owe the answer, and how it came about."""

    at: datetime
    steps: tuple[Step, ...]


def due_at(received_at: datetime, calendar: Calendar) -> Due:
    """One business day after reception (D-02).

    Received in service hours, or in the pause between two blocks: the same wall-clock time on the next business day.
    Where that day has no service then (a half day), the last moment of service before it, else its opening. So nobody
    is due earlier than somebody who came before. Received before we open: the end of that day. After we close, or on
    a closed day: the end of the next business day.

    :raises NoOpenDay: see `Calendar.open_days`.
    """
    local = received_at.astimezone(EDMONTON)
    reception = _reception(local, calendar)
    first_possible = local.date() if reception is StepCode.BEFORE_HOURS else local.date() + ONE_DAY
    due_day = next(calendar.open_days(first_possible))
    blocks = calendar.blocks_on(due_day)
    steps = [Step(reception, local.date(), local.time()), *_closures(local.date(), due_day, calendar)]
    due_time = blocks[-1].closes
    if reception in (StepCode.IN_HOURS, StepCode.BETWEEN_BLOCKS):
        due_time = _nearest_service(local.time(), blocks)
        if due_time != local.time():
            steps.append(Step(StepCode.NO_SERVICE_THEN, due_day, local.time()))
    steps.append(Step(StepCode.DUE, due_day, due_time))
    return Due(_instant(due_day, due_time), tuple(steps))


@dataclass(frozen=True)
class Pause:
    """The clock stood still in `[started_at, ended_at)`: we were waiting for the client."""

    started_at: datetime
    ended_at: datetime


def due_with_pauses(received_at: datetime, pauses: Iterable[Pause], calendar: Calendar) -> Due:
    """One business day after reception, and then as much service time as each pause held, in their order.

    :raises NoOpenDay: see `Calendar.open_days`.
    """
    due = due_at(received_at, calendar)
    for pause in pauses:
        due = _paused(due, pause, calendar)
    return due


def _paused(due: Due, pause: Pause, calendar: Calendar) -> Due:
    lost = business_time(pause.started_at, pause.ended_at, calendar)
    at = add_business_time(due.at, lost, calendar)
    began, before, after = (moment.astimezone(EDMONTON) for moment in (pause.started_at, due.at, at))
    steps = [
        Step(StepCode.PAUSED, began.date(), began.time(), minutes=round(lost / MINUTE)),
        *_closures(before.date(), after.date(), calendar),
        Step(StepCode.DUE, after.date(), after.time()),
    ]
    return Due(at, (*due.steps, *steps))


def due_on(day: date, received_at: datetime, calendar: Calendar) -> Due:
    """The end of service on a chosen day, or on the next day with service: for a contact planned for later.

    :raises NoOpenDay: see `Calendar.open_days`.
    """
    local = received_at.astimezone(EDMONTON)
    due_day = next(calendar.open_days(day))
    closes = calendar.blocks_on(due_day)[-1].closes
    steps = (
        Step(StepCode.PLANNED, local.date(), local.time()),
        *_closures(day, due_day, calendar),
        Step(StepCode.DUE, due_day, closes),
    )
    return Due(_instant(due_day, closes), steps)


@dataclass(frozen=True)
class ServiceState:
    """Whether the line is open at an instant, and when that changes. `minutes_left` is 0 while closed."""

    is_open: bool
    changes_at: datetime
    minutes_left: int


def state_at(now: datetime, calendar: Calendar) -> ServiceState:
    """:raises NoOpenDay: we never open again."""
    for day in calendar.open_days(now.astimezone(EDMONTON).date()):
        for opens_at, closes_at in spans_on(day, calendar):
            if now < opens_at:
                return ServiceState(is_open=False, changes_at=opens_at, minutes_left=0)
            if now < closes_at:
                minutes_left = ceil((closes_at - now) / MINUTE)  # rounded up: while there is time, never "0 min"
                return ServiceState(is_open=True, changes_at=closes_at, minutes_left=minutes_left)
    raise NoOpenDay


def business_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Service time in `[start, end)`: what is left until `end`, or how late we are since `start`. Never negative."""
    total = timedelta(0)
    day, last = start.astimezone(EDMONTON).date(), end.astimezone(EDMONTON).date()
    while day <= last:
        for opens_at, closes_at in spans_on(day, calendar):
            total += max(min(closes_at, end) - max(opens_at, start), timedelta(0))
        day += ONE_DAY
    return total


def add_business_time(start: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """The moment at which `length` of service time has passed since `start`: in service, or at a closing.

    :raises NoOpenDay: there is never that much service again.
    """
    left = length
    if not left:
        return start
    for day in calendar.open_days(start.astimezone(EDMONTON).date()):
        for opens_at, closes_at in spans_on(day, calendar):
            served = max(closes_at - max(opens_at, start), timedelta(0))
            if left <= served:
                return max(opens_at, start) + left
            left -= served
    raise NoOpenDay


def is_late(due: datetime, now: datetime) -> bool:
    """The one answer, for list, clock and report; `FollowUpQuerySet.late` asks the same in SQL."""
    return due < now


def spans_on(day: date, calendar: Calendar) -> list[tuple[datetime, datetime]]:
    """The blocks of a day as instants."""
    return [(_instant(day, block.opens), _instant(day, block.closes)) for block in calendar.blocks_on(day)]


def _reception(local: datetime, calendar: Calendar) -> StepCode:
    blocks, at = calendar.blocks_on(local.date()), local.time()
    if not blocks:
        return StepCode.CLOSED_DAY
    if at < blocks[0].opens:
        return StepCode.BEFORE_HOURS
    if at >= blocks[-1].closes:
        return StepCode.AFTER_HOURS
    in_service = any(block.opens <= at < block.closes for block in blocks)
    return StepCode.IN_HOURS if in_service else StepCode.BETWEEN_BLOCKS


def _nearest_service(at: time, blocks: tuple[Block, ...]) -> time:
    for block in reversed(blocks):
        if block.opens <= at:
            return min(at, block.closes)
    return blocks[0].opens


def _closures(received_on: date, due_on: date, calendar: Calendar) -> Iterator[Step]:
    day = received_on
    while day < due_on:
        closure = calendar.closure_on(day)
        if closure:
            yield Step(StepCode.CLOSED, day, None, closure.name, closure.name_fr)
        day += ONE_DAY


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=EDMONTON).astimezone(UTC)
