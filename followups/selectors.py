from collections import defaultdict
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from access.trained import days_back
from followups.calendar import Block, Calendar, SpecialDay, spans_on
from followups.models import ClosedDay, ServiceHours
from i2a.wall_time import local_day

CACHE_KEY = "followups:calendar"


def load_calendar() -> Calendar:
    """The business calendar as it stands now. Two queries, whatever is asked of it."""
    weeks: dict[date, dict[int, list[Block]]] = defaultdict(lambda: defaultdict(list))
    for valid_from, weekday, *block in ServiceHours.objects.values_list("valid_from", "weekday", "opens", "closes"):
        weeks[valid_from][weekday].append(Block(*block))
    in_order = [
        (valid_from, {weekday: tuple(sorted(blocks)) for weekday, blocks in weeks[valid_from].items()})
        for valid_from in sorted(weeks)
    ]
    days = ClosedDay.objects.filter(is_closed=True).values_list("day", "name", "name_fr", "opens", "closes")
    return Calendar(
        week=in_order[0][1] if in_order else {},
        special_days={day: SpecialDay(name, name_fr, blocks_of(*hours)) for day, name, name_fr, *hours in days},
        later_weeks=tuple(in_order[1:]),
    )


def blocks_of(opens: time | None, closes: time | None) -> tuple[Block, ...]:
    return (Block(opens, closes),) if opens and closes else ()


def calendar_of(request: HttpRequest) -> Calendar:
    """The same for the header of every page: asked once per request, and of the database once a minute.

    What is promised (`due_at`) always comes from `load_calendar`.
    """
    if not hasattr(request, "business_calendar"):
        request.business_calendar = recent_calendar()  # type: ignore[attr-defined]
    return request.business_calendar  # type: ignore[attr-defined]


def recent_calendar() -> Calendar:
    """At most a minute old."""
    try:
        return cache.get_or_set(CACHE_KEY, load_calendar, timeout=60) or load_calendar()
    except (RedisError, OSError):
        return load_calendar()


def last_day_of_service(today: date) -> date:
    """The newest day with service hours, today included, that lies in reach of `access.trained.days_back`."""
    calendar, days = recent_calendar(), days_back(today)
    return next((day for day in days if calendar.blocks_on(day)), days[-1])


def forget_calendar() -> None:
    """Let every page ask the database again: the calendar has changed."""
    with suppress(RedisError, OSError):
        cache.delete(CACHE_KEY)


def hours_between(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The open hours of the days from one instant to another, for the audit."""
    calendar, day, last = recent_calendar(), local_day(start), local_day(end)
    days = (day + timedelta(days=number) for number in range((last - day).days + 1))
    return [span for one in days for span in spans_on(one, calendar)]
