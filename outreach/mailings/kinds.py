"""What campaigns and surveys have in common: words in two languages that go to a list of people."""

from datetime import date, time
from typing import Any, Protocol

from outbox.models import Message


class Mailing(Protocol):
    """`mailing` is what outbox knows its messages by, `listed` how many people are
    on its list."""

    subject_en: str
    text_en: str
    subject_fr: str
    text_fr: str
    listed: int
    pk: Any

    @property
    def mailing(self) -> str: ...

    @property
    def kind(self) -> Message.Kind: ...


class Scheduled(Protocol):
    """What the clocks of Edmonton show when it leaves."""

    send_on: date | None
    send_at: time | None
