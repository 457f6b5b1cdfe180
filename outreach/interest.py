"""Who showed interest in an event, from every app that hears of it: calls, later chats (R-CAL-10).

The page of an event belongs to outreach; higher apps `register(...)` what they know in their `AppConfig.ready()`.
Interest is not consent: nobody is invited because of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contacts.models import Contact
from outreach.models import Event


@dataclass(frozen=True)
class Interested:
    """What one person said last, and when."""

    contact: Contact
    words: str
    at: datetime


@dataclass(frozen=True)
class Interest:
    """`people` are those whom the user may see, the newest first; `hidden` counts the others."""

    people: list[Interested]
    hidden: int


Source = Callable[[Event, Any], Interest]
_sources: list[Source] = []


def register(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def interest_in(event: Event, user: Any) -> Interest:
    found = [source(event, user) for source in _sources]
    people = sorted((person for each in found for person in each.people), key=lambda person: person.at, reverse=True)
    return Interest(people, sum(each.hidden for each in found))
