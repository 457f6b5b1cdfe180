"""Mails."""

from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from contacts.choices import Language
from outbox.models import Content, Message
from outbox.services import digest, message_id_for
from tests.factories.contacts import ContactFactory
from tests.factories.long_ago import LONG_AGO


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
