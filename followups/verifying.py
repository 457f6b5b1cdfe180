"""Who is phoned because a mail came back, and what follows from the call (R-INF-02).

The outbox records that a mail did not arrive; it knows nothing of follow-ups. This looks there, at every tick.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from access.models import User
from contacts.choices import ContactStatus, EmailState
from contacts.models import Contact
from contacts.services.contacts import change_contact
from followups.calendar import NoOpenDay
from followups.models import FollowUp, Verification
from followups.services import cancel_follow_up, raise_follow_up
from outbox.models import Message
from outbox.services import queue_information

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 100
NO_OTHER_CONTACT = "undeliverable – no other contact"
AGAIN = ":again:"


def open_verifications(*, now: datetime) -> int:
    """Raise a follow-up for each client whose requested information did not arrive; how many mails it was about.

    Safe to run twice, late, or twice at once.
    """
    waiting = Message.objects.undelivered().filter(verification=None, contact__status=ContactStatus.ACTIVE)
    found = list(waiting.order_by("pk")[:MOST_AT_ONCE])
    try:
        for message in found:
            open_verification(message=message, now=now)
    except NoOpenDay:  # the calendar must be mended first; the mails stay found
        logger.warning("no service hours: nobody can be given a day to phone about mail that came back")
    return len(found)


@transaction.atomic
def open_verification(*, message: Message, now: datetime) -> None:
    """One follow-up for one client, however many mails came back: a second mail joins the one that is open.

    Without a number nobody can be phoned: it is recorded and ends at once.

    :raises NoOpenDay: the calendar has no service hours.
    """
    contact = Contact.objects.select_for_update(of=("self",)).select_related("team").get(pk=message.contact_id)
    if Verification.objects.filter(message=message).exists():
        return
    kind = FollowUp.Kind.VERIFY_EMAIL
    follow_up = FollowUp.objects.open().filter(contact=contact, kind=kind).order_by("pk").first()
    if follow_up is None:
        asked_by = message.created_by
        follow_up = raise_follow_up(
            contact=contact,
            team=contact.team,
            assigned_to=asked_by if asked_by and asked_by.is_active else None,
            kind=kind,
            asked="",
            received_at=now,
            by=None,
            now=now,
        )
    Verification.objects.create(message=message, follow_up=follow_up)
    if not (contact.phone or contact.mobile):
        cancel_follow_up(follow_up=follow_up, reason=NO_OTHER_CONTACT, by=None, now=now)


@dataclass(frozen=True)
class Resent:
    """The mail that came back, and the one that took its place."""

    old: Message
    new: Message


@transaction.atomic
def send_again(*, follow_up: FollowUp, email: str, version: int, by: User, now: datetime) -> list[Resent]:
    """Write the address down as the client said it, and queue the same documents to it. Closing is the caller's part.

    It may be the same address as before: a mailbox can work again.

    :raises StaleVersion: somebody changed the contact since the page was opened; nothing was written.
    """
    contact = follow_up.contact
    assert contact is not None  # a verification has one
    values = {"email": email, "email_state": EmailState.OK}
    contact = change_contact(contact=contact, values=values, version=version, by=by, now=now)
    waiting = follow_up.verifications.filter(resent=None).select_related("message__content").order_by("pk")
    return [_queue_again(verification, contact, by, now) for verification in waiting]


def _queue_again(verification: Verification, contact: Contact, by: User, now: datetime) -> Resent:
    old = verification.message
    new = queue_information(
        contact=contact,
        content=old.content,
        purpose_key=f"{old.purpose_key.partition(AGAIN)[0]}{AGAIN}{old.pk}",
        not_before=now,
        by=by,
        now=now,
    )
    verification.resent = new
    verification.save(update_fields=["resent"])
    return Resent(old, new)
