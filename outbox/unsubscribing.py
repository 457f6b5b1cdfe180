"""What following the link of a mail does: it ends agreements, at once and for everything that waits (R-CMP-05)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from audit.actor import acting_as_recipient
from audit.models import AccessEvent
from audit.services import record_access
from contacts import gate
from contacts.choices import ConsentStatus, Language, Purpose, Source
from contacts.merging import survivor_of
from contacts.models import ConsentState, Contact
from contacts.services import consents
from outbox.models import Message
from outbox.states import Rows, State, Step, take
from outbox.unsubscribe import hash_of

WAITING = "contact_id = ANY(%s) AND kind = ANY(%s) AND state = 'queued'"


@dataclass(frozen=True)
class Choice:
    """One thing that the receiver agreed to once. `at`: since when it is as it is."""

    purpose: Purpose
    is_on: bool
    at: datetime


def message_of(token: str) -> Message | None:
    """The mail whose link this is. It works for ever, also when its receiver was merged or anonymised since."""
    messages = Message.objects.select_related("contact", "content", "consent_event")
    return messages.filter(unsubscribe_tokens__sha256=hash_of(token)).first()


def receiver_of(message: Message) -> Contact:
    """The record that stands for the receiver today."""
    return survivor_of(message.contact)


def choices_of(message: Message) -> list[Choice]:
    """What the receiver agreed to, on any channel, or agreed to once and has ended. The mail's own purpose first."""
    states = ConsentState.objects.filter(contact=receiver_of(message)).select_related("event")
    answers: dict[str, list[ConsentState]] = {}
    for state in states:
        if state.status in consents.LIVE or state.status == ConsentStatus.WITHDRAWN:
            answers.setdefault(state.purpose, []).append(state)
    return sorted(
        (_choice(Purpose(purpose), answered) for purpose, answered in answers.items()),
        key=lambda choice: (choice.purpose != message.kind, Purpose.values.index(choice.purpose)),
    )


def _choice(purpose: Purpose, answered: list[ConsentState]) -> Choice:
    live = [state for state in answered if state.status in consents.LIVE]
    return Choice(purpose, bool(live), max(state.event.at for state in live or answered))


@transaction.atomic
def unsubscribe(*, message: Message, purposes: Iterable[Purpose], source: Source, now: datetime) -> None:
    """End `purposes` for the receiver of `message`, and withhold what waits for them. Repeating it is harmless."""
    contact, ended = receiver_of(message), sorted(purposes)
    with acting_as_recipient():
        consents.withdraw(
            contact=contact,
            purposes=ended,
            language=Language(message.content.language),
            source=source,
            source_ref=message.reference,
            by=None,
            now=now,
        )
        detail = {"how": source.value, "purposes": ended, "message": str(message.uid)}
        kind = AccessEvent.Kind.CONSENT_WITHDRAWN
        record_access(kind=kind, object_type="contacts.contact", object_uid=contact.uid, detail=detail)
        _withhold({contact.pk, message.contact_id}, ended, now)


def _withhold(contacts: set[int], purposes: list[Purpose], now: datetime) -> None:
    """What waits is taken out at once. What a sender has claimed already is asked about again before it leaves."""
    waiting = Rows(WAITING, [list(contacts), purposes], "FOR UPDATE SKIP LOCKED")
    reason = gate.Reason.WITHDRAWN.value
    step = Step(
        State.WITHHELD,
        at=now,
        columns={"reason": reason},
        access=(AccessEvent.Kind.EMAIL_WITHHELD, {"reason": reason}),
    )
    with connection.cursor() as cursor:
        take(cursor, waiting, step)
