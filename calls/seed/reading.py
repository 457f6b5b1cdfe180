"""What colleagues opened and looked up in the demonstration's month, and what the audit made of it."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from random import Random

from access.models import User
from audit.models import AccessEvent, ReviewItem
from audit.review import deciding, picking
from audit.review.rules import CONTACT
from audit.review_models import Finding
from calls.models import Call
from calls.seed.plan import SEED
from contacts.emails import keyed_digest
from contacts.models import Contact
from i2a.clock import EDMONTON

Kind = AccessEvent.Kind
BURST = 64  # contacts within an hour, by somebody curious
DAYS_LOOKED_AT = 6


def add_reading(users: dict[str, User], now: datetime) -> None:
    """A look at each caller's record, some lookups; and one evening of a colleague who opened far too many."""
    random = Random(SEED + 2)  # noqa: S311 - a story, not a secret
    calls = Call.objects.filter(contact__isnull=False).select_related("contact", "specialist").order_by("pk")
    events = [event for call in calls for event in around(call, random)]
    contacts = list(Contact.objects.active().filter(team=users["tomas"].team).order_by("pk"))
    evening = datetime.combine(now.astimezone(EDMONTON).date() - timedelta(days=3), time(18, 20), tzinfo=EDMONTON)
    events += [
        opened(users["tomas"], contact, evening + timedelta(seconds=40 * number), "team")
        for number, contact in enumerate(contacts[:BURST])
    ]
    noon = evening.replace(hour=12)
    events += [
        event_of(users["jun"], Kind.DENIED, noon, "contacts:detail", contacts[0]),
        opened(users["grant"], contacts[1], noon + timedelta(minutes=4), "complaint"),
        opened(users["ingrid"], contacts[1], noon + timedelta(hours=1), "review"),
        event_of(users["maya"], Kind.SEARCHED, noon, query=keyed_digest("bergeron-wolfe"), count=0, hidden=0),
    ]
    AccessEvent.objects.bulk_create(event for event in events if event.at < now)  # no audit: it is the audit
    look_into(users, now)


def around(call: Call, random: Random) -> Iterable[AccessEvent]:
    """The lookup before a call, and its caller's record; now and then the record once more, later."""
    yield event_of(call.specialist, Kind.SEARCHED, call.started_at, query=keyed_digest(call.ref), count=1, hidden=0)
    yield opened(call.specialist, call.contact, call.started_at + timedelta(seconds=20), "call")
    if random.random() < 0.25:
        yield opened(
            call.specialist, call.contact, call.ended_at + timedelta(minutes=random.randint(4, 50)), "follow_up"
        )


def opened(user: User, contact: Contact | None, at: datetime, purpose: str) -> AccessEvent:
    return event_of(user, Kind.VIEWED, at, contact=contact, purpose=purpose)


def event_of(
    user: User,
    kind: str,
    at: datetime,
    what: str = CONTACT,
    contact: Contact | None = None,
    **detail: object,
) -> AccessEvent:
    return AccessEvent(
        kind=kind,
        at=at,
        actor=user,
        actor_label=user.username,
        object_type=what,
        object_uid=contact.uid if contact else None,
        detail=detail,
    )


def look_into(users: dict[str, User], now: datetime) -> None:
    """The nights of the last days pick their items; some are looked into already."""
    for days in range(DAYS_LOOKED_AT, -1, -1):
        picking.pick_of_yesterday(now=now - timedelta(days=days))
    usual = ReviewItem.objects.filter(rule__in=["sample", "surname"]).exclude(reader=users["ingrid"]).order_by("pk")
    for number, item in enumerate(usual[:6]):
        deciding.state_finding(item=item, finding=Finding.NONE, explanation="", by=users["ingrid"], now=now)
        if number < 4:
            deciding.sign_off(item=item, by=users["ingrid"], now=now)
