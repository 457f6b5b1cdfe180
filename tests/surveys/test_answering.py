"""One answer per link, and what is kept of it (R-SRV-03, INV-19)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from surveys.ballots.answering import AlreadyAnswered, SurveyClosed, cast, closed_on, ticket_of
from surveys.ballots.tickets import write_tickets
from surveys.ballots.tokens import phone_token, token_of
from surveys.models import Answer, BallotBox, Response
from tests.factories import InvitationFactory, QuestionFactory, SurveyFactory

NOW = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def question(db):
    return QuestionFactory(survey=SurveyFactory(is_open=True))


def ticket(question, number=1):
    if not BallotBox.objects.filter(survey=question.survey).exists():
        write_tickets(question.survey)
    return ticket_of(phone_token(question.survey, number))


def four(question):
    return [Answer(question=question, number=4)]


def test_a_link_finds_its_ticket_and_anything_else_finds_none(question):
    invitation = InvitationFactory(survey=question.survey, invited_on=NOW.date())
    write_tickets(question.survey)

    token = token_of(invitation)

    assert ticket_of(token).survey == question.survey
    assert [ticket_of(wrong) for wrong in ["", token[:-1], token.upper(), "0" * 40, token + "0", "\0"]] == [None] * 6


def test_an_answer_is_kept_with_the_monday_of_its_week(question):
    one = ticket(question)

    cast(ticket=one, answers=four(question), now=NOW)

    response = Response.objects.get()
    assert (response.survey, response.answered_on, response.channel) == (question.survey, date(2026, 11, 23), "")
    assert list(response.answers.values_list("question", "number")) == [(question.pk, 4)]
    assert ticket(question).used
    assert BallotBox.objects.get().used.count("1") == 1


def test_a_week_begins_on_monday_in_edmonton(question):
    cast(ticket=ticket(question), answers=[], now=datetime(2026, 11, 23, 5, 0, tzinfo=UTC))

    assert Response.objects.get().answered_on == date(2026, 11, 16)


def test_a_link_is_used_once(question):
    cast(ticket=ticket(question), answers=four(question), now=NOW)

    with pytest.raises(AlreadyAnswered):
        cast(ticket=ticket(question), answers=four(question), now=NOW)

    assert Response.objects.count() == 1


def test_answers_are_taken_until_the_end_of_the_last_day(question):
    survey = question.survey
    last = datetime(2026, 12, 10, 5, 59, tzinfo=UTC)  # 23:59 of 9 December in Edmonton

    assert closed_on(survey, last) is None
    assert closed_on(survey, last + timedelta(minutes=1)) == survey.closes_on == date(2026, 12, 9)


def test_a_survey_that_was_ended_takes_no_answer_and_names_the_day(question):
    one = ticket(question)
    one.survey.state, one.survey.ended_at = "closed", NOW - timedelta(days=1)

    with pytest.raises(SurveyClosed):
        cast(ticket=one, answers=four(question), now=NOW)

    assert closed_on(one.survey, NOW) == date(2026, 11, 24)
    assert not ticket(question).used


def test_pausing_stops_the_mail_not_the_answers(question):
    one = ticket(question)
    one.survey.state = "paused"

    cast(ticket=one, answers=four(question), now=NOW)

    assert ticket(question).used


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE surveys_response SET channel = 'x'",
        "UPDATE surveys_answer SET number = 1",
        "DELETE FROM surveys_answer",
        "SELECT set_config('i2a.survey_mix', 'on', true); DELETE FROM surveys_answer",
        "UPDATE surveys_ticket SET channel = 'x'",
        "UPDATE surveys_ballotbox SET used = used & ~used",
    ],
)
def test_what_was_answered_stays(question, attempt):
    cast(ticket=ticket(question), answers=four(question), now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attempt)


def test_answers_cost_the_same_however_many_there_are(question, django_assert_num_queries):
    several = [QuestionFactory(survey=question.survey) for _number in range(5)]
    one = ticket(question)

    with django_assert_num_queries(6):  # savepoint, bit, response, answers, mixing, release
        cast(ticket=one, answers=[row for each in several for row in four(each)], now=NOW)
