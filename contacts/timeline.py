"""What happened with one contact, from every app, newest first (R-CAL-09).

The page belongs to contacts; higher apps add what they know: `register(...)` in their `AppConfig.ready()`. Whatever the
number of kinds, the page asks the database once: every source hands over a query, and all of them become one UNION.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import CharField, QuerySet, Value
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


@dataclass(frozen=True)
class Row:
    """What the database said of one entry. `of` is the source's own JSON: instants in it are texts, see `instant`."""

    at: datetime
    of: dict[str, Any]


@dataclass(frozen=True)
class Source:
    """One kind of entry and its tab; `position` orders the tabs.

    `rows(contact, user)`: queries annotated with `entry_at` and `entry_row` (a JSON object), of rows this user may see.
    That they may see the contact has been asked. `entries(rows, user)`: the same in words, as many and in that order.
    """

    kind: str
    label: str | Promise
    position: int
    rows: Callable[[Contact, Any], list[QuerySet[Any]]]
    entries: Callable[[list[Row], Any], list[Entry]]
    nothing: str | Promise = ""  # what its tab says when there is none


@dataclass(frozen=True)
class Page:
    """Entries by Edmonton day. `earlier` is where the next page begins, None on the last one."""

    days: list[tuple[date, list[Entry]]]
    earlier: datetime | None


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add or replace the source of a kind."""
    _sources[source.kind] = source


def sources() -> list[Source]:
    return sorted(_sources.values(), key=lambda source: (source.position, source.kind))


def page_of(contact: Contact, user: Any, *, show: str = "", before: datetime | None = None, limit: int = PAGE) -> Page:
    """A page of the timeline, of one kind or of all. What happened at the same instant is never torn apart."""
    entries = newest(contact, user, show=show, before=before, limit=limit + 1)
    last = entries[limit - 1].at if len(entries) > limit else None
    shown = [entry for entry in entries if last is None or entry.at >= last]
    days = [(day, list(group)) for day, group in groupby(shown, key=lambda entry: local_day(entry.at))]
    return Page(days, last if len(shown) < len(entries) else None)


def newest(
    contact: Contact, user: Any, *, show: str = "", before: datetime | None = None, limit: int = PAGE
) -> list[Entry]:
    """At most `limit` entries of each kind with `at < before`, newest first."""
    queries = []
    for source in sources():
        if show in ("", source.kind):
            for rows in source.rows(contact, user):
                rows = rows if before is None else rows.filter(entry_at__lt=before)
                rows = rows.annotate(entry_kind=Value(source.kind, CharField())).order_by("-entry_at")
                queries.append(rows.values_list("entry_kind", "entry_at", "entry_row")[:limit])
    if not queries:
        return []
    return in_words(queries[0].union(*queries[1:], all=True), user)


def in_words(rows: Iterable[tuple[str, datetime, dict[str, Any]]], user: Any) -> list[Entry]:
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for kind, at, of in rows:
        by_kind[kind].append(Row(at, of))
    entries = [entry for kind, found in by_kind.items() for entry in _sources[kind].entries(found, user)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def name_of(person: str) -> Coalesce:
    """For `entry_row`: the name of the user behind a foreign key, as `str(user)` says it."""
    full = Trim(Concat(f"{person}__first_name", Value(" "), f"{person}__last_name"))
    return Coalesce(NullIf(full, Value("")), f"{person}__username", Value(""))


def instant(text: str | None) -> datetime | None:
    """An instant out of a JSON row."""
    return datetime.fromisoformat(text) if text else None
