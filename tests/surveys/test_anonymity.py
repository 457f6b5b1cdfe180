"""Nothing leads from an answer to a person or a moment (INV-19, R7, decision 0022)."""

import re
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from django.db import connection
from django.urls import reverse
from gunicorn.glogging import Logger

from audit.registry import auditlog
from i2a import clock
from i2a.access_log import AccessLog
from i2a.settings import database_from
from surveys.ballots.answering import MIXED_WITH, cast, ticket_of
from surveys.ballots.tickets import write_tickets
from surveys.ballots.tokens import PATH, phone_token, token_of
from surveys.models import Answer, BallotBox, Response, Ticket
from tests.factories import InvitationFactory, QuestionFactory, SurveyFactory
from tests.outbox.conftest import committed as committed

SECRET = [Ticket, BallotBox, Response, Answer]
COLUMNS = {
    "surveys_ticket": {"token_sha256", "survey_id", "place", "channel", "topic_id"},
    "surveys_ballotbox": {"survey_id", "used", "phone_drawn"},
    "surveys_response": {"id", "survey_id", "answered_on", "channel", "topic_id"},
    "surveys_answer": {"id", "response_id", "question_id", "number", "choice_id", "text"},
}
LEADS_TO = {"surveys_survey", "calls_topic", "surveys_response", "surveys_question", "surveys_choice"}
REFERENCES = "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
PEOPLE = 12


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


# The tables


@pytest.mark.django_db
@pytest.mark.parametrize("table", COLUMNS)
def test_the_tables_of_answers_have_these_columns_and_no_other(table):
    found = ask(
        "SELECT column_name, data_type, column_default FROM information_schema.columns WHERE table_name = %s", table
    )

    assert {name for name, _kind, _default in found} == COLUMNS[table]
    assert not [name for name, kind, _default in found if kind.startswith(("timestamp", "time", "inet"))]
    assert not [default for _name, _kind, default in found if default and "nextval" in default]


@pytest.mark.django_db
def test_no_reference_leads_from_an_answer_to_a_person_or_back():
    references = ask(REFERENCES)

    assert {to for of, to in references if of in COLUMNS} <= LEADS_TO
    assert {of for of, to in references if to in COLUMNS} <= {*COLUMNS, "surveys_answerrelease"}


@pytest.mark.django_db
@pytest.mark.parametrize("table", COLUMNS)
def test_no_trigger_writes_down_that_somebody_answered(table):
    """The triggers there are refuse something, or watch references."""
    functions = ask(
        "SELECT proname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " WHERE tgrelid = %s::regclass AND NOT tgisinternal",
        table,
    )

    assert {name for (name,) in functions} <= {"refuse_change", "survey_bits_stay"}


def test_the_audit_watches_none_of_them():
    assert not [model for model in SECRET if auditlog.contains(model)]


# The logs


@pytest.mark.parametrize("file", ["Procfile", "Dockerfile"])
def test_the_web_server_logs_no_page_of_a_survey_nor_what_it_is_drawn_with(file, settings, monkeypatch):
    logged = []
    monkeypatch.setattr(Logger, "access", lambda self, resp, req, environ, seconds: logged.append(environ["PATH_INFO"]))
    log = object.__new__(AccessLog)

    drawn_with, asked = (
        f"/{settings.STATIC_URL.strip('/')}/css/app.css",
        reverse("surveys:ask_by_phone", args=[uuid4()]),
    )
    for path in [PATH, PATH.rstrip("/"), drawn_with, asked, "/privacy/"]:
        log.access(None, None, {"PATH_INFO": path}, timedelta())

    assert logged == ["/privacy/"]
    assert "i2a.access_log.AccessLog" in Path(settings.BASE_DIR, file).read_text()


# A whole dump, and what the server adds to each row


def invited(survey):
    day = clock.today()
    return [InvitationFactory(survey=survey, invited_on=day) for _number in range(PEOPLE)]


def answer(question, invitation, number):
    """Each answers alone, in a transaction of their own, and gives an answer of their own."""
    cast(
        ticket=ticket_of(token_of(invitation)),
        answers=[Answer(question=question, text=f"answer {number}")],
        now=clock.now() - timedelta(seconds=PEOPLE - number),
    )


def dump(live, owner_url):
    """Every table as a backup has it, which copies them like this: its rows in their order."""
    owner, tables = database_from(owner_url), {}
    place = {"host": owner["HOST"] or None, "port": owner["PORT"] or None, "password": owner["PASSWORD"] or None}
    with closing(psycopg2.connect(dbname=live.database_name, user=owner["USER"], **place)) as opened:
        cursor = opened.cursor()
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        for (table,) in cursor.fetchall():
            rows = StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', rows)
            tables[table] = rows.getvalue().splitlines()
    return tables


@pytest.mark.xdist_group("workshop")
def test_a_dump_does_not_tell_who_gave_which_answer(committed, owner_url):
    question = QuestionFactory(survey=SurveyFactory(is_open=True, ref=f"S-{uuid4().hex[:10]}"), kind="text")
    people = invited(question.survey)
    write_tickets(question.survey)
    for number, invitation in enumerate(people):
        answer(question, invitation, number)
    assert PEOPLE <= MIXED_WITH

    tables = dump(committed, owner_url)

    mine = {str(key) for key in Response.objects.filter(survey=question.survey).values_list("pk", flat=True)}
    answered = [row for row in tables["surveys_answer"] if any(key in row for key in mine)]
    order = [int(re.search(r"answer (\d+)", row)[1]) for row in answered]
    elsewhere = [row for name, rows in tables.items() if name not in COLUMNS for row in rows]
    transactions = ask("SELECT DISTINCT xmin::text FROM surveys_response WHERE survey_id = %s", question.survey.pk)
    assert sorted(order) == list(range(PEOPLE))
    assert order != sorted(order)  # as they came: once in 479 million times
    assert len(transactions) == 1  # the rows do not say by themselves which came first, either
    assert not [row for row in elsewhere if any(key in row for key in mine)]
    assert not [row for rows in tables.values() for row in rows if any(token_of(one) in row for one in people)]


MANY, LONG = 160, 400  # answers that fill some ten pages of the table


@pytest.mark.xdist_group("workshop")
def test_the_order_of_a_dump_has_nothing_to_do_with_the_order_of_many_answers(committed, owner_url):
    """Each page of a table keeps what is changed in it; so rows that are only changed would stay in order by pages."""
    question = QuestionFactory(survey=SurveyFactory(is_open=True, ref=f"S-{uuid4().hex[:10]}"), kind="text")
    write_tickets(question.survey)
    for number in range(MANY):
        ticket = ticket_of(phone_token(question.survey, number + 1))
        answers = [Answer(question=question, text=f"answer {number} {'x' * LONG}")]
        cast(ticket=ticket, answers=answers, now=clock.now())

    tables = dump(committed, owner_url)

    given = Answer.objects.filter(question=question).values_list("pk", "response_id", "text")
    came = {str(key): int(text.split()[1]) for *keys, text in given for key in keys}
    for table in ("surveys_answer", "surveys_response"):
        keys = [row.split("\t")[0] for row in tables[table]]
        order = [came[key] for key in keys if key in came]
        apart = sum(abs(place - number) for place, number in enumerate(order)) / MANY
        assert sorted(order) == list(range(MANY))
        assert apart > MANY / 5, table  # MANY / 3 where one tells nothing of the other; the last ones lie at the end
