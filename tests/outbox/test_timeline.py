from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from contacts.timeline import Place, page_of
from tests.factories import ContactFactory, MessageFactory
from tests.outbox.steps import promotion

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # 10 am in Edmonton until June 2026, 11 am since
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stand_still():
    with time_machine.travel(NOW, tick=False):
        yield


def entry_of(specialist, **columns):
    message = MessageFactory(created_at=NOW, **columns)
    (entry,) = page_of(message.contact, specialist, show="mail").entries
    return message, entry


def test_a_queued_mail_says_when_it_leaves(specialist):
    message, entry = entry_of(specialist, not_before=NOW + timedelta(seconds=20), created_by=specialist)

    assert (entry.title, entry.detail) == ("E-mail queued", "The information you asked for")
    assert (entry.text, entry.by, entry.at) == ("Leaves at 11:00:20 am.", "Maya Okafor-Lindqvist", NOW)
    assert str(message.uid) in entry.url


@pytest.mark.parametrize(
    ("columns", "title", "text", "tone"),
    [
        ({"not_before": NOW}, "E-mail queued", "Waits for the mail server.", ""),
        (
            {"not_before": NOW + timedelta(minutes=4), "reason": "server busy"},
            "E-mail queued",
            "The mail server asked to try again later. Next try today 11:04 am.",
            "",
        ),
        ({"state": "sending"}, "E-mail on its way", "Is being sent now.", ""),
        (
            {"state": "sent", "sent_at": NOW + timedelta(seconds=24)},
            "E-mail sent",
            "Queued today 11:00 am, sent today 11:00 am.",
            "ok",
        ),
        (
            {"state": "failed", "reason": "address refused"},
            "E-mail failed",
            "The mail server refused the address.",
            "stop",
        ),
        ({"state": "withheld", "reason": "no e-mail"}, "E-mail withheld", "No e-mail address.", "stop"),
        (
            {"state": "cancelled", "reason": "Undone right after saving"},
            "E-mail taken back",
            "Undone right after saving.",
            "",
        ),
        (
            {"state": "ambiguous", "reason": "no answer"},
            "E-mail perhaps sent",
            "Nobody knows whether it arrived. The mail server did not answer after the end of the mail.",
            "stop",
        ),
    ],
)
def test_how_it_goes_on(specialist, columns, title, text, tone):
    leased = {"claim_token": "00000000-0000-4000-8000-000000000001", "lease_until": NOW}

    _message, entry = entry_of(specialist, **leased, **columns)

    assert (entry.title, entry.text, entry.tone) == (title, text, tone)


@pytest.mark.parametrize(
    ("kind", "tab", "tag", "title"),
    [
        ("seminar", "campaigns", "Seminar invitation", "E-mail queued"),
        ("trade_mission", "campaigns", "Trade mission invitation", "E-mail queued"),
        ("survey", "surveys", "Survey invitation", "Survey invitation queued"),
    ],
)
def test_what_campaigns_and_surveys_sent_has_tabs_of_its_own(specialist, kind, tab, tag, title):
    message = promotion(created_at=NOW, kind=kind)

    (entry,) = page_of(message.contact, specialist, show=tab).entries

    assert (entry.tags, entry.title) == ((tag,), title)
    assert page_of(message.contact, specialist, show="mail").entries == []


def test_only_older_ones_newest_first_and_no_more_than_asked_for(specialist):
    contact = ContactFactory()
    oldest, older, last = (MessageFactory(contact=contact, created_at=NOW - timedelta(days=days)) for days in [3, 2, 1])

    entries = page_of(contact, specialist, show="mail", before=Place(last.created_at)).entries

    assert [entry.at for entry in entries] == [older.created_at, oldest.created_at]
    assert len(page_of(contact, specialist, show="mail", limit=2).entries) == 2


def test_one_query_however_many(specialist, django_assert_num_queries):
    contact = ContactFactory()
    MessageFactory.create_batch(20, contact=contact, created_by=specialist)
    specialist.has_perm("contacts.view_contact")

    with django_assert_num_queries(1):
        assert len(page_of(contact, specialist, show="mail").entries) == 20
