from collections import defaultdict

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from followups.calendar import Block, Calendar, SpecialDay
from followups.models import ClosedDay, ServiceHours

CACHE_KEY = "followups:calendar"


def load_calendar() -> Calendar:
    """The business calendar as it stands now. Two queries, whatever is asked of it."""
    week: dict[int, list[Block]] = defaultdict(list)
    for weekday, opens, closes in ServiceHours.objects.values_list("weekday", "opens", "closes"):
        week[weekday].append(Block(opens, closes))
    closed = ClosedDay.objects.filter(is_closed=True).values_list("day", "name", "name_fr")
    return Calendar(
        week={weekday: tuple(sorted(blocks)) for weekday, blocks in week.items()},
        special_days={day: SpecialDay(name, name_fr) for day, name, name_fr in closed},
    )


def calendar_of(request: HttpRequest) -> Calendar:
    """The same for the header of every page: asked once per request, and of the database once a minute.

    What is promised (`due_at`) always comes from `load_calendar`.
    """
    if not hasattr(request, "business_calendar"):
        request.business_calendar = _recent_calendar()  # type: ignore[attr-defined]
    return request.business_calendar  # type: ignore[attr-defined]


def _recent_calendar() -> Calendar:
    try:
        return cache.get_or_set(CACHE_KEY, load_calendar, timeout=60) or load_calendar()
    except (RedisError, OSError):
        return load_calendar()
