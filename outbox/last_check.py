"""The last question before mails leave: may they still? Asked under locks, held until the server has answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from contacts import gate
from contacts.choices import Channel, ContactStatus, Purpose
from contacts.models import ConsentEvent, ConsentState, Contact
from outbox.models import Message, Reason
from outbox.states import LEASE

# Not on disk at once: what a crash forgets of this transaction, a withheld mail, is simply asked again.
# SKIP LOCKED: whoever is being changed right now is asked about in a moment, and a sender never waits for a person.
LOCK_PEOPLE = """
SET LOCAL idle_in_transaction_session_timeout = %s;
SET LOCAL synchronous_commit = off;
SELECT id FROM contacts_contact WHERE id IN (SELECT contact_id FROM outbox_message WHERE id = ANY(%s))
ORDER BY id FOR SHARE SKIP LOCKED
"""
LOCK_CONSENTS = """
SELECT id FROM contacts_consentstate WHERE contact_id = ANY(%s) AND channel = %s ORDER BY id FOR SHARE SKIP LOCKED
"""


Objector = Callable[[set[str]], dict[str, str]]
_objectors: dict[str, Objector] = {}


def register(prefix: str, objector: Objector) -> None:
    """Higher apps stop a whole mailing here: of `prefix:…` keys, which may not leave now, and why."""
    _objectors[prefix] = objector


def objections(mailings: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for prefix, objector in _objectors.items():
        if keys := {key for key in mailings if key.startswith(f"{prefix}:")}:
            found |= objector(keys)
    return found


@dataclass(frozen=True)
class Checked:
    """A message that nobody can take the ground from before our transaction ends. `reason`: why not; "": it may."""

    message: Message
    reason: str


def locked(pks: list[int], token: UUID) -> list[Checked]:
    """Those of `pks` that are still ours and whose people are not being changed, in their order.

    A withdrawal or a corrected address waits for us, at most for one SMTP time-out; once it is committed, we see it
    here (design §4.4).
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_PEOPLE, [int(LEASE.total_seconds() * 1000), pks])
        people = [pk for (pk,) in cursor.fetchall()]
    ours = Message.objects.filter(pk__in=pks, claim_token=token, state=Message.State.CLAIMED)
    # A contact that is not locked: somebody changes it, or it was merged away between the two statements.
    found = {message.pk: message for message in ours.filter(contact__in=people)}
    asked = [found[pk] for pk in pks if pk in found]
    answers = _lock_answers([message for message in asked if message.is_promotional])
    # With the withdrawals of their addresses: whoever withdraws one locks everybody who has it.
    contacts = gate.with_stops(Contact.objects.all()).in_bulk([message.contact_id for message in asked])
    against = objections({message.purpose_key for message in asked})
    return [
        _checked(message, contacts[message.contact_id], known, against.get(message.purpose_key, ""))
        for message in asked
        if (known := answers.get(message.contact_id, {})) is not None or not message.is_promotional
    ]


def _lock_answers(messages: list[Message]) -> Mapping[int, gate.Answers | None]:
    """By contact, the answers about e-mail for these purposes; None where somebody is answering right now."""
    people = [message.contact_id for message in messages]
    if not people:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LOCK_CONSENTS, [people, Channel.EMAIL.value])
        held = {pk for (pk,) in cursor.fetchall()}
    states = ConsentState.objects.filter(contact__in=people, channel=Channel.EMAIL)
    rows = list(states.values_list("pk", "contact_id", "purpose", "channel", "event_id"))
    kinds = {message.kind for message in messages}
    events = ConsentEvent.objects.in_bulk([event for *_key, purpose, _channel, event in rows if purpose in kinds])
    answers: dict[int, dict[tuple[str, str], ConsentEvent] | None] = {}
    for pk, contact, purpose, channel, event in rows:
        known = answers.setdefault(contact, {})
        if pk not in held:
            answers[contact] = None
        elif known is not None and event in events:
            known[(purpose, channel)] = events[event]
    return answers


def _checked(message: Message, contact: Contact, answers: gate.Answers | None, objection: str) -> Checked:
    message.contact = contact
    event = (answers or {}).get((message.kind, Channel.EMAIL))
    if event and event.pk == message.consent_event_id:
        message.consent_event = event
    return Checked(message, reason_against(message, answers) or objection)


def reason_against(message: Message, answers: gate.Answers | None) -> str:
    """The first failing reason in the order of R-CNS-08; "": it may leave."""
    contact = message.contact
    if message.is_promotional:
        reason = _against_promotion(message, answers or {})
    elif contact.status != ContactStatus.ACTIVE:
        reason = gate.Reason.NOT_ACTIVE
    else:  # what was asked for needs no consent (L-16), and goes to people who want no other contact
        reason = gate.about_email(contact)
    if reason:
        return reason
    return "" if contact.email == message.to_email else Reason.ADDRESS_CHANGED


def _against_promotion(message: Message, answers: gate.Answers) -> str:
    """The mail rests on one event, and that must still be the newest word on its purpose."""
    found = gate.verdict(message.contact, Purpose(message.kind), Channel.EMAIL, answers=answers)
    if found.is_allowed and found.event and found.event.pk != message.consent_event_id:
        return Reason.OTHER_CONSENT
    return found.reason
