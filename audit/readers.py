"""Who looked at a record, when, and for which work: on its page, for privacy officers (N11, F109)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from audit.history import say_actor
from audit.models import AccessEvent
from audit.reports import naming, purposes
from audit.reports.asked import A_YEAR
from i2a import clock

MAY_SEE = "audit.view_readers"
KINDS = [AccessEvent.Kind.VIEWED, AccessEvent.Kind.PRINTED]
SHOWN = 6
Look = tuple[str, AccessEvent, str]


@dataclass(frozen=True)
class Readers:
    """`looks`: the last ones, each with who, when and what for; `url`: all of them."""

    looks: list[Look]
    url: str


def readers_of(record: Any, user: Any) -> Readers | None:
    """None for who may not know."""
    if not user.has_perm(MAY_SEE):
        return None
    events = AccessEvent.objects.filter(object_uid=record.uid, kind__in=KINDS).select_related("actor")
    newest = events.order_by("-at", "-pk")[: SHOWN * 4]
    since = clock.today() - A_YEAR
    asked = urlencode({"did": "viewed", "record": getattr(record, "ref", record.uid), "since": since})
    looks = once((say_actor(event), event, what_for(event, record)) for event in newest)
    return Readers(looks[:SHOWN], f"{reverse('audit:entries')}?{asked}")


def once(looks: Iterable[Look]) -> list[Look]:
    """A page that loads parts of itself, or that was loaded again at once, is one look."""
    of_minute = {(by, event.at.replace(second=0, microsecond=0), why): (by, event, why) for by, event, why in looks}
    return list(of_minute.values())


def what_for(event: AccessEvent, record: Any) -> str:
    """For which work; before that which part of it, when it was not the record itself."""
    of_itself = event.object_type == record._meta.label_lower
    said = ["" if of_itself else naming.say_type(event.object_type)]
    said += [purposes.say(event.detail["purpose"])] if "purpose" in event.detail else []
    return ": ".join(filter(None, said))
