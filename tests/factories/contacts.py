"""Contacts and what belongs to one."""

from datetime import timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from access.models import ObjectGrant, Team, User
from access.roles import Role
from contacts.choices import Category, Channel, FutureContact, Language, Source, TextKind
from contacts.emails import fingerprint
from contacts.models import Contact, Note, OpeningReason, Representation, TextVersion
from contacts.services import consents, grants
from i2a import clock
from tests.factories.access import TeamFactory, UserFactory
from tests.factories.long_ago import LONG_AGO


class TextVersionFactory(DjangoModelFactory):
    """The consent question in English, version 1 in force since 2020; asked for twice, it is the same row."""

    class Meta:
        model = TextVersion
        django_get_or_create = ["kind", "language", "number"]

    kind = TextKind.CONSENT_SCRIPT
    language = Language.EN
    number = 1
    body = "May we contact you later about workshops or a trade mission? You can say no."
    valid_from = LONG_AGO


class ContactFactory(DjangoModelFactory):
    """A standard contact with an e-mail, of the team "Phone". Invented; nobody asked about future contact yet.

    `agrees_to=[Purpose.SEMINAR]` records agreements by e-mail; `restricted=True` and `declines=True` are traits.
    """

    class Meta:
        model = Contact
        skip_postgeneration_save = True

    class Params:
        restricted = factory.Trait(sensitivity="restricted")

    ref = factory.Sequence(lambda number: f"P-2026-{900_000 + number:06d}")
    team = factory.SubFactory(TeamFactory)
    status = "active"
    merged_into = factory.LazyAttribute(lambda contact: ContactFactory() if contact.status == "merged" else None)
    name = factory.Sequence(lambda number: f"Invented Person-{number}")
    category = Category.FOREIGN_NATIONAL
    email = factory.Sequence(lambda number: f"person-{number}@example.org")
    email_state = factory.LazyAttribute(lambda contact: "ok" if contact.email else "none")
    email_fingerprint = factory.LazyAttribute(lambda contact: fingerprint(contact.email))

    @factory.post_generation
    def agrees_to(contact, create, purposes, **kwargs):
        answer_about_future_contact(contact, FutureContact.AGREED, purposes)

    @factory.post_generation
    def declines(contact, create, is_declined, **kwargs):
        answer_about_future_contact(contact, FutureContact.DECLINED, is_declined)


def answer_about_future_contact(contact: Contact, answer: FutureContact, purposes: Any) -> None:
    if purposes:
        consents.record_answers(
            contact=contact,
            answer=answer,
            purposes=purposes if answer == FutureContact.AGREED else [],
            channels=[Channel.EMAIL],
            text_version=TextVersionFactory(),
            language=Language.EN,
            source=Source.CALL,
            source_ref="C-2026-000001",
            by=None,
            now=LONG_AGO,
        )


def let_in(to: User | Team, contact: Contact, *permissions: str, days: int = 1) -> ObjectGrant:
    """Somebody else gives a person or a team access to one contact for some days; reading, unless `permissions` say
    more."""
    now = clock.now()
    return grants.grant_access(
        contact=contact,
        to=to,
        permissions=list(permissions) or grants.READ,
        basis=ObjectGrant.Basis.SHARED,
        reason="Works on the file",
        until=now + timedelta(days=days),
        by=UserFactory(role=Role.MANAGER, team=None),
        now=now,
    )


def says_why(user: User, contact: Contact) -> OpeningReason:
    """Somebody who has no work with a contact has said why they open its record; it counts today (N11)."""
    return OpeningReason.objects.create(contact=contact, by=user, at=clock.now(), purpose="review")


class NoteFactory(DjangoModelFactory):
    """A note of one revision; `says=["…", "…"]` gives it several."""

    class Meta:
        model = Note
        skip_postgeneration_save = True

    contact = factory.SubFactory(ContactFactory)
    team = factory.SelfAttribute("contact.team")
    created_by = factory.SubFactory(UserFactory)
    created_at = LONG_AGO

    @factory.post_generation
    def says(note, create, bodies, **kwargs):
        for number, body in enumerate(bodies or ["Asked about the nominee program."], start=1):
            note.revisions.create(number=number, body=body, author=note.created_by, at=note.created_at)
            note.version = number
        note.save()


class RepresentationFactory(DjangoModelFactory):
    """A lawyer with a retainer, since yesterday and for a year."""

    class Meta:
        model = Representation

    person = factory.SubFactory(ContactFactory)
    representative = factory.SubFactory(ContactFactory)
    authority = "retainer"
    scope = "Questions about the work permit"
    starts_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=1))
    until = factory.LazyFunction(lambda: clock.today() + timedelta(days=365))
    recorded_at = LONG_AGO
    recorded_by = factory.SubFactory(UserFactory)
