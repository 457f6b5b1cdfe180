"""What tests of the sender do by hand: run it once, let time pass, let a sender die."""

from datetime import timedelta

from audit.actor import acting_as_system
from contacts.choices import FutureContact, Purpose
from contacts.models import Contact
from i2a import clock
from outbox import engine
from outbox.models import Message
from tests.factories import ContactFactory, MessageFactory, answer_about_future_contact


def drain() -> bool:
    with acting_as_system("drain"):
        return engine.drain()


def reap() -> None:
    with acting_as_system("tick"):
        engine.reap(now=clock.now())


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(not_before=clock.now())


def end_lease(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(lease_until=clock.now() - timedelta(seconds=1))


def in_state(message: Message, state: str) -> Message:
    """As a sender that died left it, its lease over."""
    token = "00000000-0000-4000-8000-000000000001"
    Message.objects.filter(pk=message.pk).update(state="claimed", claim_token=token, lease_until=clock.now())
    if state == "sending":
        Message.objects.filter(pk=message.pk).update(state="sending")
    return message


def promotion(kind: str = Purpose.SEMINAR, **columns) -> Message:
    """An invitation to a seminar, or of another `kind`, that rests on an agreement."""
    contact = ContactFactory(agrees_to=[kind])
    event = contact.consent_events.get(purpose=kind)
    return MessageFactory(kind=kind, contact=contact, **{"consent_event": event, **columns})


def withdraw(contact: Contact) -> None:
    answer_about_future_contact(contact, FutureContact.DECLINED, True)
