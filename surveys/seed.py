"""Surveys of the demonstration: two that ended, one that can be answered, one that is being written.

The two that ended have answers of people who were never there: more than the demonstration has callers.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from access.models import User
from audit.bulk import create_audited
from calls.models import Topic
from calls.seed.campaigns import let_leave
from i2a.clock import EDMONTON
from i2a.references import next_reference
from surveys.ballots.tickets import PHONE_SPARE
from surveys.editing.drafting import start_survey
from surveys.editing.versions import new_version
from surveys.inviting import approving, releasing
from surveys.models import Answer, AnswerRelease, BallotBox, Choice, Question, Response, Survey, Ticket
from surveys.seed_words import COMMENTS, QUESTIONS, WAITING, WORDS, Asked

Kind = Question.Kind
WEEKS = 12
SEASONS = ["winter", "spring", "summer", "autumn"]
STATES: dict[str, Any] = {"state": "closed", "send_at": time(10)}


@dataclass(frozen=True)
class Season:
    """One that ended: how many were invited and answered, and how much better the later weeks are."""

    invited: int
    answered: int
    better: float


SPRING, SUMMER = Season(488, 171, 0.0), Season(563, 214, 0.5)


def add_surveys(users: dict[str, User], now: datetime) -> None:
    today = now.astimezone(EDMONTON).date()
    monday = today - timedelta(days=today.weekday())
    random = Random(8)  # noqa: S311 - a story, not a secret
    spring = add_ended(None, monday - timedelta(weeks=33), SPRING, users, random)
    summer = add_ended(spring, monday - timedelta(weeks=20), SUMMER, users, random)
    add_comments(summer, users["grant"])
    autumn = new_version(survey=summer, by=users["priya"], now=now - timedelta(hours=3))
    autumn.title = title_of(today)
    autumn.save()
    add_open(users, today, now)


def add_open(users: dict[str, User], today: date, now: datetime) -> None:
    """One that a few callers of last month got yesterday: its questions can be asked on the phone."""
    topics = list(Topic.objects.order_by("position", "pk").values_list("pk", flat=True)[:3])
    opens = today - timedelta(days=1)
    survey = Survey(
        title=f"What callers were sent, {today.year}", called_from=today - timedelta(days=45), called_to=opens,
        topics=topics, send_on=opens, send_at=time(10), closes_on=today + timedelta(weeks=3), **WORDS,
    )  # fmt: skip
    before = now - timedelta(days=3)
    form_uuid = uuid5(NAMESPACE_URL, "i2a:seed_demo:survey:open")
    start_survey(survey=survey, form_uuid=form_uuid, by=users["priya"], now=before)
    for place, asked in enumerate(QUESTIONS, start=1):
        add_question(survey, place, asked)
    approving.ask_for_approval(survey=survey, seen_version=survey.version, by=users["priya"], now=before)
    survey.refresh_from_db()
    sha256 = approving.changed_since_freeze(survey).sha256
    approving.approve(survey=survey, seen_sha256=sha256, seen_version=survey.version, by=users["grant"], now=before)
    left = datetime.combine(opens, time(10, 1), tzinfo=EDMONTON)
    releasing.tick(now=left)
    let_leave(survey.mailing, left + timedelta(minutes=1))


def title_of(day: date) -> str:
    return f"After-call survey, {SEASONS[day.month % 12 // 3]} {day.year}"


def add_ended(before: Survey | None, monday: date, season: Season, users: dict[str, User], random: Random) -> Survey:
    opened = datetime.combine(monday, time(10), tzinfo=EDMONTON)
    closes_on = monday + timedelta(weeks=WEEKS, days=-1)
    survey = Survey.objects.create(
        ref=next_reference("S", opened),
        previous=before,
        edition=before.edition + 1 if before else 1,
        title=title_of(monday),
        form_uuid=uuid5(NAMESPACE_URL, f"i2a:seed_demo:survey:{season.invited}"),
        called_from=monday - timedelta(weeks=4),
        called_to=monday - timedelta(days=3),
        send_on=monday,
        closes_on=closes_on,
        listed=season.invited,
        list_sha256=hashlib.sha256(title_of(monday).encode()).hexdigest(),
        created_at=opened - timedelta(days=6),
        created_by=users["priya"],
        changed_at=opened - timedelta(days=5),
        changed_by=users["priya"],
        asked_at=opened - timedelta(days=5),
        asked_by=users["priya"],
        approved_at=opened - timedelta(days=4),
        approved_by=users["grant"],
        released_at=opened,
        ended_at=datetime.combine(closes_on + timedelta(days=1), time(0), tzinfo=EDMONTON),
        **STATES,
        **WORDS,
    )
    questions = [add_question(survey, place, asked) for place, asked in enumerate(QUESTIONS, start=1)]
    groups = add_tickets(survey, season, random)
    add_answers(survey, questions, random.sample(groups, season.answered), season, random)
    return survey


def add_question(survey: Survey, position: int, asked: Asked) -> Question:
    question = Question.objects.create(
        survey=survey, position=position, key=key_of(asked.text_en), kind=asked.kind, is_required=asked.is_required,
        text_en=asked.text_en, text_fr=asked.text_fr, low_en=asked.low[0], low_fr=asked.low[1],
        high_en=asked.high[0], high_fr=asked.high[1],
    )  # fmt: skip
    choices = [
        Choice(
            question=question, position=place, key=key_of(f"{asked.text_en} {english}"), text_en=english, text_fr=french
        )
        for place, (english, french) in enumerate(asked.choices, start=1)
    ]
    create_audited(choices)
    return question


def key_of(text: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"i2a:seed_demo:question:{text}")


def add_tickets(survey: Survey, season: Season, random: Random) -> list[tuple[str, int | None]]:
    """All used up or not, as after a real survey; nobody has their links. Returns what the invited called about."""
    topics = list(Topic.objects.order_by("position", "pk").values_list("pk", flat=True)[:6])
    weights = [30, 24, 18, 12, 9, 3]
    groups = [
        (random.choices(["in", "out"], [85, 15])[0], random.choices(topics, weights[: len(topics)])[0])
        for _person in range(season.invited)
    ]
    known: list[tuple[str, int | None]] = [
        group if count >= 5 else ("", None) for group in groups for count in [Counter(groups)[group]]
    ]
    blank: list[tuple[str, int | None]] = [("", None)] * PHONE_SPARE
    hashes = sorted(hashlib.sha256(f"{survey.uid} {place}".encode()).hexdigest() for place in range(len(known + blank)))
    Ticket.objects.bulk_create(  # no audit: nobody is named (INV-19)
        Ticket(token_sha256=sha256, survey=survey, place=place, channel=channel, topic_id=topic)
        for place, (sha256, (channel, topic)) in enumerate(zip(hashes, [*known, *blank], strict=True))
    )
    used = random.sample(range(len(hashes)), season.answered)
    BallotBox.objects.create(survey=survey, used="".join("01"[place in set(used)] for place in range(len(hashes))))
    return known


def add_answers(
    survey: Survey, questions: list[Question], groups: list[tuple[str, int | None]], season: Season, random: Random
) -> None:
    comments = iter(random.sample(COMMENTS, len(COMMENTS)))
    choices = {question.pk: list(question.choices.values_list("pk", flat=True)) for question in questions}
    monday = survey.send_on or survey.created_at.date()
    responses, answers = [], []
    for channel, topic in groups:
        week = min(int(random.triangular(0, WEEKS, 3)), WEEKS - 1)
        response = Response(survey=survey, answered_on=monday + timedelta(weeks=week), channel=channel, topic_id=topic)
        responses.append(response)
        for question, asked in zip(questions, QUESTIONS, strict=True):
            better = season.better * week / WEEKS
            answers += [
                Answer(response=response, question=question, **given)
                for given in given_to(asked, choices[question.pk], better, comments, random)
            ]
    Response.objects.bulk_create(responses)  # no audit: answers belong to nobody (INV-19)
    Answer.objects.bulk_create(answers)  # no audit: as above


def given_to(
    asked: Asked, choices: list[int], better: float, comments: Iterator[str], random: Random
) -> list[dict[str, Any]]:
    if not asked.is_required and random.random() < asked.skipped:
        return []
    if asked.kind == Kind.TEXT:
        return [{"text": text} for text in [next(comments, "")] if text]
    best_later = [weight * (1 + better * place / len(asked.weights)) ** 4 for place, weight in enumerate(asked.weights)]
    if asked.kind == Kind.SEVERAL:
        picked = [pk for pk, weight in zip(choices, asked.weights, strict=True) if random.random() < weight / 100]
        return [{"choice_id": pk} for pk in picked or choices[:1]]
    if asked.kind == Kind.CHOICE:
        return [{"choice_id": random.choices(choices, asked.weights)[0]}]
    first = 1 if asked.kind == Kind.SCALE else 0
    return [{"number": first + random.choices(range(len(best_later)), best_later)[0]}]


def add_comments(survey: Survey, by: User) -> None:
    """All were read but a few that show why they are."""
    released = Answer.objects.filter(question__survey=survey).exclude(text="").exclude(text__in=WAITING)
    for answer in released:
        AnswerRelease.objects.create(answer=answer, is_released=True, words=answer.text, screened_by=by)
