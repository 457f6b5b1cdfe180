"""Calls, and the documents that are sent after them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from calls.models import Call, CallService, CallTopic, Document, DocumentVersion, SentDocument, Topic
from contacts.choices import Category, Language
from contacts.models import Note
from i2a import clock, files
from tests.factories.access import UserFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.long_ago import LONG_AGO
from tests.factories.outbox import MessageFactory

PDF = b"%PDF-1.4\n% a test\n%%EOF\n"


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

    message = factory.SubFactory(MessageFactory, state="sent", sent_at=LONG_AGO)
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
