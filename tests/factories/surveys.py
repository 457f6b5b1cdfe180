"""Surveys, their questions and who is asked."""

from datetime import time, timedelta

import factory
from factory.django import DjangoModelFactory

from contacts.choices import Purpose
from i2a import clock
from i2a.references import next_reference
from surveys.models import Choice, Invitation, Question, Survey
from tests.factories.access import UserFactory
from tests.factories.contacts import ContactFactory


class SurveyFactory(DjangoModelFactory):
    """A draft without questions. `is_open=True`, a trait: it was released yesterday and closes in two weeks; its
    tickets are another matter (`surveys.ballots.tickets.write_tickets`)."""

    class Meta:
        model = Survey

    class Params:
        is_open = factory.Trait(
            state="open",
            send_on=factory.LazyFunction(lambda: clock.today() - timedelta(days=1)),
            send_at=time(10),
            closes_on=factory.LazyFunction(lambda: clock.today() + timedelta(days=14)),
            asked_at=factory.LazyFunction(lambda: clock.now() - timedelta(days=2)),
            asked_by=factory.SelfAttribute("created_by"),
            approved_at=factory.LazyFunction(lambda: clock.now() - timedelta(days=2)),
            approved_by=factory.SubFactory(UserFactory),
            released_at=factory.LazyFunction(lambda: clock.now() - timedelta(days=1)),
            list_sha256="0" * 64,
            listed=1,
        )

    ref = factory.LazyFunction(lambda: next_reference("S", clock.now()))
    title = factory.Sequence(lambda n: f"Service {n}")
    name_en = "Your call to us"
    name_fr = "Votre appel"
    created_by = factory.SubFactory(UserFactory)
    changed_by = factory.SelfAttribute("created_by")


class QuestionFactory(DjangoModelFactory):
    """How easy it was to reach us, from 1 to 5."""

    class Meta:
        model = Question

    survey = factory.SubFactory(SurveyFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = Question.Kind.SCALE
    text_en = "How easy was it to reach us?"
    text_fr = "A-t-il été facile de nous joindre ?"


class ChoiceFactory(DjangoModelFactory):
    class Meta:
        model = Choice

    question = factory.SubFactory(QuestionFactory, kind=Question.Kind.CHOICE)
    position = factory.Sequence(lambda n: n + 1)
    text_en = factory.Sequence(lambda n: f"Answer {n}")
    text_fr = factory.Sequence(lambda n: f"Réponse {n}")


class InvitationFactory(DjangoModelFactory):
    """Somebody who agreed to surveys by e-mail, on the list of an open survey."""

    class Meta:
        model = Invitation

    survey = factory.SubFactory(SurveyFactory, is_open=True)
    contact = factory.SubFactory(ContactFactory, agrees_to=[Purpose.SURVEY])
    consent_event = factory.LazyAttribute(lambda one: one.contact.consent_events.latest("pk"))
