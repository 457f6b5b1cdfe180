"""Mail about one's own account. Access cannot mail; the app that can puts its function here when the apps are ready."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from access.models import User

Words = Callable[[], tuple[str, str]]  # subject and text, in the language that is active


class Mailer(Protocol):
    def __call__(self, *, key: str, to: Iterable[User], words: Words, now: datetime) -> int: ...


mailers: list[Mailer] = []


def tell(user: User, *, key: str, words: Words, now: datetime) -> None:
    """`key` says what it is about: told twice, it is mailed once."""
    for mail in mailers:
        mail(key=key, to=[user], words=words, now=now)


PASSWORD_LINK = "{password link}"  # noqa: S105 - stands in the stored text; the link itself is made when the mail leaves
fill_ins: dict[str, Callable[[User], str]] = {}


def filled_in(text: str, user: User) -> str:
    """The mail as it leaves: what may not lie in a table is put in here."""
    for mark, made_for in fill_ins.items():
        if mark in text:
            text = text.replace(mark, made_for(user))
    return text
