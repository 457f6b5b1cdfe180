"""Whom a registration from the public form is of. Matching says so and nothing else: the contact's record stays as it
is, and nobody agrees to anything by it. What was typed is erased a month after the event."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from contacts import duplicates
from contacts.duplicates import Found
from contacts.models import Contact
from outreach.models import FormEntry, Registration
from outreach.registering import AlreadyRegistered, NothingToCancel, State, cancel, locked, seat_or_wait

KEPT_FOR = timedelta(days=30)


class NotToMatch(Exception):
    """Somebody was faster: it is matched, or dismissed."""


class NothingToTakeBack(Exception):
    """It is neither matched nor dismissed, or the event was cancelled."""


def candidates(entry: FormEntry, user: Any) -> Found:
    """Contacts with exactly this address or number that `user` may see; the others are counted. Recorded."""
    typed = {"email": entry.email, "phone": entry.phone}
    return duplicates.look({**dict.fromkeys(duplicates.ASKED_ABOUT, ""), **typed}, user=user)


@transaction.atomic
def match(*, entry: FormEntry, contact: Contact) -> Registration:
    """:raises NotToMatch: somebody was faster.
    :raises AlreadyRegistered: this contact is registered for the event, or waits.
    """
    registration = _locked_registration(entry)
    if registration.contact_id or registration.state == State.CANCELLED:
        raise NotToMatch
    others = Registration.objects.filter(event=registration.event_id, contact=contact)
    if others.exclude(state=State.CANCELLED).exists():
        raise AlreadyRegistered
    registration.contact = contact
    registration.save()
    return registration


@transaction.atomic
def dismiss(*, entry: FormEntry, now: datetime) -> int:
    """It is nobody: a joke, a program, or somebody who is registered already. Return how many moved up.

    :raises NotToMatch: somebody was faster.
    """
    registration = _locked_registration(entry)
    if registration.contact_id:
        raise NotToMatch
    try:
        return cancel(registration=registration, now=now)
    except NothingToCancel:
        raise NotToMatch from None


@transaction.atomic
def take_back(*, entry: FormEntry, now: datetime) -> Registration:
    """Undo a match, or a dismissal: then there may be no seat any more.

    :raises NothingToTakeBack: there is nothing to undo.
    """
    registration = _locked_registration(entry)
    is_matched, is_cancelled = registration.contact_id is not None, registration.state == State.CANCELLED
    if is_matched == is_cancelled or registration.event.cancelled_at:
        raise NothingToTakeBack
    if is_cancelled:
        registration.state = seat_or_wait(registration.event)
        registration.cancelled_at = registration.moved_up_at = registration.told_at = None
    registration.contact = None
    registration.save()
    return registration


def forget_entries(now: datetime) -> int:
    """Erase what was typed: 30 days after the event or after a dismissal. The registration stays, to be counted."""
    past = now - KEPT_FOR
    over = Q(ended__lt=past) | Q(registration__event__cancelled_at__lt=past)
    over |= Q(ended=None, registration__registered_at__lt=past)
    dismissed = Q(registration__contact=None, registration__cancelled_at__lt=past)
    ended = Coalesce("registration__event__ends_at", "registration__event__starts_at")
    entries = FormEntry.objects.annotate(ended=ended).filter(over | dismissed)
    for entry in entries:
        entry.delete()
    return len(entries)


def _locked_registration(entry: FormEntry) -> Registration:
    event = locked(entry.registration.event_id)
    registration: Registration = event.registrations.get(pk=entry.registration_id)
    registration.event = event
    return registration
