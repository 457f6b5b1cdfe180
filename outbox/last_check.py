"""The last question before mails leave: may they still? Asked under locks, held until the server has answered."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from contacts import gate
from contacts.choices import Channel, ContactStatus, Purpose
from contacts.models import ConsentState, Contact
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
    ours = ours.filter(contact__in=people).select_related("contact", "consent_event")
    found = {message.pk: message for message in ours}
    asked = [found[pk] for pk in pks if pk in found]
    answers = _lock_answers([message.contact_id for message in asked if message.is_promotional])
    stops = _stops({message.contact_id for message in asked if message.is_promotional})
    return [
        Checked(message, reason_against(message, answers.get(message.contact_id, {}), stops.get(message.contact_id)))
        for message in asked
        if not message.is_promotional or answers.get(message.contact_id, {}) is not None
    ]


def _lock_answers(people: list[int]) -> dict[int, gate.Answers | None]:
    """By contact, the answers about e-mail; None where somebody is answering right now."""
    if not people:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LOCK_CONSENTS, [people, Channel.EMAIL.value])
        held = {pk for (pk,) in cursor.fetchall()}
    states = ConsentState.objects.filter(contact__in=people, channel=Channel.EMAIL).select_related("event")
    answers: dict[int, gate.Answers | None] = {}
    for state in states:
        known = answers.get(state.contact_id, {})
        if known is not None:
            answers[state.contact_id] = (
                {**known, (state.purpose, state.channel): state.event} if state.pk in held else None
            )
    return answers


def _stops(people: set[int]) -> dict[int, list[gate.Stop]]:
    """By contact, the withdrawals of their addresses: whoever withdraws one locks everybody who has it."""
    contacts = gate.with_stops(Contact.objects.filter(pk__in=people)) if people else []
    return {contact.pk: gate.stops_of(contact) for contact in contacts}


def reason_against(message: Message, answers: gate.Answers | None, stops: list[gate.Stop] | None = None) -> str:
    """The first failing reason in the order of R-CNS-08; "": it may leave."""
    contact = message.contact
    if message.is_promotional:
        reason = _against_promotion(message, answers or {}, stops)
    elif contact.status != ContactStatus.ACTIVE:
        reason = gate.Reason.NOT_ACTIVE
    else:  # what was asked for needs no consent (L-16), and goes to people who want no other contact
        reason = gate.about_email(contact)
    if reason:
        return reason
    return "" if contact.email == message.to_email else Reason.ADDRESS_CHANGED


def _against_promotion(message: Message, answers: gate.Answers, stops: list[gate.Stop] | None) -> str:
    """The mail rests on one event, and that must still be the newest word on its purpose."""
    found = gate.verdict(message.contact, Purpose(message.kind), Channel.EMAIL, answers=answers, stops=stops)
    if found.is_allowed and found.event and found.event.pk != message.consent_event_id:
        return Reason.OTHER_CONSENT
    return found.reason
