"""Rows for tests. Write in the test what the test is about; the rest comes from here.

One section per app, lowest layer first. Situations are traits (`agrees_to_email=True`), not subclasses.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import factory
from allauth.mfa.totp.internal.auth import TOTP
from factory.django import DjangoModelFactory

from access import register
from access.models import AccessGrant, AccessRequest, Course, ObjectGrant, Team, TrainingRecord, User
from access.roles import Role
from access.second_factor import NEEDED_FOR
from calls.models import Call, CallService, CallTopic, Document, DocumentVersion, SentDocument, Topic
from contacts.choices import Category, Channel, FutureContact, Language, Source, TextKind
from contacts.emails import fingerprint
from contacts.models import Contact, Note, OpeningReason, Representation, TextVersion
from contacts.services import consents, grants
from followups.models import FollowUp
from i2a import clock, files
from outbox.models import Content, Message
from outbox.services import digest, message_id_for
from outreach.models import Event, Registration

LONG_AGO = datetime(2020, 1, 2, 15, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n% a test\n%%EOF\n"
FAR_AHEAD = date(2090, 1, 1)
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse battery staple"

# --- access ---------------------------------------------------------------------------------------------------------


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team
        django_get_or_create = ["name"]

    name = "Phone"


class AccessGrantFactory(DjangoModelFactory):
    class Meta:
        model = AccessGrant

    role = Role.SPECIALIST
    starts_at = LONG_AGO

    @classmethod
    def _create(cls, model_class: type[AccessGrant], *args: Any, **kwargs: Any) -> AccessGrant:
        grant = super()._create(model_class, *args, **kwargs)
        register.enter_grant(grant, grant.starts_at)
        return grant


class UserFactory(DjangoModelFactory):
    """Somebody who may sign in with `PASSWORD`, trained for ever. `role=None` makes a person who may do nothing yet."""

    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"person{number}")
    first_name = "Pat"
    last_name = factory.Sequence(lambda number: f"Example-{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@i2a.example.org")
    team = factory.SubFactory(TeamFactory)
    password = factory.django.Password(PASSWORD)
    trained_until = FAR_AHEAD
    role: Role | str | None = Role.SPECIALIST
    has_second_step = True  # an authenticator app, if the role needs it

    @classmethod
    def _create(
        cls, model_class: type[User], *args: Any, role: Role | None, has_second_step: bool, **kwargs: Any
    ) -> User:
        user = super()._create(model_class, *args, **kwargs)
        register.enter(user, LONG_AGO)
        if user.trained_until:
            expires_on = user.trained_until.isoformat()
            register.append(register.Kind.TRAINED, user, LONG_AGO, record=uuid4(), course="", expires_on=expires_on)
        if role is not None:
            AccessGrantFactory(user=user, role=role)
        if role in NEEDED_FOR and has_second_step:
            TOTP.activate(user, TOTP_SECRET)
        return user


class AccessRequestFactory(DjangoModelFactory):
    """Waits for the owner: the role of a team lead, asked by the person `requested_by`."""

    class Meta:
        model = AccessRequest

    role = Role.TEAM_LEAD
    team = factory.SubFactory(TeamFactory)
    reason = "Covers for a colleague"
    starts_at = factory.LazyFunction(clock.now)
    requested_at = factory.LazyFunction(clock.now)


class TrainingRecordFactory(DjangoModelFactory):
    """The mandatory course, completed long ago and not counting towards `User.trained_until`."""

    class Meta:
        model = TrainingRecord

    course = factory.LazyFunction(lambda: Course.objects.get(code="foip-popa"))
    completed_on = LONG_AGO.date()
    expires_on = date(2023, 1, 2)
    recorded_at = LONG_AGO


# --- contacts -------------------------------------------------------------------------------------------------------


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


# --- outbox ---------------------------------------------------------------------------------------------------------


class ContentFactory(DjangoModelFactory):
    """Words in English; the same words are the same row."""

    class Meta:
        model = Content
        django_get_or_create = ["sha256"]

    language = Language.EN
    subject = "The information you asked for"
    text = "Work permits are issued by the federal government."
    html = factory.LazyAttribute(lambda content: f"<p>{content.text}</p>")
    sha256 = factory.LazyAttribute(lambda mail: digest(mail.language, mail.subject, mail.text, mail.html))


class MessageFactory(DjangoModelFactory):
    """Requested information, queued long ago and due at once. Other states: pass the columns they need.

    Promotion rests on an agreement: pass `consent_event`, its words go with it.
    """

    class Meta:
        model = Message

    uid = factory.LazyFunction(uuid4)
    kind = Message.Kind.INFORMATION
    purpose_key = factory.Sequence(lambda number: f"call:C-2026-{900_000 + number:06d}")
    contact = factory.SubFactory(ContactFactory)
    to_email = factory.SelfAttribute("contact.email")
    content = factory.SubFactory(ContentFactory)
    consent_event = None
    text_version = factory.LazyAttribute(lambda row: row.consent_event and row.consent_event.text_version)
    message_id = factory.LazyAttribute(lambda message: message_id_for(message.uid))
    not_before = LONG_AGO
    created_at = LONG_AGO


# --- followups ------------------------------------------------------------------------------------------------------


class FollowUpFactory(DjangoModelFactory):
    """An open follow-up, received on Monday 23 November 2026 at 10:05 and due a business day later.

    `done=True` and `cancelled=True` make it an ended one. Without a contact unless one is given.
    """

    class Meta:
        model = FollowUp

    class Params:
        done = factory.Trait(
            status="done",
            method="phone",
            outcome="Explained.",
            completed_at=factory.SelfAttribute("due_at"),
            completed_by=factory.SelfAttribute("assigned_to"),
        )
        cancelled = factory.Trait(
            status="cancelled", cancel_reason="Call voided", cancelled_at=factory.SelfAttribute("due_at")
        )

    contact = None
    assigned_to = factory.SubFactory(UserFactory)
    team = factory.SelfAttribute("assigned_to.team")
    kind = FollowUp.Kind.REPLY
    asked = "Processing times of the nominee program"
    received_at = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
    due_at = factory.LazyAttribute(lambda follow_up: follow_up.received_at + timedelta(days=1))
    original_due_at = factory.SelfAttribute("due_at")


# --- outreach -------------------------------------------------------------------------------------------------------


class EventFactory(DjangoModelFactory):
    """A seminar in ten days, for everybody, without a limit of seats."""

    class Meta:
        model = Event

    kind = Event.Kind.SEMINAR
    title = factory.Sequence(lambda n: f"A morning for employers {n}")
    place = "Calgary"
    languages = ["en"]
    starts_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=10))


class RegistrationFactory(DjangoModelFactory):
    """A seat, taken by a colleague for the client."""

    class Meta:
        model = Registration

    event = factory.SubFactory(EventFactory)
    contact = factory.SubFactory(ContactFactory)
    state = Registration.State.SEAT
    registered_by = factory.SubFactory(UserFactory)


# --- calls ----------------------------------------------------------------------------------------------------------


class DocumentFactory(DjangoModelFactory):
    """An English document about work permits."""

    class Meta:
        model = Document

    title = factory.Sequence(lambda number: f"Invented guide {number}")
    language = Language.EN
    topic = factory.LazyFunction(lambda: Topic.objects.get(name="Work permits"))
    source = "I2A Information Service"


class DocumentVersionFactory(DjangoModelFactory):
    """Version 1, released, to be reviewed in a year. `is_pdf=True` and `is_wrong=True` are traits."""

    class Meta:
        model = DocumentVersion

    class Params:
        is_pdf = factory.Trait(
            file_sha256=factory.LazyFunction(lambda: files.keep(PDF)), file_size=factory.LazyFunction(lambda: len(PDF))
        )
        is_wrong = factory.Trait(wrong_at=factory.LazyFunction(clock.now), wrong_because="The fee was raised.")

    document = factory.SubFactory(DocumentFactory)
    number = factory.LazyAttribute(lambda version: version.document.versions.count() + 1)
    body = "Apply online.\n\nIt takes about 60 days."
    review_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=365))


class SentDocumentFactory(DjangoModelFactory):
    """A version that somebody was sent and got."""

    class Meta:
        model = SentDocument

    message = factory.SubFactory("tests.factories.MessageFactory", state="sent", sent_at=LONG_AGO)
    version = factory.SubFactory(DocumentVersionFactory)
    at = factory.SelfAttribute("message.created_at")


class CallFactory(DjangoModelFactory):
    """A call of Monday 23 November 2026 at 10:05, 7 min 30 s, by a specialist; caller not identified, nothing owed.

    `topics=["Study"]` and `services=["answered"]` add rows, `said="…"` a note; `owes_answer=True` and `voided=True` are
    traits.
    """

    class Meta:
        model = Call
        skip_postgeneration_save = True

    class Params:
        owes_answer = factory.Trait(
            follow_up_decision="needed",
            follow_up=factory.SubFactory(
                FollowUpFactory,
                contact=factory.SelfAttribute("..contact"),
                assigned_to=factory.SelfAttribute("..specialist"),
                received_at=factory.SelfAttribute("..started_at"),
            ),
        )
        voided = factory.Trait(
            status="voided",
            void_reason="Logged twice.",
            voided_at=factory.SelfAttribute("ended_at"),
            voided_by=factory.SelfAttribute("specialist"),
        )

    ref = factory.Sequence(lambda number: f"C-2026-{900_000 + number:06d}")
    form_uuid = factory.LazyFunction(uuid4)
    specialist = factory.SubFactory(UserFactory)
    team = factory.SelfAttribute("specialist.team")
    contact = None
    started_at = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
    ended_at = factory.LazyAttribute(lambda call: call.started_at + timedelta(minutes=7, seconds=30))
    direction = "in"
    calling_for = "self"
    category = Category.FOREIGN_NATIONAL
    announcement_heard = "yes"
    follow_up_decision = "none"

    @factory.post_generation
    def topics(call, create, names, **kwargs):
        for name in ["Work permits"] if names is None else names:
            CallTopic.objects.create(call=call, topic=Topic.objects.get(name=name))

    @factory.post_generation
    def services(call, create, codes, **kwargs):
        for code in ["answered"] if codes is None else codes:
            CallService.objects.create(call=call, service=code)

    @factory.post_generation
    def said(call, create, body, **kwargs):
        if body:
            words = {"team": call.team, "contact": call.contact, "created_by": call.specialist}
            call.note = Note.objects.create(created_at=call.ended_at, **words)
            call.note.revisions.create(number=1, body=body, author=call.specialist, at=call.ended_at)
            call.save()
