"""What waits for one person on their first page. Apps say it in their `AppConfig.ready()`: this layer knows none."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Waiting:
    """One sentence that leads to where it is done."""

    words: str
    url: str
    is_urgent: bool = False


Source = Callable[[Any, datetime], Iterable[Waiting]]
_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """`source(user, now)` says only what this user may do now."""
    _sources[name] = source


def waiting_for(user: Any, now: datetime) -> list[Waiting]:
    """The urgent first."""
    return sorted(_all(user, now), key=lambda waiting: not waiting.is_urgent)


def _all(user: Any, now: datetime) -> Iterator[Waiting]:
    for source in _sources.values():
        yield from source(user, now)
