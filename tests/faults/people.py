"""Thousands of invented people who agreed to seminars, made in seconds, and a mailing to all of them."""

from datetime import UTC, datetime

from django.db import transaction

from access.models import Team
from audit.actor import acting_as_system
from contacts.choices import (
    Basis,
    Category,
    Channel,
    ConsentStatus,
    EmailState,
    FutureContact,
    Language,
    Purpose,
    Source,
    TextKind,
)
from contacts.emails import fingerprint
from contacts.models import ConsentEvent, Contact, TextVersion
from i2a import clock
from outbox.mailings import queue_mailing
from outbox.models import Content, Message
from outbox.services import make_content

AT_ONCE = 1_000  # or the database ends the transaction as idle while Python makes all of them
AGREED_AT = datetime(2026, 1, 2, 16, 0, tzinfo=UTC)
TEXT = "The seminar on working in Alberta is on 3 December at 18:30, Edmonton time. " * 8


def make_people(count: int, prefix: str = "person", since: int = 0) -> None:
    """Contacts `prefix`-`since`@example.org until `count`, each with a live agreement."""
    team, _created = Team.objects.get_or_create(name="Phone")
    words = TextVersion.objects.filter(kind=TextKind.CONSENT_SCRIPT, language=Language.EN).earliest("pk")
    for first in range(since, count, AT_ONCE):
        _make(range(first, min(first + AT_ONCE, count)), prefix, team, words)


@transaction.atomic
def _make(numbers: range, prefix: str, team: Team, words: TextVersion) -> None:
    addresses = [(number, f"{prefix}-{number}@example.org") for number in numbers]
    contacts = Contact.objects.bulk_create(
        Contact(
            ref=f"P-{prefix}-{number:06d}",
            team=team,
            name=f"Invented Person {number}",
            category=Category.FOREIGN_NATIONAL,
            email=address,
            email_state=EmailState.OK,
            email_fingerprint=fingerprint(address),
            future_contact=FutureContact.AGREED,
        )
        for number, address in addresses
    )
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            contact=contact,
            purpose=Purpose.SEMINAR,
            channel=Channel.EMAIL,
            status=ConsentStatus.GRANTED,
            basis=Basis.EXPRESS,
            source=Source.CALL,
            source_ref="C-2026-000001",
            text_version=words,
            language=Language.EN,
            at=AGREED_AT,
            email_fingerprint=contact.email_fingerprint,
        )
        for contact in contacts
    )


def invitation() -> Content:
    html = "".join(f"<p>{paragraph}</p>" for paragraph in [TEXT] * 2)
    return make_content(language=Language.EN, subject="Working in Alberta", text=f"{TEXT}\n\n{TEXT}", html=html)


def invite(prefix: str, mailing: str) -> int:
    """Queue `mailing` to everybody of `prefix`; due at once."""
    now = clock.now()
    with acting_as_system("invite"):
        return queue_mailing(
            mailing=mailing,
            kind=Message.Kind.SEMINAR,
            audience=Contact.objects.filter(ref__startswith=f"P-{prefix}-"),
            contents={"en": invitation()},
            not_before=now,
            by=None,
            now=now,
        )
