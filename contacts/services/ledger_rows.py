"""Rows of the consent ledger, and the locks under which they are written. What an answer means, `consents` knows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from access.models import User
from contacts.choices import FUTURE_CONTACT_PURPOSES, Basis, Channel, ConsentStatus, FutureContact
from contacts.models import ConsentEvent, ConsentState, Contact, Suppression
from contacts.services.writing_down import ADDRESS_CHANGED, entries_of, write_down

LIVE = {ConsentStatus.GRANTED, ConsentStatus.UNCONFIRMED, ConsentStatus.LEGACY}
MAY_END = LIVE | {ConsentStatus.LAPSED}
NO_ANSWER = {ConsentStatus.CANCELLED, ConsentStatus.LAPSED}
COPIED_PROOF = [
    "basis", "source", "source_ref", "text_version", "language", "email_fingerprint", "minor_understands"
]  # fmt: skip
Key = tuple[str, str]


def append(contact: Contact, keys: Iterable[Key], status: ConsentStatus, **proof: Any) -> list[ConsentEvent]:
    """One row per purpose and channel, each with its audit entry."""
    basis = Basis.EXPRESS if status == ConsentStatus.GRANTED else Basis.NONE
    return [
        ConsentEvent.objects.create(
            contact=contact,
            purpose=purpose,
            channel=channel,
            status=status,
            basis=basis,
            email_fingerprint=contact.email_fingerprint,
            **proof,
        )
        for purpose, channel in keys
    ]


def append_withdrawals(
    contact: Contact, ending: dict[Key, ConsentEvent], *, at: datetime, **proof: Any
) -> list[ConsentEvent]:
    """End the answers in `ending`. Their addresses are suppressed: today's by a trigger, the one they were given for
    here, when it is another one."""
    for (purpose, channel), answer in ending.items():
        given_for = answer.email_fingerprint
        if channel == Channel.EMAIL and given_for and given_for != contact.email_fingerprint:
            Suppression.objects.create(fingerprint=given_for, purpose=purpose, at=at, contact=contact)
    events = append(contact, ending, ConsentStatus.WITHDRAWN, at=at, **proof)
    write_down(entries_of(events))
    return events


def unconfirm(contact: Contact, *, by: User | None, now: datetime) -> list[ConsentEvent]:
    """The contact's address was changed: what was agreed for another one must be confirmed first (R-CNS-06)."""
    granted = {
        key: event
        for key, event in lock_answers(contact).items()
        if key[1] == Channel.EMAIL
        and event.status == ConsentStatus.GRANTED
        and event.email_fingerprint != contact.email_fingerprint
    }
    events = [
        ConsentEvent.objects.create(
            contact=contact,
            purpose=purpose,
            channel=channel,
            status=ConsentStatus.UNCONFIRMED,
            at=now,
            recorded_by=by,
            correction_reason=ADDRESS_CHANGED,
            **{name: getattr(event, name) for name in COPIED_PROOF} | {"basis": Basis.NONE},
        )
        for (purpose, channel), event in granted.items()
    ]
    write_down(entries_of(events))
    return events


def lock_with_sharers(contact: Contact, *fingerprints: str) -> Contact:
    """The row as it stands, locked, with everybody who has one of these addresses: a withdrawal binds them, too, so a
    mail that is just leaving is waited for.

    Always in the order of the keys. Who changes a contact and may write its ledger afterwards begins with this: two
    records that share an address would wait for each other otherwise.
    """
    sharing = Q(pk=contact.pk) | Q(email_fingerprint__in=set(fingerprints) - {""})
    locked = list(Contact.objects.select_for_update().filter(sharing).order_by("pk"))
    return next(found for found in locked if found.pk == contact.pk)


def lock_contact(contact: Contact) -> dict[Key, ConsentEvent]:
    """The answers in force, locked: two answers of one person are recorded one after the other, and a sender waits."""
    row = Contact.objects.only("email_fingerprint").get(pk=contact.pk)
    own = lock_with_sharers(contact, row.email_fingerprint)
    contact.email_fingerprint = own.email_fingerprint  # the address the answer is given for
    return lock_answers(contact)


def lock_answers(contact: Contact) -> dict[Key, ConsentEvent]:
    states = ConsentState.objects.select_for_update(of=("self",)).select_related("event").filter(contact=contact)
    return {(state.purpose, state.channel): state.event for state in states.order_by("pk")}


def summary_of(contact: Contact) -> FutureContact:
    """INV-07: agreed while any purpose of future contact is granted or unconfirmed."""
    states = ConsentState.objects.filter(contact=contact, purpose__in=FUTURE_CONTACT_PURPOSES)
    statuses = set(states.values_list("status", flat=True)) - NO_ANSWER
    if statuses & LIVE:
        return FutureContact.AGREED
    return FutureContact.DECLINED if statuses else FutureContact.NOT_ASKED
