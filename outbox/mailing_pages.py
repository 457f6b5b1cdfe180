"""Where somebody reads on about the whole mailing that a mail belongs to. Higher apps know; outbox does not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class MailingPage:
    ref: str
    title: str
    url: str


Finder = Callable[[str, Any], MailingPage | None]
_finders: dict[str, Finder] = {}


def register(prefix: str, finder: Finder) -> None:
    """Of the key `prefix:REF`, `finder` gets the reference and who asks; None: there is no page for them."""
    _finders[prefix] = finder


def home_of(mailing: str, user: Any) -> MailingPage | None:
    prefix, _colon, ref = mailing.partition(":")
    finder = _finders.get(prefix)
    return finder(ref, user) if finder else None
