"""The last question before a mail leaves: may it still? Asked under a lock, held until the server has answered."""

from uuid import UUID

from django.db import connection

from contacts import gate
from contacts.choices import Channel, ContactStatus, Purpose
from outbox.models import Message, Reason
from outbox.states import LEASE

LOCK_PERSON = """
SET LOCAL idle_in_transaction_session_timeout = %s;
SELECT id FROM contacts_contact WHERE id = (SELECT contact_id FROM outbox_message WHERE id = %s) FOR SHARE
"""
LOCK_CONSENT = "SELECT id FROM contacts_consentstate WHERE contact_id = %s AND purpose = %s AND channel = %s FOR SHARE"


def locked(pk: int, token: UUID) -> Message | None:
    """The message with its contact, whom nobody can change before our transaction ends; None if it is no longer ours.

    A withdrawal or a corrected address waits for us, at most for one SMTP time-out; once it is committed, we see it
    here (design §4.4).
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_PERSON, [int(LEASE.total_seconds() * 1000), pk])
        person = cursor.fetchone()
    messages = Message.objects.select_related("contact", "content")
    message = messages.filter(pk=pk, claim_token=token, state=Message.State.CLAIMED).first()
    if message is None or person is None or message.contact_id != person[0]:  # merged away while we waited
        return None
    return message


def reason_against(message: Message) -> str:
    """The first failing reason in the order of R-CNS-08; "": it may leave."""
    contact = message.contact
    if message.is_promotional:
        reason = _against_promotion(message)
    elif contact.status != ContactStatus.ACTIVE:
        reason = gate.Reason.NOT_ACTIVE
    else:  # what was asked for needs no consent (L-16), and goes to people who want no other contact
        reason = gate.about_email(contact)
    if reason:
        return reason
    return "" if contact.email == message.to_email else Reason.ADDRESS_CHANGED


def _against_promotion(message: Message) -> str:
    """The mail rests on one event, and that must still be the newest word on its purpose."""
    if message.consent_event_id is None:
        return gate.Reason.NO_CONSENT
    with connection.cursor() as cursor:
        cursor.execute(LOCK_CONSENT, [message.contact_id, message.kind, Channel.EMAIL.value])
    found = gate.verdict(message.contact, Purpose(message.kind), Channel.EMAIL)
    if found.is_allowed and found.event and found.event.pk != message.consent_event_id:
        return Reason.OTHER_CONSENT
    return found.reason
