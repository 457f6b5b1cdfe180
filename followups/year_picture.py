"""A year at a glance: twelve small pictures of a month, a square for each day. Under them stands a table."""

from calendar import Calendar as Weeks
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from followups.calendar import Calendar
from followups.models import ClosedDay

CELL = 10
WEEKS = Weeks()  # they begin on Monday


@dataclass(frozen=True)
class Square:
    """`look`: open, rest (a weekday without service), holiday, closure, short, optional (may be closed)."""

    x: int
    y: int
    look: str
    is_today: bool


@dataclass(frozen=True)
class Month:
    name: str
    squares: list[Square]


def months_of(year: int, calendar: Calendar, rows: Mapping[date, ClosedDay], today: date) -> list[Month]:
    return [
        Month(date_format(date(year, month, 1), "F"), squares_of(year, month, calendar, rows, today))
        for month in range(1, 13)
    ]


def squares_of(year: int, month: int, calendar: Calendar, rows: Mapping[date, ClosedDay], today: date) -> list[Square]:
    return [
        Square(column * CELL, line * CELL, look_of(day, calendar, rows.get(day)), day == today)
        for line, week in enumerate(WEEKS.monthdatescalendar(year, month))
        for column, day in enumerate(week)
        if day.month == month
    ]


def look_of(day: date, calendar: Calendar, row: ClosedDay | None) -> str:
    if row is None or not calendar.usual_blocks_on(day):
        return "open" if calendar.blocks_on(day) else "rest"
    if not row.is_closed:
        return "optional"
    return {"general": "holiday", "optional": "holiday"}.get(row.kind, row.kind)
