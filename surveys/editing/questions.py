"""The questions of a draft: add, change, move, remove, and put back what was removed (R-SRV-03).

A question and its possible answers keep their keys through every change of words, so that the results of one version
can be compared with those of the next. Another way of answering makes it another question.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from access.models import User
from surveys.editing.drafting import draft_again, lock_to_change
from surveys.editing.refusals import StaleSurvey, TooManyQuestions
from surveys.editing.versions import OF_A_CHOICE, OF_A_QUESTION, copied
from surveys.models import Choice, Question, Survey
from surveys.models.questions import MOST_QUESTIONS

Pair = tuple[str, str]  # one possible answer in English and in French


@transaction.atomic
def add_question(*, survey: Survey, question: Question, choices: Sequence[Pair], by: User, now: datetime) -> Question:
    """At the end. The same form sent twice adds one: its `uid` comes with the form.

    :raises Published: it has begun to leave.
    :raises TooManyQuestions: it has 15.
    """
    current = lock_to_change(survey)
    before = Question.objects.filter(uid=question.uid, survey=survey).first()
    if before is not None:
        return before
    count = room_in(current)
    question.survey, question.position = current, count + 1
    question.save()
    keep_choices(question, choices)
    draft_again(current, by=by, now=now)
    return question


@transaction.atomic
def change_question(
    *, question: Question, seen_version: int, choices: Sequence[Pair], by: User, now: datetime
) -> Question:
    """Save what the form wrote into `question`.

    :raises Published: its survey has begun to leave.
    :raises StaleSurvey: somebody changed this question, or removed it: then there is no `current`.
    """
    survey = lock_to_change(question.survey)
    current = Question.objects.filter(pk=question.pk).first()
    if current is None or current.version != seen_version:
        raise StaleSurvey(current)
    question.position, question.version = current.position, seen_version + 1
    if question.kind != current.kind:
        question.key = uuid.uuid4()
    question.save()
    keep_choices(question, choices)
    draft_again(survey, by=by, now=now)
    return question


def keep_choices(question: Question, pairs: Sequence[Pair]) -> None:
    """The same English words keep their key; else the place does, for somebody only wrote it better."""
    old = list(question.choices.all())
    by_words = {choice.text_en: choice for choice in old}
    kept = [by_words.get(english) for english, _french in pairs]
    free = {place: choice for place, choice in enumerate(old) if choice not in kept}
    for place, (english, french) in enumerate(pairs):
        choice = kept[place] or free.pop(place, None) or Choice(question=question)
        choice.position, choice.text_en, choice.text_fr = place + 1, english, french
        choice.save()
        kept[place] = choice
    for choice in old:
        if choice not in kept:
            choice.delete()


@transaction.atomic
def move_question(*, question: Question, up: bool, by: User, now: datetime) -> None:
    """One place; nothing happens at the end of the list."""
    survey = lock_to_change(question.survey)
    questions = list(survey.questions.all())
    here = questions.index(question)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(questions):
        return
    questions[here], questions[there] = questions[there], questions[here]
    number(questions)
    draft_again(survey, by=by, now=now)


def number(questions: Sequence[Question]) -> None:
    for position, question in enumerate(questions, start=1):
        if question.position != position:
            question.position = position
            question.save(update_fields=["position"])


@transaction.atomic
def remove_question(*, question: Question, by: User, now: datetime) -> dict[str, Any]:
    """What `restore_question` needs to put it back."""
    survey = lock_to_change(question.survey)
    question.refresh_from_db()
    removed = {
        **said(question, ["uid", *OF_A_QUESTION]),
        "choices": [said(choice, OF_A_CHOICE) for choice in question.choices.all()],
    }
    question.delete()
    number(list(survey.questions.all()))
    draft_again(survey, by=by, now=now)
    return removed


def said(record: Question | Choice, names: list[str]) -> dict[str, Any]:
    """With text for keys: a session keeps it."""
    return {
        name: str(value) if isinstance(value, uuid.UUID) else value for name, value in copied(record, names).items()
    }


@transaction.atomic
def restore_question(*, survey: Survey, removed: dict[str, Any], by: User, now: datetime) -> Question:
    """Where it was, under its old keys. The same again changes nothing.

    :raises Published: it has begun to leave.
    :raises TooManyQuestions: others took its place.
    """
    current = lock_to_change(survey)
    before = Question.objects.filter(uid=removed["uid"]).first()
    if before is not None:
        return before
    questions, count = list(current.questions.all()), room_in(current)
    values = {name: value for name, value in removed.items() if name != "choices"}
    question = Question.objects.create(survey=current, **{**values, "position": count + 1})
    for choice in removed["choices"]:
        Choice.objects.create(question=question, **choice)
    questions.insert(removed["position"] - 1, question)
    number(questions)
    draft_again(current, by=by, now=now)
    return question


def room_in(survey: Survey) -> int:
    """How many it has.

    :raises TooManyQuestions: 15.
    """
    count = survey.questions.count()
    if count >= MOST_QUESTIONS:
        raise TooManyQuestions
    return count
