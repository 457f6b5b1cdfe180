"""Events, their seats, and campaigns."""

import uuid
from datetime import time, timedelta

import factory
from factory.django import DjangoModelFactory

from contacts.models import TextVersion
from i2a import clock
from outreach import public_form
from outreach.models import Campaign, Event, FormEntry, Registration
from tests.factories.access import UserFactory
from tests.factories.contacts import ContactFactory


class EventFactory(DjangoModelFactory):
    """A seminar in ten days, for everybody, without a limit of seats."""

    class Meta:
        model = Event

    kind = Event.Kind.SEMINAR
    title = factory.Sequence(lambda n: f"A morning for employers {n}")
    place = "Calgary"
    link_token = factory.LazyFunction(public_form.new_token)
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


class FormEntryFactory(DjangoModelFactory):
    """Somebody registered on the public form; nobody has said yet who it is."""

    class Meta:
        model = FormEntry

    ref = factory.Sequence(lambda n: f"R-2020-{n:06d}")
    registration = factory.SubFactory(RegistrationFactory, contact=None, registered_by=None, from_form=True)
    name = "Ines Fabricated"
    email = factory.Sequence(lambda n: f"ines{n}@example.org")
    language = "en"
    notice_version = factory.LazyFunction(
        lambda: TextVersion.objects.filter(kind="collection_notice", language="en").latest("number")
    )
    form_uuid = factory.LazyFunction(uuid.uuid4)


class CampaignFactory(DjangoModelFactory):
    """A draft in English about a seminar in ten days, for everybody who agreed, to leave tomorrow at noon."""

    class Meta:
        model = Campaign

    ref = factory.Sequence(lambda number: f"M-2026-{900_000 + number:06d}")
    event = factory.SubFactory(EventFactory)
    title = "Invitation to the morning for employers"
    subject_en = "A morning for employers"
    text_en = "Come to Calgary and ask what you always wanted to ask."
    send_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=1))
    send_at = time(12)
    created_by = factory.SubFactory(UserFactory, role="team_lead")
    changed_by = factory.SelfAttribute("created_by")
