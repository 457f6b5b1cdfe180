"""Sending what somebody asked for, outside a call: once, and for 20 seconds it can be taken back (R-INF-01)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from access.models import User
from calls.models import DocumentVersion
from calls.selectors import UNDO_FOR
from calls.services.information import send_documents
from contacts.models import Contact
from outbox.models import Message
from outbox.services import cancel_queued

PURPOSE = "send"
UNDONE = "Undone right after sending"


class TooLateToUndo(Exception):
    """The 20 seconds are over, or the mail has left. Nothing was changed."""


@transaction.atomic
def send_once(
    *,
    contact: Contact,
    versions: Iterable[DocumentVersion],
    language: str,
    form_uuid: UUID,
    by: User,
    now: datetime,
) -> Message:
    """Queue the mail; the same form sent twice gives the first one back.

    :raises InformationRefused: the client has no address, or one that does not work.
    """
    Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)  # two clicks, one mail
    purpose_key = f"{PURPOSE}:{contact.ref}:{form_uuid}"
    queued = Message.objects.filter(contact=contact, purpose_key=purpose_key).first()
    if queued is not None:
        return queued
    return send_documents(
        contact=contact,
        versions=versions,
        language=language,
        purpose_key=purpose_key,
        not_before=now + UNDO_FOR,
        by=by,
        now=now,
    )


def undo_sending(*, message: Message, now: datetime) -> None:
    """:raises TooLateToUndo: nothing is changed then.
    :raises AlreadyLeft: it is on its way.
    """
    if message.not_before <= now or not message.purpose_key.startswith(f"{PURPOSE}:"):
        raise TooLateToUndo
    cancel_queued(message=message, reason=UNDONE, now=now)
