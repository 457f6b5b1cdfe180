""" "Do not contact": one decision of the client, with everything that follows from it in one transaction (R-CNS-03)."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from access.models import User
from audit.models import AccessEvent
from audit.services import record_access
from contacts import pending
from contacts.choices import ConsentStatus, Language, Source
from contacts.models import ConsentEvent, Contact, Suppression
from contacts.services import consents
from contacts.services.contacts import change_contact
from contacts.services.writing_down import entry_of_stop, write_down


@transaction.atomic
def record_do_not_contact(
    *,
    contact: Contact,
    dropped: Collection[str] = (),
    language: Language | str,
    source: Source,
    source_ref: str,
    by: User,
    now: datetime,
) -> list[ConsentEvent]:
    """Withdraw everything, suppress the address, erase the postal one and end what is planned; return the withdrawals.

    `dropped` names the work (`contacts.pending`) that the client asked for and no longer expects. What they ask for
    later can still be sent. Repeating it changes nothing: the day on the banner is the first one.
    """
    events = consents.withdraw_all(
        contact=contact, language=Language(language), source=source, source_ref=source_ref, by=by, now=now
    )
    row = Contact.objects.get(pk=contact.pk)  # locked by now
    pending.end_all(row, dropped=dropped, by=by, now=now)
    if row.do_not_contact:
        return events
    suppress(row, source=source, now=now)
    flags = {"do_not_contact": True, "do_not_contact_at": now, "do_not_contact_by": by}
    row = change_contact(contact=row, values=flags, version=row.version, by=by, now=now)
    for name in [*flags, "version", "updated_at", "updated_by"]:
        setattr(contact, name, getattr(row, name))
    withdrawn = sorted({event.purpose for event in events if event.status == ConsentStatus.WITHDRAWN})
    record_access(
        kind=AccessEvent.Kind.CONSENT_WITHDRAWN,
        object_type="contacts.contact",
        object_uid=row.uid,
        detail={"how": str(source), "purposes": withdrawn, "do_not_contact": True},
    )
    return events


def suppress(contact: Contact, *, source: Source, now: datetime) -> None:
    """Nothing promotional leaves for this address any more, whichever record it comes back with."""
    entry = entry_of_stop(contact, uid=uuid4(), source=source, at=now)
    write_down([entry])
    if entry.address:
        Suppression.objects.create(uid=entry.uid, fingerprint=entry.address, at=now, contact=contact)
