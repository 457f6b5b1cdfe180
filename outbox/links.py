"""A link of one's own in a mail (R-SRV-03). It is made when the mail leaves and stands nowhere else: not in the words
that are kept, not in their fingerprint, not on a page.
"""

from collections.abc import Callable

from outbox.models import Message

PLACEHOLDER = "{link}"
SHOWN = "https://…"
Maker = Callable[[Message], str]
_makers: dict[str, Maker] = {}


def register(prefix: str, maker: Maker) -> None:
    """Higher apps say what the link of a mail of `prefix:…` is. Its words have `PLACEHOLDER` where it goes."""
    _makers[prefix] = maker


def has_link(mailing: str) -> bool:
    return _prefix(mailing) in _makers


def link_of(message: Message) -> str:
    """The link itself: only for the mail that leaves now."""
    return _makers[_prefix(message.purpose_key)](message)


def clickable(html: str) -> str:
    return html.replace(PLACEHOLDER, f'<a href="{PLACEHOLDER}">{PLACEHOLDER}</a>')


def shown(mailing: str, words: str) -> str:
    """As a page shows the words: with a link that leads nowhere."""
    return words.replace(PLACEHOLDER, SHOWN) if has_link(mailing) else words


def _prefix(mailing: str) -> str:
    return mailing.partition(":")[0]
