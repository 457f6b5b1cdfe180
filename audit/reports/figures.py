"""How many entries each question had on each of the last days, for the small pictures of the first page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from audit.models import AccessEvent, LogEntry
from audit.reports.asked import DAYS
from audit.reports.topics import Topic
from i2a.clock import EDMONTON

HEIGHT, STEP, WIDTH = 32, 10, 7


@dataclass(frozen=True)
class Bar:
    x: int
    y: float
    height: float
    is_today: bool


@dataclass(frozen=True)
class Figure:
    """`bars`: the days, today last."""

    total: int
    today: int
    bars: list[Bar]


def figures_of(topics: Iterable[Topic], today: date) -> dict[str, Figure]:
    """Two statements, one for each table, however many topics."""
    asked = list(topics)
    first = today - timedelta(days=DAYS - 1)
    start, until = (datetime.combine(day, time(), tzinfo=EDMONTON) for day in (first, today + timedelta(days=1)))
    days = [first + timedelta(days=number) for number in range(DAYS)]
    counts = {topic.code: dict.fromkeys(days, 0) for topic in asked}
    for column, table in [("at", AccessEvent), ("timestamp", LogEntry)]:
        conditions = {topic.code: condition_of(topic, column, start, until) for topic in asked}
        add_counts(
            counts, table, column, start, until, {code: one for code, one in conditions.items() if one is not None}
        )
    return {code: drawn(by_day, today) for code, by_day in counts.items()}


def condition_of(topic: Topic, column: str, start: datetime, until: datetime) -> Q | None:
    """What a topic asks of one table, as a condition."""
    return topic.of_accesses(start, until) if column == "at" else topic.of_changes(start, until)


def add_counts(
    counts: dict[str, dict[date, int]],
    table: Any,
    column: str,
    start: datetime,
    until: datetime,
    conditions: dict[str, Q],
) -> None:
    rows: QuerySet[Any] = table.objects.filter(**{f"{column}__gte": start, f"{column}__lt": until})
    rows = rows.annotate(entry_day=TruncDate(column, tzinfo=EDMONTON)).order_by().values("entry_day")
    totals = {f"of_{code}": Count("pk", filter=condition) for code, condition in conditions.items()}
    for row in rows.annotate(**totals):
        for code in conditions:
            counts[code][row["entry_day"]] += row[f"of_{code}"]


def drawn(by_day: dict[date, int], today: date) -> Figure:
    most = max(by_day.values()) or 1
    bars = []
    for number, (day, count) in enumerate(by_day.items()):
        height = round(max(count / most * HEIGHT, 2 if count else 1), 1)
        bars.append(Bar(number * STEP, HEIGHT - height, height, day == today))
    return Figure(sum(by_day.values()), by_day.get(today, 0), bars)
