"""Mails that wait for a contact, as "do not contact" sees them."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from access.models import User
from contacts import gate
from contacts.models import Contact
from contacts.pending import Fate, Source, Work, register
from outbox.models import Message
from outbox.services import AlreadyLeft, cancel_queued


def register_source() -> None:
    """Called once, when the apps are ready."""
    register(Source("messages", 20, works_of, cancel_promotion, keep_cancelled))


def waiting(contact: Contact) -> list[Message]:
    queued = Message.objects.filter(contact=contact, state__in=[Message.State.QUEUED, Message.State.CLAIMED])
    return list(queued.select_related("content").order_by("created_at", "pk"))


def works_of(contact: Contact) -> list[Work]:
    return [
        Work(
            f"message:{message.uid}",
            Fate.ENDS if message.is_promotional else Fate.STAYS,
            message.get_kind_display() if message.is_promotional else _("Requested e-mail"),
            message.content.subject,
        )
        for message in waiting(contact)
    ]


def cancel_promotion(contact: Contact, dropped: Collection[str], by: User, now: datetime) -> None:
    """What a sender has claimed just now is withheld by the gate instead."""
    for message in waiting(contact):
        if message.is_promotional:
            try:
                cancel_queued(message=message, reason=gate.Reason.DO_NOT_CONTACT.value, now=now)
            except AlreadyLeft:
                continue


def keep_cancelled(contact: Contact, at: datetime, by: User) -> None:
    """A cancelled mail is not queued again: one invitation less harms nobody."""
