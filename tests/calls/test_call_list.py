import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Topic
from calls.records import ROWS_PER_PAGE
from i2a.keyset import token_of
from tests.calls.records import TOO_LONG, seen
from tests.factories import CallFactory, ContactFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def rows(client, **query):
    response = client.get(reverse("calls:list"), query)
    assert response.status_code == 200
    return [call.ref for call in response.context["calls"]]


def test_list_shows_the_team_s_calls_newest_first(client, maya):
    older = CallFactory(specialist=maya)
    newer = CallFactory(specialist=maya, started_at=older.started_at + timedelta(hours=1))
    CallFactory(specialist__team=TeamFactory(name="Trade Missions"))

    assert rows(client) == [newer.ref, older.ref]


def test_calls_of_a_restricted_contact_are_not_listed(client, maya):
    CallFactory(specialist=maya, contact=ContactFactory(restricted=True))

    assert rows(client) == []


@pytest.mark.parametrize("role", ["manager", "privacy_officer"])
def test_managers_and_privacy_officers_see_the_calls_of_all_teams(client, role):
    client.force_login(UserFactory(role=role, team=None))
    teams = [TeamFactory(name="Phone"), TeamFactory(name="Trade Missions")]
    calls = [CallFactory(specialist__team=team) for team in teams]

    assert rows(client) == [calls[1].ref, calls[0].ref]


def test_mine_shows_my_own_calls(client, maya, tomas):
    mine, theirs = CallFactory(specialist=maya), CallFactory(specialist=tomas)

    assert rows(client) == [theirs.ref, mine.ref]
    assert rows(client, whose="mine") == [mine.ref]


FILTERS = [
    {"category": "investor"},
    {"topic": "Study"},
    {"outside_hours": "on"},
    {"voided": "on"},
    {"first_day": "2026-11-24"},
]


@pytest.mark.parametrize("query", FILTERS, ids=lambda query: next(iter(query)))
def test_each_filter_leaves_only_the_calls_it_names(client, maya, query):
    CallFactory(specialist=maya)
    wanted = CallFactory(
        specialist=maya,
        category="investor",
        topics=["Study"],
        is_outside_hours=True,
        voided="voided" in query,
        started_at=datetime(2026, 11, 24, 17, 0, tzinfo=UTC),
    )
    if "topic" in query:
        query = {"topic": Topic.objects.get(name="Study").pk}

    assert rows(client, **query) == [wanted.ref]


def test_voided_calls_are_shown_only_when_asked_for(client, maya):
    CallFactory(specialist=maya, voided=True)

    assert rows(client) == []


def test_the_last_day_is_included_whole_in_edmonton_time(client, maya):
    late_in_the_evening = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # 23:30 of the 23rd in Edmonton
    call = CallFactory(specialist=maya, started_at=late_in_the_evening)

    assert rows(client, first_day="2026-11-23", last_day="2026-11-23") == [call.ref]
    assert rows(client, first_day="2026-11-24") == []


def test_filters_in_use_are_links_that_remove_them(client, maya):
    CallFactory(specialist=maya)

    response = client.get(reverse("calls:list"), {"category": "investor", "outside_hours": "on", "older": "x"})

    links = {words: address for _name, words, address in response.context["active_filters"]}
    assert links == {
        "Investor": "/calls/?outside_hours=on",
        "Outside hours only": "/calls/?category=investor",
    }


@pytest.mark.parametrize(
    "query",
    [
        {"first_day": "yesterday"},
        {"first_day": "0001-01-01"},
        {"last_day": "9999-12-31"},
        {"first_day": "2026-11-24", "last_day": "2026-11-23"},
        {"category": "\x00"},
        {"category": TOO_LONG},
        {"topic": "x"},
        {"topic": "99999999999999999999999999"},
        {"older": "\x00"},
        {"newer": TOO_LONG},
        {"older": base64.urlsafe_b64encode(b"2026-11-23T10:00:00 1").decode()},
        {"older": base64.urlsafe_b64encode(b"9999-12-31T23:59:59+00:00 1").decode()},
        {"older": base64.urlsafe_b64encode(b"2026-11-23T10:00:00+00:00 " + b"9" * 5_000).decode()},
        {"older": token_of("2999-01-01T10:00:00+00:00", 10**17)},
        {"older": token_of("2999-01-01T10:00:00+00:00", 10**30)},
        {"whose": "\u202e"},
    ],
    ids=str,
)
def test_filters_that_make_no_sense_filter_nothing_and_break_nothing(client, maya, query):
    call = CallFactory(specialist=maya)

    assert rows(client, **query) == [call.ref]


def test_pages_follow_each_other_without_gap_or_repetition(client, maya):
    started_at = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    CallFactory.create_batch(2 * ROWS_PER_PAGE + 5, specialist=maya, started_at=started_at)  # all at one instant
    url, pages, addresses = reverse("calls:list"), [], []
    while url:
        response = client.get(url)
        pages.append([call.ref for call in response.context["calls"]])
        addresses.append(url)
        url = response.context["older_url"]

    assert [len(shown) for shown in pages] == [ROWS_PER_PAGE, ROWS_PER_PAGE, 5]
    assert len({ref for shown in pages for ref in shown}) == 2 * ROWS_PER_PAGE + 5
    back = client.get(client.get(addresses[-1]).context["newer_url"])
    assert [call.ref for call in back.context["calls"]] == pages[1]
    first = client.get(back.context["newer_url"])
    assert [call.ref for call in first.context["calls"]] == pages[0]
    assert first.context["newer_url"] == ""


def test_names_are_isolated_from_the_direction_of_the_text(client, maya):
    CallFactory(specialist=maya, contact=ContactFactory(name="أحمد النجّار الخيالي"))

    assert '<bdi dir="auto">أحمد النجّار الخيالي</bdi>' in client.get(reverse("calls:list")).content.decode()


def test_opening_the_list_is_recorded_with_what_was_asked_and_how_many(client, maya):
    CallFactory(specialist=maya, category="investor")

    client.get(reverse("calls:list"), {"category": "investor", "whose": "mine"})

    assert seen("listed", "calls.call").get().detail == {"count": 1, "mine": True, "filters": ["category"]}


def test_the_list_says_when_there_is_nothing(client, maya):
    assert "No calls yet" in client.get(reverse("calls:list")).content.decode()
    assert "No call fits these filters" in client.get(reverse("calls:list"), {"voided": "on"}).content.decode()


def test_count_stops_where_it_helps_nobody(client, maya, monkeypatch):
    monkeypatch.setattr("calls.records.COUNT_UP_TO", 3)
    monkeypatch.setattr("calls.views.records.COUNT_UP_TO", 3)
    CallFactory.create_batch(5, specialist=maya)

    assert "More than 3 calls" in client.get(reverse("calls:list")).content.decode()


def test_list_costs_the_same_for_twenty_calls(client, maya):
    CallFactory(specialist=maya, contact=ContactFactory())
    client.get(reverse("calls:list"))
    with CaptureQueriesContext(connection) as one_row:
        client.get(reverse("calls:list"))
    for _number in range(19):
        CallFactory(specialist=maya, contact=ContactFactory(), topics=["Study", "Work permits"])

    with CaptureQueriesContext(connection) as twenty_rows:
        response = client.get(reverse("calls:list"))

    assert len(response.context["calls"]) == 20
    assert len(twenty_rows) == len(one_row) <= 14
