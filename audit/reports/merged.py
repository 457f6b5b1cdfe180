"""One list out of two tables, newest first: changes of records and what is no change.

Both are read by the same days, so that a page costs the same however much lies before them; pages are found by the key
of the last row, never by counting rows away, and no count goes beyond `COUNT_UP_TO` (performance notes, rule 5).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from audit.models import AccessEvent, LogEntry, ReviewItem
from audit.reports import naming
from audit.reports.asked import NOBODY, SYSTEM, Asked
from i2a.keyset import instant_of, number_of, parts_of, token_of

ROWS_PER_PAGE = 50
COUNT_UP_TO = 1_000


class Table(IntEnum):
    CHANGES = 0
    ACCESSES = 1


class Place(NamedTuple):
    """Where a row stands: newest first; at one instant what is no change before the changes it is about."""

    at: datetime
    table: int
    pk: int

    @property
    def token(self) -> str:
        return token_of(self.at.isoformat(), self.table, self.pk)


@dataclass(frozen=True)
class Page:
    places: list[Place]
    has_more: bool
    count: int  # at most one more than COUNT_UP_TO

    @property
    def is_capped(self) -> bool:
        return self.count > COUNT_UP_TO


Parts = list[tuple[Table, QuerySet[Any]]]
TIME = {Table.CHANGES: "timestamp", Table.ACCESSES: "at"}


def place_of(token: str) -> Place | None:
    """Tokens we did not write lead to the first page."""
    at, table, pk = (*parts_of(token), "", "", "")[:3]
    instant, number = instant_of(at), number_of(pk)
    if instant is None or number is None or table not in {"0", "1"}:
        return None
    return Place(instant, int(table), number)


def page_of(asked: Asked, *, after: Place | None = None, size: int = ROWS_PER_PAGE) -> Page:
    parts = tables(asked)
    found = _newest(parts, size + 1, after)
    has_more = len(found) > size
    is_whole = not found or not (has_more or after)
    return Page(found[:size], has_more, len(found) if is_whole else _count(parts, COUNT_UP_TO))


def newest(asked: Asked, limit: int) -> list[Place]:
    return _newest(tables(asked), limit, None)


def count_of(asked: Asked, up_to: int = COUNT_UP_TO) -> int:
    """At most one more than `up_to`."""
    return _count(tables(asked), up_to)


def _newest(parts: Parts, limit: int, after: Place | None) -> list[Place]:
    if not parts:
        return []
    rows = _together([placed(rows, table, after)[:limit] for table, rows in parts])
    in_order = rows.order_by("-entry_at", "-entry_table", "-entry_pk")[:limit] if len(parts) > 1 else rows
    return [Place(*row) for row in in_order]


def _count(parts: Parts, up_to: int) -> int:
    """Stops at one more, whichever table it has got to."""
    keys = [rows.order_by().annotate(entry_pk=F("pk")).values("entry_pk")[: up_to + 1] for _table, rows in parts]
    return int(_together(keys)[: up_to + 1].count())


def _together(parts: list[QuerySet[Any]]) -> QuerySet[Any]:
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def placed(rows: QuerySet[Any], table: Table, after: Place | None = None) -> QuerySet[Any]:
    column = TIME[table]
    if after is not None:
        rows = rows.filter(beyond(column, table, after))
    rows = rows.annotate(entry_at=F(column), entry_table=Value(int(table), IntegerField()), entry_pk=F("pk"))
    return rows.order_by(f"-{column}", "-pk").values_list("entry_at", "entry_table", "entry_pk")


def beyond(column: str, table: Table, after: Place) -> Any:
    if table == after.table:
        return TupleLessThan(Tuple(F(column), F("pk")), (after.at, after.pk))
    return Q(**{f"{column}__lte" if table < after.table else f"{column}__lt": after.at})


def tables(asked: Asked) -> Parts:
    """The rows that fit, of each table that the question is about."""
    keys, uids = naming.about(asked.target) if asked.target else ({}, [])
    found: Parts = []
    changes = asked.topic.changes(asked.start, asked.until)
    if changes is not None:
        changes = changes.filter(by_person(asked.person), of_models(asked.model), ~of_reviews_of(asked.by, "object_id"))
        found.append((Table.CHANGES, changes.filter(of_keys(keys)) if asked.target else changes))
    accesses = asked.topic.accesses(asked.start, asked.until)
    if accesses is not None:
        accesses = accesses.filter(by_person(asked.person), ~of_reviews_of(asked.by, "object_uid"))
        if asked.model:
            labels = [model._meta.label_lower for model in naming.family(asked.model)]
            accesses = accesses.filter(object_type__in=labels)
        found.append((Table.ACCESSES, accesses.filter(object_uid__in=uids) if asked.target else accesses))
    return found


def by_person(person: Any) -> Q:
    if person == SYSTEM:
        return Q(actor__isnull=True, actor_label__startswith="system:")
    if person == NOBODY:
        return Q(actor__isnull=True) & ~Q(actor_label__startswith="system:")
    return Q(actor=person) if person else Q()


def of_models(model: naming.Model | None) -> Q:
    return Q(content_type_id__in=naming.content_types(naming.family(model))) if model else Q()


def of_reviews_of(reader: Any, column: str) -> Q:
    """Nobody sees here, either, that their own reading is looked into (`ReviewItemQuerySet.visible_to`)."""
    items = ReviewItem.objects.filter(reader=reader)
    if column == "object_uid":
        return Q(object_type=ReviewItem._meta.label_lower, object_uid__in=items.values("uid"))
    return Q(content_type_id__in=naming.content_types([ReviewItem]), object_id__in=items.values("pk"))


def of_keys(keys: dict[naming.Model, list[int]]) -> Q:
    types = ContentType.objects.get_for_models(*keys)
    found = Q(pk__in=[])
    for model, pks in keys.items():
        found |= Q(content_type=types[model], object_id__in=pks)
    return found


def load(places: Iterable[Place]) -> dict[Place, LogEntry | AccessEvent]:
    """The rows of a page, each table by its keys and its days."""
    wanted = list(places)
    if not wanted:
        return {}
    span = (min(place.at for place in wanted), max(place.at for place in wanted))
    pks = {table: [place.pk for place in wanted if place.table == table] for table in Table}
    found: dict[Place, LogEntry | AccessEvent] = {}
    if pks[Table.CHANGES]:
        entries = LogEntry.objects.filter(pk__in=pks[Table.CHANGES], timestamp__range=span)
        for entry in entries.select_related("actor", "content_type"):
            found[Place(entry.timestamp, Table.CHANGES, entry.pk)] = entry
    if pks[Table.ACCESSES]:
        events = AccessEvent.objects.filter(pk__in=pks[Table.ACCESSES], at__range=span)
        for event in events.select_related("actor"):
            found[Place(event.at, Table.ACCESSES, event.pk)] = event
    return {place: found[place] for place in wanted if place in found}
