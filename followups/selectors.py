from collections import defaultdict

from django.http import HttpRequest

from followups.calendar import Block, Calendar, SpecialDay
from followups.models import ClosedDay, ServiceHours


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
    """The same, asked once per request: the header needs it on every page, and some pages do as well."""
    if not hasattr(request, "business_calendar"):
        request.business_calendar = load_calendar()  # type: ignore[attr-defined]
    return request.business_calendar  # type: ignore[attr-defined]
