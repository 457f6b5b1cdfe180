"""What shows that a client was answered: an e-mail that was sent, a call that was logged (R-FUP-03).

The calls are known to a higher app, which registers its own source.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from followups.models import FollowUp
from i2a.wall_time import say_when
from outbox.models import Message

MOST_SHOWN = 5
UNSENT = [Message.State.CANCELLED, Message.State.WITHHELD, Message.State.FAILED]


@dataclass(frozen=True)
class Evidence:
    """One answer that may be named. `key` is the source's own, unique within it."""

    key: str
    label: str


@dataclass(frozen=True)
class Source:
    """`find` is given the follow-up, who asks, and now; `link` notes in its own records that this one answered."""

    method: FollowUp.Method
    find: Callable[[FollowUp, Any, Any], list[Evidence]]
    link: Callable[[FollowUp, str], None]


_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Called once for each source, when the apps are ready."""
    _sources[name] = source


def choices_for(follow_up: FollowUp, user: Any, now: Any) -> list[tuple[str, str]]:
    return [
        (f"{name}:{found.key}", found.label)
        for name, source in sorted(_sources.items())
        for found in source.find(follow_up, user, now)
    ]


def source_of(choice: str) -> tuple[Source, str]:
    name, _colon, key = choice.partition(":")
    return _sources[name], key


def mails_since(follow_up: FollowUp, user: Any, now: Any) -> list[Evidence]:
    if follow_up.contact_id is None:
        return []
    mails = Message.objects.filter(
        contact_id=follow_up.contact_id, kind=Message.Kind.INFORMATION, created_at__gte=follow_up.received_at
    )
    recent = mails.exclude(state__in=UNSENT).select_related("content").order_by("-created_at", "-pk")[:MOST_SHOWN]
    return [Evidence(str(mail.uid), _say_mail(mail, now)) for mail in recent]


def _say_mail(mail: Message, now: Any) -> str:
    return _("E-mail of %(when)s: %(subject)s") % {
        "when": say_when(mail.created_at, now),
        "subject": mail.content.subject,
    }


def link_mail(follow_up: FollowUp, key: str) -> None:
    assert follow_up.contact_id is not None  # `mails_since` offers none without a contact
    follow_up.answer = Message.objects.get(uid=key, contact_id=follow_up.contact_id)


def register_mails() -> None:
    register("mail", Source(FollowUp.Method.EMAIL, mails_since, link_mail))
