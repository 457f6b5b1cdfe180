"""Changing the business calendar: which due times that moves, before it is saved and when it is (R-FUP-07, D-03)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Q

from followups.calendar import Block, Calendar, Due, Pause, due_on, due_with_pauses
from followups.models import ClosedDay, FollowUp, ServiceHours
from followups.selectors import forget_calendar, load_calendar
from i2a.clock import EDMONTON

ONE_DAY = timedelta(days=1)
Edit = Callable[[], date]  # writes rows; returns the first day whose hours differ


class YearWithoutService(Exception):
    """After this change no day of a year would have service. Nothing was changed."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year


class DayIsInCalendar(Exception):
    """There is a row for this day, and it closes the day already."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


@dataclass(frozen=True)
class Move:
    """A due time that a change of the calendar moves."""

    follow_up: FollowUp
    before: datetime
    due: Due


@transaction.atomic
def change_calendar(*, edit: Edit, now: datetime) -> list[Move]:
    """Change rows of the calendar and reckon the open due times anew. The first promise stays on each row.

    :raises YearWithoutService: nothing is changed then.
    """
    first_day = edit()
    calendar = load_calendar()
    refuse_empty_years(calendar, first_day)
    moves = list(moves_of(calendar, first_day, now))
    for move in moves:
        follow_up = move.follow_up
        follow_up.due_at, follow_up.due_steps = move.due.at, [step.as_json() for step in move.due.steps]
        follow_up.change_reason = "calendar"
        follow_up.save(update_fields=["due_at", "due_steps"])
    transaction.on_commit(forget_calendar)
    return moves


def preview_change(*, edit: Edit, now: datetime) -> list[Move]:
    """What `change_calendar` would move: it is done, and taken back.

    :raises YearWithoutService: as `change_calendar`.
    """
    with transaction.atomic():
        moves = change_calendar(edit=edit, now=now)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the database has its say in the preview too
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        transaction.set_rollback(True)
    return moves


def moves_of(calendar: Calendar, first_day: date, now: datetime) -> Iterator[Move]:
    """Nobody becomes late, and nobody stops being late, because the calendar changed: only what is due later moves."""
    start = max(now, datetime.combine(first_day, time(0), tzinfo=EDMONTON))
    affected = FollowUp.objects.open().filter(Q(due_at__gte=start) | Q(paused_at__isnull=False))
    for follow_up in affected.prefetch_related("pauses").order_by("due_at", "pk"):
        due = due_of(follow_up, calendar)
        if due.at != follow_up.due_at and due.at > now:
            yield Move(follow_up, follow_up.due_at, due)


def due_of(follow_up: FollowUp, calendar: Calendar) -> Due:
    """The due time of a follow-up reckoned anew, with the pauses that have ended."""
    if follow_up.planned_on:
        return due_on(follow_up.planned_on, follow_up.received_at, calendar)
    ended = sorted((p.started_at, p.ended_at) for p in follow_up.pauses.all() if p.ended_at)
    return due_with_pauses(follow_up.received_at, [Pause(*period) for period in ended], calendar)


def refuse_empty_years(calendar: Calendar, first_day: date) -> None:
    """:raises YearWithoutService: for the first such year, from that of `first_day` to the last one in the calendar."""
    last = max([first_day, *calendar.special_days]).year
    for year in range(first_day.year, last + 1):
        if not any(calendar.blocks_on(date(year, 1, 1) + offset * ONE_DAY) for offset in range(365)):
            raise YearWithoutService(year)


def switch_day(row: ClosedDay, *, is_closed: bool) -> Edit:
    """Close an optional day, or open a day again."""

    def edit() -> date:
        row.is_closed = is_closed
        row.save()
        return row.day

    return edit


def close_days(first: date, last: date, *, name: str, name_fr: str) -> Edit:
    """A closure from `first` to `last`. Holidays among them keep their name; optional days are switched on.

    The edit raises DayIsInCalendar when the only day is closed already.
    """

    def edit() -> date:
        present = {row.day: row for row in ClosedDay.objects.filter(day__range=(first, last))}
        if first == last and first in present and present[first].is_closed:
            raise DayIsInCalendar(first)
        for day in days_between(first, last):
            row = present.get(day) or ClosedDay(day=day, name=name, name_fr=name_fr, kind=ClosedDay.Kind.CLOSURE)
            if row.kind == ClosedDay.Kind.SHORT:
                row.kind, row.opens, row.closes, row.name, row.name_fr = (
                    ClosedDay.Kind.CLOSURE,
                    None,
                    None,
                    name,
                    name_fr,
                )
            row.is_closed = True
            row.save()
        return first

    return edit


def shorten_day(day: date, *, opens: time, closes: time, name: str, name_fr: str) -> Edit:
    """A day with hours of its own. The edit raises DayIsInCalendar for a day that is closed."""

    def edit() -> date:
        row = ClosedDay.objects.filter(day=day).first() or ClosedDay(day=day)
        if row.pk and row.is_closed:
            raise DayIsInCalendar(day)
        row.kind, row.is_closed = ClosedDay.Kind.SHORT, True
        row.name, row.name_fr, row.opens, row.closes = name, name_fr, opens, closes
        row.save()
        return day

    return edit


def replace_hours(valid_from: date, week: Mapping[int, Iterable[Block]]) -> Edit:
    """The hours of every week from `valid_from` on, until later ones begin."""

    def edit() -> date:
        for row in ServiceHours.objects.filter(valid_from=valid_from):
            row.delete()
        for weekday, blocks in week.items():
            for block in blocks:
                ServiceHours.objects.create(
                    valid_from=valid_from, weekday=weekday, opens=block.opens, closes=block.closes
                )
        return valid_from

    return edit


def days_between(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + offset * ONE_DAY
