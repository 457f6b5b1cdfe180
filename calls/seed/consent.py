"""Agreements that ended: never again, withdrawn by somebody with the same mailbox, another address, too long ago."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from access.models import User
from contacts.choices import Category, Channel, FutureContact, Language, Purpose, Source
from contacts.models import Contact, TextVersion
from contacts.services import consents
from contacts.services.contacts import change_contact, create_contact
from contacts.services.lapsing import lapse_of
from contacts.services.stopping import record_do_not_contact

WHOSE_MAILBOX_IS_SHARED = "jose.ramirez@example.org"
WHO_MOVED, NEW_ADDRESS = "siobhan@example.com", "siobhan.ni.fhicsean@example.net"


def stop(contacts: Iterable[Contact], users: dict[str, User]) -> None:
    """Each a moment after their last call."""
    for contact in contacts:
        record_do_not_contact(
            contact=contact,
            language=Language.EN,
            source=Source.CALL,
            source_ref=contact.ref,
            by=users["maya"],
            now=contact.last_activity_at + timedelta(minutes=1),
        )


def add_ended_agreements(
    contacts: Iterable[Contact], users: dict[str, User], words: TextVersion, now: datetime
) -> None:
    found = {contact.email: contact for contact in contacts}
    if WHOSE_MAILBOX_IS_SHARED in found:
        withdraw_from_the_same_mailbox(users["maya"], words, now)
    if WHO_MOVED in found:
        row = Contact.objects.get(pk=found[WHO_MOVED].pk)
        values = {"email": NEW_ADDRESS}
        change_contact(contact=row, values=values, version=row.version, by=users["tomas"], now=now - timedelta(hours=3))
    let_lapse(users["tomas"], words, now)


def withdraw_from_the_same_mailbox(by: User, words: TextVersion, now: datetime) -> None:
    contact = who_agreed(
        {
            "name": "Inés Ramírez Inventado",
            "email": WHOSE_MAILBOX_IS_SHARED,
            "phone": "+525555550171",
            "language": "es",
        },
        by,
        words,
        now - timedelta(days=3),
    )
    at = now - timedelta(hours=5)
    consents.withdraw(contact=contact, source=Source.EMAIL, source_ref=contact.ref, by=by, now=at)


def let_lapse(by: User, words: TextVersion, now: datetime) -> None:
    values = {"name": "Perpetua Bygone-Fable", "email": "perpetua.bygone@example.com", "phone": "+15875550158"}
    lapse_of(who_agreed(values, by, words, now - timedelta(days=800)), now=now - timedelta(days=60))


def who_agreed(
    values: dict[str, Any],
    by: User,
    words: TextVersion,
    at: datetime,
    purposes: Sequence[Purpose] = (Purpose.SEMINAR,),
) -> Contact:
    """Somebody who phoned the old line and agreed to something."""
    assert by.team  # everybody of the demonstration who answers calls has one
    contact = create_contact(values=values | {"category": Category.FOREIGN_NATIONAL}, team=by.team, by=by, now=at)
    consents.record_answers(
        contact=contact,
        answer=FutureContact.AGREED,
        purposes=purposes,
        channels=[Channel.EMAIL],
        text_version=words,
        language=Language.EN,
        source=Source.CALL,
        source_ref=contact.ref,
        by=by,
        now=at,
    )
    return contact
