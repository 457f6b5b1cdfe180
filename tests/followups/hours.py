"""The calendar most tests of this app reckon with: Monday to Friday 9:00 to 16:30, nine general holidays."""

from datetime import date, datetime, time

from followups.calendar import Block, Calendar, SpecialDay
from followups.closed_days import alberta_days
from i2a.clock import EDMONTON

DAY = (Block(time(9), time(16, 30)),)
WEEK = dict.fromkeys(range(1, 6), DAY)


def closed(*names):
    """The general holidays of 2024 to 2034, and the optional rows and closures of these names."""
    return {
        day.on: SpecialDay(day.name, day.name_fr)
        for year in range(2024, 2035)
        for day in alberta_days(year)
        if day.kind == "general" or day.name in names
    }


NINE_HOLIDAYS = Calendar(WEEK, closed())


def edmonton(text):
    """`edmonton("2026-11-23 10:05")`: that wall time in Edmonton."""
    return datetime.fromisoformat(text).replace(tzinfo=EDMONTON)


def half_day(day, *blocks):
    return {date.fromisoformat(day): SpecialDay("Half day", "Demi-journée", tuple(Block(*block) for block in blocks))}
