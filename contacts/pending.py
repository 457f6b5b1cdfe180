"""What is planned for a contact: shown before "do not contact" is recorded, and ended with it (R-CNS-03).

Higher apps add what they hold with `register(...)` in their `AppConfig.ready()`, as for the timeline.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from access.models import User
from contacts.models import Contact


class Fate(StrEnum):
    ENDS = "ends"  # nobody asked for it
    ASKED = "asked"  # the client asked for it: stays if they still expect it
    STAYS = "stays"  # on its way because the client asked for it


@dataclass(frozen=True)
class Work:
    """One thing that is planned. `key` names it in a form; `detail` is a second line, "" for none."""

    key: str
    fate: Fate
    label: str | Promise
    detail: str = ""


@dataclass(frozen=True)
class Source:
    """`end(contact, dropped, by, now)` ends what ENDS, and of what was ASKED those whose key is in `dropped`.

    `resume(contact, at, by)` takes back what `end` ended at that instant, as far as it can.
    """

    kind: str
    position: int
    find: Callable[[Contact], list[Work]]
    end: Callable[[Contact, Collection[str], User, datetime], Any]
    resume: Callable[[Contact, datetime, User], Any]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add or replace one kind of work."""
    _sources[source.kind] = source


def sources() -> list[Source]:
    return sorted(_sources.values(), key=lambda source: (source.position, source.kind))


def works_of(contact: Contact) -> list[Work]:
    return [work for source in sources() for work in source.find(contact)]


def end_all(contact: Contact, *, dropped: Collection[str] = (), by: User, now: datetime) -> None:
    for source in sources():
        source.end(contact, dropped, by, now)


def resume_all(contact: Contact, *, at: datetime, by: User) -> None:
    for source in sources():
        source.resume(contact, at, by)
