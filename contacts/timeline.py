"""What happened with one contact, from every app, newest first (R-CAL-09).

The page belongs to contacts; higher apps add what they know: `register(...)` in their `AppConfig.ready()`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.functional import Promise

from contacts.models import Contact
from i2a.wall_time import local_day

PAGE = 30


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `identity` names the row behind it; an entry that shows another one's row as part of
    itself `covers` it, and that other entry is left out: a call shows its note."""

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
    identity: str = ""
    covers: tuple[str, ...] = ()


# (contact, user, before, limit): the newest entries with `at < before` (None: no bound), at most `limit`. The user may
# see the contact; whether they may see the rows of the source is for the source to ask.
Entries = Callable[[Contact, Any, datetime | None, int], Iterable[Entry]]


@dataclass(frozen=True)
class Source:
    """One kind of entry and its tab. `position` orders the tabs."""

    kind: str
    label: str | Promise
    position: int
    entries: Entries


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


def page_of(contact: Contact, user: Any, *, show: str = "", before: datetime | None = None) -> Page:
    """A page of the timeline, of one kind or of all. What happened at the same instant is never torn apart."""
    chosen = [source for source in sources() if show in ("", source.kind)]
    found = [entry for source in chosen for entry in source.entries(contact, user, before, PAGE + 1)]
    covered = {identity for entry in found for identity in entry.covers}
    entries = sorted(
        (entry for entry in found if entry.identity not in covered), key=lambda entry: entry.at, reverse=True
    )
    last = entries[PAGE - 1].at if len(entries) > PAGE else None
    shown = [entry for entry in entries if last is None or entry.at >= last]
    days = [(day, list(group)) for day, group in groupby(shown, key=lambda entry: local_day(entry.at))]
    return Page(days, last if len(shown) < len(entries) else None)
