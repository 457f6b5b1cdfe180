"""What happened with one contact, from every app, newest first (R-CAL-09).

The page belongs to contacts; higher apps add what they know: `register(...)` in their `AppConfig.ready()`. Whatever the
number of kinds, the page asks the database once: every source hands over queries, and all of them become one UNION.
Writing their SQL takes Django longer than PostgreSQL needs to answer it: it is written once per process and language.
Entries stand in one order without ties, so that the next page begins exactly where this one ends.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Expression, F, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.utils.functional import Promise
from django.utils.translation import get_language

from contacts.models import Contact
from i2a.wall_time import local_day

PAGE = 30
NEWEST = """(
    SELECT %s AS kind, entry_at, %s AS query, entry_id, entry_row FROM ({sql}) AS entry WHERE {condition}
    ORDER BY entry_at DESC, entry_id DESC LIMIT %s
)"""
NEWEST_OF_ALL = "SELECT * FROM ({queries}) AS timeline ORDER BY entry_at DESC, query DESC, entry_id DESC LIMIT %s"


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


class Viewed(Expression):
    """The contact whose timeline it is, in the query of a source. Which one that is, is said when the query runs."""

    output_field = BigIntegerField()
    number = object()  # stands among the parameters for the contact's number

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self.number,)


@dataclass(frozen=True)
class Source:
    """One kind of entry and its tab; `position` orders the tabs.

    `rows(contact)`: queries about `contact` (a `Viewed`), annotated with `entry_at` and `entry_row` (a JSON object);
    with `entry_id` when a primary key does not name a row. They are the same for everybody: whoever may see the
    contact and holds `permission` sees them.
    `entries(rows, user)`: the same in words, as many and in that order.
    """

    kind: str
    label: str | Promise
    position: int
    rows: Callable[[Viewed], list[QuerySet[Any]]]
    entries: Callable[[list[Row], Any], list[Entry]]
    nothing: str | Promise = ""  # what its tab says when there is none
    permission: str = ""


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
    queries: list[str] = []
    values: list[Any] = []
    for number, (kind, sql, asked) in enumerate(queries_for(user, show)):
        condition, place = earlier_than(before, number)
        queries.append(NEWEST.format(sql=sql, condition=condition))
        about = (contact.pk if value is Viewed.number else value for value in asked)
        values += [kind, number, *about, *place, limit]
    if not queries:
        return []
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_OF_ALL.format(queries=" UNION ALL ".join(queries)), [*values, limit])
        found = cursor.fetchall()
    return [Row(kind, Place(at, number, pk), json.loads(row)) for kind, at, number, pk, row in found]


def queries_for(user: Any, show: str) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """Kind, SQL and parameters of each query, of one kind or of all that `user` may see."""
    for source in sources():
        if show in ("", source.kind) and (not source.permission or user.has_perm(source.permission)):
            for sql, values in written(source.rows, get_language()):
                yield source.kind, sql, values


@cache
def written(rows: Callable[[Viewed], list[QuerySet[Any]]], language: str | None) -> list[tuple[str, tuple[Any, ...]]]:
    """The SQL of a source. It may differ by language: the names of topics are read in the one of the page."""
    return [sql_of(query) for query in rows(Viewed())]


def sql_of(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    if "entry_id" not in rows.query.annotations:
        rows = rows.annotate(entry_id=F("pk"))
    return rows.order_by().values_list("entry_at", "entry_id", "entry_row").query.sql_with_params()


def earlier_than(place: Place | None, number: int) -> tuple[str, list[Any]]:
    """What stands after `place` in the query of this number."""
    if place is None:
        return "true", []
    if number == place.query:
        return "(entry_at, entry_id) < (%s, %s)", [place.at, place.pk]
    return ("entry_at <= %s" if number < place.query else "entry_at < %s"), [place.at]


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
