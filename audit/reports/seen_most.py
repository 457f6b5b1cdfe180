"""Who opened how many contacts: for the report of top viewers, and small on the first page of the audit."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count

from audit.models import AccessEvent
from audit.reports.asked import DAYS
from i2a.clock import EDMONTON

SHOWN, WIDTH, STEP, THICK = 3, 140, 12, 8


def counted(start: datetime, until: datetime) -> list[tuple[int, int, int]]:
    """Person, openings and different contacts, the most openings first."""
    opened = AccessEvent.objects.filter(
        kind=AccessEvent.Kind.VIEWED, object_type="contacts.contact", at__gte=start, at__lt=until, actor__isnull=False
    )
    rows = opened.order_by().values("actor").annotate(opened=Count("pk"), people=Count("object_uid", distinct=True))
    return [(row["actor"], row["opened"], row["people"]) for row in rows.order_by("-opened", "actor")]


@dataclass(frozen=True)
class SeenMost:
    """The longest bars (y, width) of the last days, and where the median stands among them."""

    bars: list[tuple[int, float]]
    median: float
    median_at: float
    most: int


def seen_most(today: date) -> SeenMost:
    start, until = (datetime.combine(day, time(), tzinfo=EDMONTON) for day in days(today))
    opened = [count for _person, count, _people in counted(start, until)]
    if not opened:
        return SeenMost([], 0, 0, 0)
    scale, middle = WIDTH / opened[0], median(opened)
    bars = [(number * STEP, round(count * scale, 1)) for number, count in enumerate(opened[:SHOWN])]
    return SeenMost(bars, middle, round(middle * scale, 1), opened[0])


def days(today: date) -> tuple[date, date]:
    return today - timedelta(days=DAYS - 1), today + timedelta(days=1)
