"""Agreements end by themselves when there was no contact for long (N3, F41). Only the next call asks again."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from contacts.choices import Basis, ConsentStatus
from contacts.models import ConsentEvent, ConsentState, Contact
from contacts.services.consents import follow_ledger
from contacts.services.ledger_rows import COPIED_PROOF, LIVE, lock_contact

LEGACY_MONTHS = 12  # R-MIG-01
REASON = "No contact for too long"  # stored, so not translated


def months(count: int) -> timedelta:
    return timedelta(days=365 * count // 12)


def overdue(now: datetime) -> Q:
    """States whose agreement is older than the limit, of people who have not called since."""
    limit, of_legacy = now - months(settings.I2A_CONSENT_MONTHS), now - months(LEGACY_MONTHS)
    silent = Q(contact__last_call_at__isnull=True) | Q(contact__last_call_at__lt=limit)
    return Q(status__in=LIVE - {ConsentStatus.LEGACY}, event__at__lt=limit) & silent | Q(
        status=ConsentStatus.LEGACY, event__at__lt=of_legacy
    )


def lapse(*, now: datetime) -> int:
    """Let lapse what is overdue; of how many people. Each in a transaction of their own; safe to run twice."""
    states = ConsentState.objects.filter(overdue(now), contact__merged_into__isnull=True)
    people = sorted(set(states.values_list("contact", flat=True)))
    for pk in people:
        lapse_of(Contact.objects.get(pk=pk), now=now)
    return len(people)


@transaction.atomic
def lapse_of(contact: Contact, *, now: datetime) -> list[ConsentEvent]:
    """With the last agreement to future contact the address goes, too (R-CON-03)."""
    lock_contact(contact)
    states = ConsentState.objects.filter(overdue(now), contact=contact).select_related("event")
    events = [
        ConsentEvent.objects.create(
            contact=contact,
            purpose=state.purpose,
            channel=state.channel,
            status=ConsentStatus.LAPSED,
            at=now,
            correction_reason=REASON,
            **{name: getattr(state.event, name) for name in COPIED_PROOF} | {"basis": Basis.NONE},
        )
        for state in states
    ]
    follow_ledger(contact, by=None, now=now)
    return events
