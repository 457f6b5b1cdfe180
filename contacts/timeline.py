"""What happened with one contact, from every app, newest first (R-CAL-09).

The page belongs to contacts; higher apps add what they know: `register(...)` in their `AppConfig.ready()`. Whatever the
number of kinds, the page asks the database once: every source hands over a query, and all of them become one UNION.
Entries stand in one order without ties, so that the next page begins exactly where this one ends.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.utils.functional import Promise

from contacts.models import Contact
from i2a.wall_time import local_day

PAGE = 30


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `url` leads to its record, and is empty for who may not open that."""

    at: datetime
    kind: str
    icon: str
    title: str
    detail: str = ""
    text: str = ""
    tone: str = ""
    by: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()


class Place(NamedTuple):
    """Where an entry stands: newest first; at one instant by query, and within a query by its id."""

    at: datetime
    query: int = -1  # of no query: everything at this instant stands before it
    pk: int = 0


@dataclass(frozen=True)
class Row:
    """What the database said of one entry. `of` is the source's own JSON: instants in it are texts, see `instant`."""

    kind: str
    place: Place
    of: dict[str, Any]

    @property
    def at(self) -> datetime:
        return self.place.at


@dataclass(frozen=True)
class Source:
    """One kind of entry and its tab; `position` orders the tabs.

    `rows(contact, user)`: queries annotated with `entry_at` and `entry_row` (a JSON object), of rows this user may see;
    with `entry_id` when a primary key does not name a row. That they may see the contact has been asked.
    `entries(rows, user)`: the same in words, as many and in that order.
    """

    kind: str
    label: str | Promise
    position: int
    rows: Callable[[Contact, Any], list[QuerySet[Any]]]
    entries: Callable[[list[Row], Any], list[Entry]]
    nothing: str | Promise = ""  # what its tab says when there is none


@dataclass(frozen=True)
class Page:
    """`earlier` is the place of the last entry when there are more, None on the last page."""

    entries: list[Entry]
    earlier: Place | None

    @property
    def days(self) -> list[tuple[date, list[Entry]]]:
        """By Edmonton day."""
        return [(day, list(group)) for day, group in groupby(self.entries, key=lambda entry: local_day(entry.at))]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add or replace the source of a kind."""
    _sources[source.kind] = source


def sources() -> list[Source]:
    return sorted(_sources.values(), key=lambda source: (source.position, source.kind))


def page_of(contact: Contact, user: Any, *, show: str = "", before: Place | None = None, limit: int = PAGE) -> Page:
    """A page of the timeline, of one kind or of all. `before` is a place on the timeline of the same `show`."""
    rows = rows_of(contact, user, show=show, before=before, limit=limit + 1)
    shown = rows[:limit]
    return Page(in_words(shown, user), shown[-1].place if len(rows) > limit else None)


def rows_of(contact: Contact, user: Any, *, show: str, before: Place | None, limit: int) -> list[Row]:
    columns = ["entry_kind", "entry_at", "entry_query", "entry_id", "entry_row"]
    newest_first = ["-entry_at", "-entry_query", "-entry_id"]
    queries = []
    for number, (kind, rows) in enumerate(queries_of(contact, user, show)):
        rows = rows.annotate(entry_kind=Value(kind, CharField()), entry_query=Value(number, IntegerField()))
        if "entry_id" not in rows.query.annotations:
            rows = rows.annotate(entry_id=F("pk"))
        rows = rows if before is None else earlier_than(before, rows, number)
        queries.append(rows.order_by("-entry_at", "-entry_id").values_list(*columns)[:limit])
    if not queries:
        return []
    found = queries[0].union(*queries[1:], all=True).order_by(*newest_first)[:limit] if queries[1:] else queries[0]
    return [Row(kind, Place(at, number, pk), of) for kind, at, number, pk, of in found]


def queries_of(contact: Contact, user: Any, show: str) -> Iterator[tuple[str, QuerySet[Any]]]:
    for source in sources():
        if show in ("", source.kind):
            for rows in source.rows(contact, user):
                yield source.kind, rows


def earlier_than(place: Place, rows: QuerySet[Any], number: int) -> QuerySet[Any]:
    """What stands after `place` in the query of this number."""
    if number == place.query:
        return rows.filter(TupleLessThan(Tuple(F("entry_at"), F("entry_id")), (place.at, place.pk)))
    return rows.filter(entry_at__lte=place.at) if number < place.query else rows.filter(entry_at__lt=place.at)


def in_words(rows: list[Row], user: Any) -> list[Entry]:
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    told: dict[Place, Entry] = {}
    for kind, found in by_kind.items():
        told |= zip((row.place for row in found), _sources[kind].entries(found, user), strict=True)
    return [told[row.place] for row in rows]


def name_of(person: str) -> Coalesce:
    """For `entry_row`: the name of the user behind a foreign key, as `str(user)` says it."""
    full = Trim(Concat(f"{person}__first_name", Value(" "), f"{person}__last_name"))
    return Coalesce(NullIf(full, Value("")), f"{person}__username", Value(""))


def instant(text: str | None) -> datetime | None:
    """An instant out of a JSON row."""
    return datetime.fromisoformat(text) if text else None
