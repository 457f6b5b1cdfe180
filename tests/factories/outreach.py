"""Events and their seats."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from i2a import clock
from outreach.models import Event, Registration
from tests.factories.access import UserFactory
from tests.factories.contacts import ContactFactory


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
