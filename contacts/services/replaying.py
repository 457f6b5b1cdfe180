"""Withdrawals that a restored backup has forgotten, from the journal beside the database (B4, design §4.8)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from contacts import journal
from contacts.choices import Basis, Channel, ConsentStatus, ContactStatus, FutureContact, Source
from contacts.journal import Line
from contacts.models import ConsentEvent, Contact, Suppression
from contacts.services.consents import follow_ledger
from contacts.services.contacts import change_contact
from contacts.services.ledger_rows import MAY_END, lock_contact
from contacts.services.writing_down import ADDRESS_CHANGED


@dataclass
class Replayed:
    lines: int = 0
    suppressed: int = 0
    withdrawn: int = 0
    stopped: int = 0


@transaction.atomic
def replay(*, now: datetime) -> Replayed:
    """Bring withdrawals that the database has forgotten back into force. It only lowers, and may be repeated.

    The address is suppressed in any case; the person withdraws where their record is still there. An agreement given
    after the withdrawal stands.

    :raises Damaged: the journal cannot be trusted; nothing was changed.
    """
    done, people = Replayed(), {journal.person_hash(uid): pk for uid, pk in Contact.objects.values_list("uid", "pk")}
    for line in list(journal.lines()):
        done.lines += 1
        contact = Contact.objects.filter(pk=people.get(line.entry.person, 0)).first()
        done.suppressed += suppress(line, contact)
        if contact is None or contact.status == ContactStatus.ANONYMISED:
            continue
        done.withdrawn += withdraw(line, contact, now=now)
        done.stopped += stop(line, contact, now=now)
    return done


def suppress(line: Line, contact: Contact | None) -> bool:
    entry = line.entry
    if not entry.address or entry.channel == Channel.PHONE or entry.what == journal.UNCONFIRMED:
        return False
    row = {"fingerprint": entry.address, "purpose": entry.purpose, "at": entry.at, "contact": contact}
    _row, is_new = Suppression.objects.get_or_create(uid=entry.uid, defaults=row)
    return is_new


def withdraw(line: Line, contact: Contact, *, now: datetime) -> bool:
    """Append the forgotten answer, unless it stands or the person has agreed since."""
    entry = line.entry
    if entry.what == journal.DO_NOT_CONTACT or ConsentEvent.objects.filter(uid=entry.uid).exists():
        return False
    before = lock_contact(contact).get((entry.purpose, entry.channel))
    can_end = MAY_END if entry.what == journal.WITHDRAWN else {ConsentStatus.GRANTED}
    if before is None or before.status not in can_end or before.at > entry.at:
        return False
    unconfirmed = {"text_version": before.text_version, "correction_reason": ADDRESS_CHANGED}
    ConsentEvent.objects.create(
        uid=entry.uid,
        contact=contact,
        purpose=entry.purpose,
        channel=entry.channel,
        status=entry.what,
        basis=Basis.NONE,
        source=Source.JOURNAL,
        source_ref=f"line {line.number}",
        language=before.language,
        at=entry.at,
        email_fingerprint=entry.address,
        **unconfirmed if entry.what == journal.UNCONFIRMED else {},
    )
    follow_ledger(contact, by=None, now=now)
    return True


def stop(line: Line, contact: Contact, *, now: datetime) -> bool:
    """ "Do not contact" is over only when the person has agreed since."""
    entry = line.entry
    row = Contact.objects.get(pk=contact.pk)
    if entry.what != journal.DO_NOT_CONTACT or row.do_not_contact or row.status != ContactStatus.ACTIVE:
        return False
    granted = ConsentEvent.objects.filter(contact=row, status=ConsentStatus.GRANTED)
    if granted.filter(at__gt=entry.at).exists():
        return False
    flags = {"do_not_contact": True, "do_not_contact_at": entry.at, "future_contact": FutureContact.DECLINED}
    change_contact(contact=row, values=flags, version=row.version, by=None, now=now)
    return True
