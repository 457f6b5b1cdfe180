"""The list of contacts: filters, order, pages, who sees what, what it costs (R-CAL-09, R-CON-11)."""

from datetime import datetime, timedelta
from itertools import chain
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from audit.models import AccessEvent
from contacts.choices import Purpose
from contacts.list_form import ContactFilterForm
from contacts.listing import COUNT_UP_TO, ROWS_PER_PAGE, list_contacts, page_asked_for
from contacts.models import Contact
from i2a import clock
from i2a.clock import EDMONTON
from i2a.keyset import token_of
from tests.contacts.crowd import crowd
from tests.factories import LONG_AGO, CallFactory, ContactFactory, TeamFactory, let_in

URL = "/contacts/"


def names(response):
    return [row.contact.name for row in response.context["listed"].rows]


def ask(client, user, query=""):
    client.force_login(user)
    return client.get(f"{URL}?{query}")


def test_the_latest_activity_stands_first_and_leads_to_the_record(client, specialist):
    ContactFactory(name="Older", last_activity_at=LONG_AGO)
    newer = ContactFactory(name="Newer", last_activity_at=LONG_AGO + timedelta(days=1))

    response = ask(client, specialist)

    assert names(response) == ["Newer", "Older"]
    assert newer.get_absolute_url() in response.text


def test_merged_and_anonymised_records_are_not_listed(client, specialist):
    merged = ContactFactory(status="merged")
    ContactFactory(status="anonymised")

    assert names(ask(client, specialist)) == [merged.merged_into.name]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category=employer", ["Employer"]),
        ("country=UA", ["From Ukraine"]),
        ("country=UA&country_of=residence", ["In Ukraine"]),
        ("organisation_type=law_firm", ["Firm"]),
        ("language=uk", ["Speaks"]),
        ("consent=may", ["In Ukraine", "Seminars"]),
        ("consent=may&purpose=seminar", ["Seminars"]),
        ("purpose=seminar", ["Seminars"]),
        ("consent=declined", ["Declines"]),
        ("consent=do_not_contact", ["Never"]),
        ("restricted=on", []),
        ("category=employer&country=UA", []),
    ],
)
def test_filters_narrow_the_list(client, specialist, query, found):
    ContactFactory(name="Employer", category="employer")
    ContactFactory(name="From Ukraine", origin_country="UA")
    ContactFactory(name="In Ukraine", agrees_to=[Purpose.TRADE_MISSION], residence_country="")
    Contact.objects.filter(name="In Ukraine").update(residence_country="UA")
    ContactFactory(name="Firm", organisation_type="law_firm")
    ContactFactory(name="Speaks", language="uk")
    ContactFactory(name="Seminars", agrees_to=[Purpose.SEMINAR])
    ContactFactory(name="Declines", declines=True)
    ContactFactory(name="Never", do_not_contact=True, do_not_contact_at=LONG_AGO)

    assert sorted(names(ask(client, specialist, query))) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("last_call=today", ["0 days"]),
        ("last_call=7days", ["0 days", "7 days"]),
        ("last_call=30days", ["0 days", "7 days", "30 days"]),
        ("last_call=before30days", ["31 days", "400 days"]),
        ("last_call=before1year", ["400 days"]),
        ("last_call=never", ["never"]),
    ],
)
def test_the_last_call_goes_by_edmonton_days(client, specialist, monkeypatch, query, found):
    ContactFactory(name="never")
    now = datetime(2026, 11, 23, 1, 0, tzinfo=EDMONTON)  # in UTC it is eight o'clock
    for days in [0, 7, 30, 31, 400]:
        contact = ContactFactory(name=f"{days} days")
        CallFactory(contact=contact, specialist=specialist, started_at=now - timedelta(days=days, minutes=30))

    monkeypatch.setattr(clock, "now", lambda: now)
    assert names(ask(client, specialist, query)) == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("name", ["Ágnes", "ben", "Олена", "Zoë"]),
        ("-name", ["Zoë", "Олена", "ben", "Ágnes"]),
        ("created", ["Zoë", "ben", "Ágnes", "Олена"]),
        ("-created", ["Олена", "Ágnes", "ben", "Zoë"]),
        ("activity", ["ben", "Zoë", "Олена", "Ágnes"]),
        ("-activity", ["Ágnes", "Олена", "Zoë", "ben"]),
    ],
)
def test_the_list_is_sorted_both_ways_by_how_names_read_in_latin_letters(client, specialist, sort, found):
    people = [("Zoë", "", 2), ("ben", "", 1), ("Ágnes", "", 4), ("Олена", "Olena", 3)]
    for number, (name, latin, day) in enumerate(people):
        ContactFactory(
            name=name,
            name_latin=latin,
            created_at=LONG_AGO + timedelta(days=number),
            last_activity_at=LONG_AGO + timedelta(days=day),
        )

    assert names(ask(client, specialist, f"sort={sort}")) == found


@pytest.mark.parametrize("sort", ["name", "-name", "created", "-created", "activity", "-activity"])
def test_pages_show_everybody_once_and_lead_back(client, specialist, sort):
    for number in range(2 * ROWS_PER_PAGE + 3):  # three at a time have the same key
        ContactFactory(
            name=f"Name {number // 3}",
            created_at=LONG_AGO + timedelta(days=number // 3),
            last_activity_at=LONG_AGO + timedelta(days=number // 3),
        )
    pages = [ask(client, specialist, f"sort={sort}")]

    while pages[-1].context["next_url"]:
        pages.append(client.get(URL + pages[-1].context["next_url"]))

    shown = [[row.contact.pk for row in page.context["listed"].rows] for page in pages]
    assert [len(rows) for rows in shown] == [ROWS_PER_PAGE, ROWS_PER_PAGE, 3]
    assert sorted(chain(*shown)) == sorted(Contact.objects.values_list("pk", flat=True))
    back = client.get(URL + pages[2].context["previous_url"])
    assert [row.contact.pk for row in back.context["listed"].rows] == shown[1]
    first = client.get(URL + back.context["previous_url"])
    assert [row.contact.pk for row in first.context["listed"].rows] == shown[0]
    assert first.context["previous_url"] == ""


def test_the_last_call_is_what_filters_by_it_are_paged_by(client, specialist):
    for number in range(ROWS_PER_PAGE + 1):
        contact = ContactFactory()
        CallFactory(contact=contact, specialist=specialist, started_at=clock.now() - timedelta(minutes=number))

    first = ask(client, specialist, "last_call=7days")
    second = client.get(URL + first.context["next_url"])

    assert len(second.context["listed"].rows) == 1
    assert len(client.get(URL + second.context["previous_url"]).context["listed"].rows) == ROWS_PER_PAGE


def test_no_address_of_the_list_holds_a_name(client, specialist):
    for number in range(ROWS_PER_PAGE + 1):
        ContactFactory(name=f"Storybrook {number}")

    response = ask(client, specialist, "sort=name")

    assert parse_qs(urlsplit(response.context["next_url"]).query).keys() == {"sort", "after"}
    token = response.context["next_url"].split("after=")[1]
    assert "tory" not in token
    assert len(token) < 20


def test_a_hidden_contact_is_no_place_to_begin_from(client, specialist):
    hidden = ContactFactory(name="M", restricted=True)
    ContactFactory(name="A")
    ContactFactory(name="Z")
    asked = {"sort": "name"}

    page = page_asked_for(specialist, asked, clock.today(), after=token_of(hidden.pk))

    assert [row.contact.name for row in page.rows] == ["A", "Z"]


HOSTILE = [
    "after=%00", "after=////", "before=MSBub3QtYS1kYXRl", "after=OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "sort=;drop", "utm=1",
    "category=%27%20OR%201=1", "country=%F0%9F%92%A9", "country_of=moon", "team=99999999999999999999", "last_call=%00",
    "consent=all&purpose=none", "restricted=", "language=" + "x" * 5000, "view=1&view=2", "page=9999999",
    "after=MSA5OTk5LTEyLTMx", "after=MSAyMDI2LTAxLTAxVDAwOjAwOjAwKzAwOjAw", "after=x&before=y",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("sort", ["", "&sort=name"])
def test_whatever_stands_in_the_address_the_list_answers(client, manager, query, sort):
    ContactFactory(name="Somebody")

    response = ask(client, manager, query + sort)

    assert response.status_code == 200
    assert names(response) == ["Somebody"]


def test_a_filter_that_makes_no_sense_says_so_and_filters_nothing(client, specialist):
    ContactFactory(name="Somebody")

    response = ask(client, specialist, "category=pirates")

    assert names(response) == ["Somebody"]
    assert "Choose one from the list." in response.text
    assert "pirates" not in response.context["query"]


def test_active_filters_are_chips_that_lead_to_the_list_without_them(client, specialist):
    response = ask(client, specialist, "category=employer&country=UA&country_of=residence&sort=name")

    assert response.context["active_filters"] == [
        ("Category: Employer", "?country=UA&country_of=residence&sort=name"),
        ("Country of residence: Ukraine", "?category=employer&sort=name"),
    ]
    assert "Clear all" in response.text
    assert "No contact fits these filters" in response.text


def test_a_purpose_goes_with_the_answer_it_belongs_to():
    form = ContactFilterForm(QueryDict("consent=declined&purpose=seminar"), sees_all_teams=False)

    assert form.active() == [("Seminars and workshops: Declined", "?view=all")]


def test_an_empty_system_says_how_it_fills(client, specialist):
    assert "No contacts yet" in ask(client, specialist).text


def test_the_count_stops_at_a_thousand(client, specialist):
    crowd(specialist.team, size=COUNT_UP_TO + 50)

    assert f"{COUNT_UP_TO}+ contacts" in ask(client, specialist).text


# Who sees what


def test_the_team_sees_its_own_and_what_was_granted(client, specialist):
    ContactFactory(name="Ours")
    ContactFactory(name="Theirs", team=TeamFactory(name="Trade Missions"))
    ContactFactory(name="Hidden", restricted=True)
    granted = ContactFactory(name="Granted", restricted=True)
    let_in(specialist, granted)

    assert sorted(names(ask(client, specialist))) == ["Granted", "Ours"]
    assert names(ask(client, specialist, "restricted=on")) == ["Granted"]


def test_who_sees_all_teams_may_choose_one(client, manager):
    ContactFactory(name="Ours")
    theirs = TeamFactory(name="Trade Missions")
    ContactFactory(name="Theirs", team=theirs)

    assert sorted(names(ask(client, manager))) == ["Ours", "Theirs"]
    assert names(ask(client, manager, f"team={theirs.pk}")) == ["Theirs"]


def test_a_team_in_the_address_means_nothing_to_who_sees_one(client, specialist):
    ContactFactory(name="Ours")

    response = ask(client, specialist, "team=987654")

    assert names(response) == ["Ours"]
    assert "Trade Missions" not in response.text


@pytest.mark.parametrize("query", ["", "sort=name", "consent=may", "restricted=on", "last_call=never"])
def test_the_list_never_shows_more_than_one_may_see(specialist, manager, query):
    for team in [specialist.team, TeamFactory(name="Trade Missions")]:
        ContactFactory(team=team)
        ContactFactory(team=team, restricted=True)
        ContactFactory(team=team, agrees_to=[Purpose.SEMINAR])

    for user in [specialist, manager]:
        form = ContactFilterForm(QueryDict(query), sees_all_teams=True)
        listed = set(list_contacts(user, form.cleaned_data, clock.today()))
        assert listed <= set(Contact.objects.visible_to(user))
        if not query:
            assert listed == set(Contact.objects.visible_to(user))


# What is recorded, what it costs


def test_opening_the_list_is_recorded_with_its_filters_and_count(client, specialist):
    ContactFactory(category="employer")

    ask(client, specialist, "category=employer&nonsense=Olena")

    (event,) = AccessEvent.objects.filter(kind="listed")
    assert event.actor == specialist
    assert event.detail["criteria"] == "category=employer"
    assert event.detail["count"] == 1
    assert len(event.detail["query"]) == 64


def test_printing_is_recorded_as_printing_and_prints_the_page_on_the_screen(client, specialist):
    ContactFactory(name="On paper", category="employer")
    ContactFactory(name="Elsewhere")
    client.force_login(specialist)

    response = client.get("/contacts/print/?category=employer")

    assert names(response) == ["On paper"]
    assert "Maya Okafor-Lindqvist" in response.text
    (event,) = AccessEvent.objects.filter(kind="printed")
    assert event.detail["count"] == 1


def test_htmx_gets_the_list_only(client, specialist):
    client.force_login(specialist)

    html = client.get(URL, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in html
    assert 'id="contact-list"' in html


@pytest.mark.parametrize("person", ["specialist", "manager"])
@pytest.mark.parametrize("sort", ["", "sort=name"])
def test_the_list_costs_five_queries_however_long_it_is(client, request, person, sort):
    """Beyond the shell's own: teams or the strip's drafts; views; page and count; answers; the record. By name one more
    for the place, which the first page does not have."""
    user = request.getfixturevalue(person)
    client.force_login(user)
    counts = []
    for size in [2, ROWS_PER_PAGE + 5]:
        ContactFactory.create_batch(size, team=TeamFactory(), agrees_to=[Purpose.SEMINAR])
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{URL}?{sort or 'view=all'}")
        shell = ["django_session", 'access_user"', "contacts_contactusergrant", "SAVEPOINT", "followups_"]
        counts.append(len([query for query in queries if not any(word in query["sql"][:400] for word in shell)]))

    assert counts[0] == counts[1] <= 5
