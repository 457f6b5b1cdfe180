"""Counts the answers of a survey: four statements, whatever the number of questions."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Count

from surveys.models import Answer, Question, Response, Survey


class Where(NamedTuple):
    """What is known of a response besides its answers."""

    channel: str
    topic: int | None
    week: date


def channel_of(where: Where) -> str:
    return where.channel


def topic_of(where: Where) -> int | None:
    return where.topic


@dataclass
class Tally:
    sizes: Counter[Where] = field(default_factory=Counter)
    answers: dict[int, Counter[tuple[int, Where]]] = field(default_factory=dict)  # by question: which answer, where
    people: dict[int, Counter[Where]] = field(default_factory=dict)  # who chose several count once

    @property
    def size(self) -> int:
        return self.sizes.total()

    def by(self, axis: Callable[[Where], object]) -> Counter[object]:
        found: Counter[object] = Counter()
        for where, count in self.sizes.items():
            found[axis(where)] += count
        return found

    def columns(
        self, question: Question, values: list[int], axis: Callable[[Where], object]
    ) -> dict[object, list[int]]:
        """How often each of `values` was answered, for each part of `axis`."""
        places = {value: place for place, value in enumerate(values)}
        columns: dict[object, list[int]] = {axis(where): [0] * len(values) for where in self.sizes}
        for (value, where), count in self.answers.get(question.pk, Counter()).items():
            columns[axis(where)][places[value]] += count
        return columns

    def bases(self, question: Question, axis: Callable[[Where], object]) -> Counter[object]:
        """How many people answered it, for each part of `axis`."""
        found: Counter[object] = Counter()
        if question.kind == Question.Kind.SEVERAL:
            for where, count in self.people.get(question.pk, Counter()).items():
                found[axis(where)] += count
        else:
            for (_value, where), count in self.answers.get(question.pk, Counter()).items():
                found[axis(where)] += count
        return found


def count_answers(survey: Survey) -> Tally:
    """Questions are named by their keys, and the survey of the responses too: then PostgreSQL knows how many rows there
    are, and does not look for each response by itself."""
    tally = Tally()
    where = ("channel", "topic", "answered_on")
    for *place, count in Response.objects.filter(survey=survey).values_list(*where).annotate(n=Count("pk")):
        tally.sizes[Where(*place)] += count
    kinds = dict(survey.questions.values_list("pk", "kind"))
    given = Answer.objects.filter(question__in=list(kinds), response__survey=survey, text="")
    of_response = [f"response__{name}" for name in where]
    rows = given.values_list("question", "number", "choice", *of_response).annotate(n=Count("pk"))
    for question, number, choice, *place, count in rows:
        value = choice if number is None else number
        tally.answers.setdefault(question, Counter())[value, Where(*place)] += count
    several = given.filter(question__in=[key for key, kind in kinds.items() if kind == Question.Kind.SEVERAL])
    for question, *place, count in several.values_list("question", *of_response).annotate(
        n=Count("response", distinct=True)
    ):
        tally.people.setdefault(question, Counter())[Where(*place)] += count
    return tally
