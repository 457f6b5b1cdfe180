"""Withdrawals go into the journal before they are committed: none can be in force and not in there (design §5)."""

import logging
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from contacts import journal
from contacts.choices import ConsentStatus
from contacts.journal import Entry
from contacts.models import ConsentEvent, Contact

ADDRESS_CHANGED = "The e-mail address was changed"  # stored, so not translated
logger = logging.getLogger(__name__)


def lowering() -> "QuerySet[ConsentEvent]":
    """What people withdrew, and what a changed address left unconfirmed. What a merge or a correction derives from
    it is not written down again."""
    withdrawn = Q(status=ConsentStatus.WITHDRAWN, correction_reason="")
    unconfirmed = Q(status=ConsentStatus.UNCONFIRMED, correction_reason=ADDRESS_CHANGED)
    return ConsentEvent.objects.filter(withdrawn | unconfirmed)


def entries_of(events: Iterable[ConsentEvent]) -> list[Entry]:
    return [
        Entry(
            at=event.at,
            uid=event.uid,
            what=event.status,
            purpose=event.purpose,
            channel=event.channel,
            source=event.source,
            person=journal.person_hash(event.contact.uid),
            address=event.email_fingerprint,
        )
        for event in events
    ]


def entry_of_stop(contact: Contact, *, uid: UUID, source: str, at: datetime) -> Entry:
    person = journal.person_hash(contact.uid)
    return Entry(at, uid, journal.DO_NOT_CONTACT, "", "", source, person, contact.email_fingerprint)


def write_down(entries: list[Entry]) -> None:
    """If the file cannot be written, the withdrawal counts all the same: `catch_up` writes it as soon as it can, and
    `/healthz` says "behind" until then."""
    if not entries:
        return
    try:
        journal.append(entries)
    except (OSError, journal.Damaged):
        logger.exception("The journal of withdrawals cannot be written")


def catch_up() -> int:
    """Write down what is missing; how many lines that was.

    :raises Damaged: the journal cannot be trusted.
    """
    present = {line.entry.uid for line in journal.lines()}
    events = lowering().select_related("contact").order_by("pk")
    missing = entries_of(event for event in events if event.uid not in present)
    if missing:
        journal.append(missing)
    return len(missing)


def state() -> str:
    """One word for `/healthz`: whether the newest withdrawal is in the journal."""
    newest = lowering().order_by("-pk").first()
    try:
        return "ok" if newest is None or newest.uid in journal.newest_uids() else "behind"
    except (OSError, journal.Damaged):
        return "damaged"
