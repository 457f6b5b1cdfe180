"""Invitations on connections of their own, with real commits: many clicks, many beats, a sender (M5, M6, R7)."""

import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from audit.models import LogEntry
from contacts import gate
from contacts.choices import Channel, Purpose
from i2a import clock
from surveys.ballots.tokens import hash_of, token_of
from surveys.inviting import refusals, switching
from surveys.inviting.approving import approve, changed_since_freeze
from tests.factories import UserFactory
from tests.outbox.conftest import committed as committed
from tests.outbox.conftest import smtp as smtp
from tests.outbox.steps import drain
from tests.surveys.steps import approved, asked, caller, draft, its_time, messages_of, released, tick
from tests.threads import at_once

pytestmark = pytest.mark.xdist_group("workshop")
HOLDS = "SELECT EXISTS (SELECT FROM {table} AS row WHERE row::text LIKE %s)"


@pytest.fixture
def of_one_day():
    """A survey about the calls of a day on which nobody else in the database called."""
    day = date(1980, 1, 1) + timedelta(days=uuid4().int % 7000)
    at = datetime.combine(day, time(18), tzinfo=UTC)
    call = {"started_at": at, "ended_at": at}
    made = []

    def survey(people: int, **columns):
        found = [caller(call=call, **columns) for _one in range(people)]
        made.append(draft(ref=f"S-{uuid4().hex[:10]}", called_from=day, called_to=day))
        return made[0], found

    yield survey
    made[0].refresh_from_db()
    if made[0].ended_at is None:
        end = switching.close if made[0].released_at else switching.cancel
        end(survey=made[0], because="A test", by=made[0].created_by, now=clock.now())


def test_of_twenty_approvals_at_once_one_counts(committed, of_one_day):
    """M6: the others are told that it is scheduled."""
    survey, (contact,) = of_one_day(1)
    survey = asked(survey)
    manager, told = UserFactory(role="manager", team=None), []
    seen = {"seen_sha256": changed_since_freeze(survey).sha256, "seen_version": survey.version}

    def click() -> None:
        try:
            told.append(approve(survey=survey, by=manager, now=clock.now(), **seen).state)
        except refusals.AlreadyScheduled as refused:
            told.append(str(refused))

    at_once(20, click)

    assert sorted(told) == ["This survey is already scheduled."] * 19 + ["approved"]
    assert list(survey.invitations.values_list("contact", flat=True)) == [contact.pk]


def test_ten_beats_at_once_open_it_once(committed, of_one_day):
    """M5, M6."""
    survey, _people = of_one_day(6)
    survey = approved(survey)
    due = its_time(survey)

    at_once(10, lambda: tick(due))

    assert messages_of(survey).count() == survey.invitations.exclude(message=None).count() == 6
    history = LogEntry.objects.get_for_object(survey)
    assert sum(entry.changes.get("state") == ["approved", "open"] for entry in history) == 1


def test_the_mail_has_a_link_that_nothing_else_knows(committed, smtp, of_one_day, caplog):
    """R7: not the database, not a log; and its fingerprint in the proof is of the words without it."""
    caplog.set_level("DEBUG")
    survey, (contact,) = of_one_day(1)
    survey = released(approved(survey))
    messages_of(survey).update(not_before=clock.now())

    drain()

    (received,) = smtp.received
    mail = received.mail
    text, html = (mail.get_body([kind]).get_content() for kind in ["plain", "html"])
    token = token_of(survey.invitations.get(contact=contact))
    link = re.search(rf"http\S+(/s/\?t={token}\S*)", text)[1]
    assert re.search(rf'href="http[^"]+/s/\?t={token}', html)
    assert "{link}" not in text + html
    assert re.search(r"<\S+/unsubscribe/\?t=\S+>", mail["List-Unsubscribe"])
    assert Client().get(link).status_code == 200
    assert token not in caplog.text
    assert tables_with(token) == []
    assert tables_with(hash_of(token)) == ["surveys_ticket"]


def tables_with(words: str) -> list[str]:
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(HOLDS.format(table=table), [f"%{words}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_declining_surveys_by_the_link_leaves_seminars_untouched(committed, smtp, of_one_day):
    """Story 15."""
    survey, (contact,) = of_one_day(1, purposes=("survey", "seminar"))
    survey = released(approved(survey))
    messages_of(survey).update(not_before=clock.now())
    drain()
    mail = smtp.received[0].mail
    token = re.search(r"/unsubscribe/\?t=([^>]+)>", mail["List-Unsubscribe"])[1]

    Client().post(f"/unsubscribe/?t={token}", {"List-Unsubscribe": "One-Click"})

    reasons = {purpose: gate.verdict(contact, purpose, Channel.EMAIL).reason for purpose in Purpose}
    assert (reasons["survey"], reasons["seminar"]) == (gate.Reason.WITHDRAWN, "")


def test_what_is_claimed_when_it_closes_is_withheld(committed, smtp, of_one_day):
    survey, _people = of_one_day(1)
    survey = released(approved(survey))
    messages_of(survey).update(not_before=clock.now())
    type(survey).objects.filter(pk=survey.pk).update(state="closed", ended_at=clock.now())

    drain()

    message = messages_of(survey).get()
    assert (message.state, message.reason, smtp.received) == ("withheld", "survey closed", [])
