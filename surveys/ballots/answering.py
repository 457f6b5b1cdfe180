"""One answer per link, and nothing that says whose it is (R-SRV-03, INV-19, decision 0022)."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Func, IntegerField

from i2a.clock import EDMONTON
from surveys.ballots.tokens import LENGTH, hash_of
from surveys.models import Answer, Response, Survey, Ticket

TOKEN = re.compile(rf"[0-9a-f]{{{LENGTH}}}")
MIXED_WITH = 20  # other responses of the week that are written down again with each new one
USE = """
UPDATE surveys_ballotbox SET used = set_bit(used, %(place)s, 1)
WHERE survey_id = %(survey)s AND get_bit(used, %(place)s) = 0
"""


class AlreadyAnswered(Exception):
    """The link was used before."""


class SurveyClosed(Exception):
    """No more answers are taken."""


def ticket_of(token: str) -> Ticket | None:
    """With `used`: 1 when the link was used before."""
    if not TOKEN.fullmatch(token):
        return None
    used = Func(F("survey__ballot_box__used"), F("place"), function="get_bit", output_field=IntegerField())
    found = Ticket.objects.select_related("survey").annotate(used=used)
    return found.filter(token_sha256=hash_of(token)).first()


def closed_on(survey: Survey, now: datetime) -> date | None:
    """The day after which no answer is taken, once it is over; None while answers are taken. Pausing stops its mail,
    not its answers."""
    if survey.ended_at is not None:
        ended = survey.ended_at.astimezone(EDMONTON).date()
        return min(ended, survey.closes_on or ended)
    is_over = survey.closes_on is not None and now.astimezone(EDMONTON).date() > survey.closes_on
    return survey.closes_on if is_over else None


@transaction.atomic
def cast(*, ticket: Ticket, answers: Iterable[Answer], now: datetime) -> None:
    """Keep `answers`, rows without a response yet, and that the link was used; only the week is kept of `now`.

    The bits are one row, so whoever answers at the same time waits for a moment here: of two, one keeps its answer.

    :raises SurveyClosed: it is over.
    :raises AlreadyAnswered: with this link.
    """
    if closed_on(ticket.survey, now):
        raise SurveyClosed
    with connection.cursor() as cursor:
        cursor.execute(USE, {"place": ticket.place, "survey": ticket.survey_id})
        if not cursor.rowcount:
            raise AlreadyAnswered
    response = Response.objects.create(
        survey_id=ticket.survey_id, answered_on=monday_of(now), channel=ticket.channel, topic_id=ticket.topic_id
    )
    rows = list(answers)
    for row in rows:
        row.response = response
    Answer.objects.bulk_create(rows)  # no audit: it would say when (INV-19)
    _mix(response)


def monday_of(now: datetime) -> date:
    day = now.astimezone(EDMONTON).date()
    return day - timedelta(days=day.weekday())


def _mix(response: Response) -> None:
    """Take it out and put it back together with others of its week, in random order: neither its place in the table nor
    the number of the transaction says when it came."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT survey_mix(%s, %s)", [response.pk, MIXED_WITH])
