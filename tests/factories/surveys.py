"""Surveys and their questions."""

import factory
from factory.django import DjangoModelFactory

from i2a import clock
from i2a.references import next_reference
from surveys.models import Choice, Question, Survey
from tests.factories.access import UserFactory


class SurveyFactory(DjangoModelFactory):
    """A draft without questions."""

    class Meta:
        model = Survey

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
