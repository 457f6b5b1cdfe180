"""Answers on connections of their own, with real commits."""

from uuid import uuid4

import pytest

from i2a import clock
from surveys.ballots.answering import AlreadyAnswered, cast, ticket_of
from surveys.ballots.tickets import write_tickets
from surveys.ballots.tokens import phone_token
from surveys.models import Answer, Response
from tests.factories import QuestionFactory, SurveyFactory
from tests.outbox.conftest import committed as committed
from tests.threads import at_once

pytestmark = pytest.mark.xdist_group("workshop")


def test_of_the_same_answer_sent_many_times_at_once_one_is_kept(committed):
    question = QuestionFactory(survey=SurveyFactory(is_open=True, ref=f"S-{uuid4().hex[:10]}"))
    write_tickets(question.survey)
    ticket, refused = ticket_of(phone_token(question.survey, 1)), []

    def send() -> None:
        try:
            cast(ticket=ticket, answers=[Answer(question=question, number=4)], now=clock.now())
        except AlreadyAnswered:
            refused.append(1)

    at_once(4, send)

    kept = Response.objects.filter(survey=question.survey)
    assert (kept.count(), Answer.objects.filter(response__in=kept).count(), len(refused)) == (1, 1, 3)
