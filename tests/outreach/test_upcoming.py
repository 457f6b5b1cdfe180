"""What is offered to one client: by what they agreed to and where they are, never by citizenship (R-CAL-09, D-09)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from contacts.choices import Purpose
from contacts.gate import answers_of, with_stops
from contacts.models import Contact
from outreach.models import Event
from outreach.upcoming import upcoming_for
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
CANADA = {"residence_country": "CA", "city": "Banff", "region": "AB", "street": "40 Imaginary St"}


def event(title="A morning for employers", kind="seminar", countries=("CA",), days=9, **columns):
    starts_at = NOW + timedelta(days=days)
    return Event.objects.create(title=title, kind=kind, countries=list(countries), starts_at=starts_at, **columns)


def offered(contact):
    return upcoming_for(contact, answers_of(contact), NOW)


def person(purposes=(Purpose.SEMINAR,), **columns):
    contact = ContactFactory(agrees_to=list(purposes), citizenship="PH")
    for name, value in columns.items():
        setattr(contact, name, value)
    return contact


def test_an_event_where_they_live_with_the_reason_beside_it():
    event(zone="America/Edmonton")

    (offer,) = offered(person(**CANADA)).offers

    assert offer.event.title == "A morning for employers"
    assert offer.when == "Wednesday 2 December 2026, 11:00 am"
    assert offer.why == "Agreed to seminars and workshops by e-mail · Lives in: Canada"


def test_an_event_elsewhere_is_not_offered():
    event(countries=["PH"])

    assert offered(person(**CANADA)).offers == []


def test_without_a_residence_the_country_of_origin_counts_and_is_shown_as_such():
    event(countries=["UA"])

    (offer,) = offered(person(origin_country="UA")).offers

    assert "From: Ukraine (no country of residence recorded)" in offer.why


def test_citizenship_never_counts():
    event(countries=["PH"])

    assert offered(person(origin_country="UA")).offers == []


def test_what_has_no_area_is_for_everybody():
    event(countries=[])

    (offer,) = offered(person()).offers

    assert "For every area" in offer.why


def test_only_what_they_agreed_to():
    event(kind="trade_mission", countries=[])

    assert offered(person([Purpose.SEMINAR])).offers == []
    assert len(offered(person([Purpose.TRADE_MISSION])).offers) == 1


def test_what_has_begun_is_over():
    event(days=-1)

    assert offered(person(**CANADA)).offers == []


@pytest.mark.parametrize(
    ("traits", "words"),
    [
        ({}, "Not asked yet"),
        ({"declines": True}, "Declined"),
        ({"do_not_contact": True, "do_not_contact_at": NOW}, "Do not contact"),
    ],
)
def test_who_did_not_agree_is_offered_nothing_and_no_query(traits, words, django_assert_num_queries):
    event(countries=[])
    contact = with_stops(Contact.objects.all()).get(pk=ContactFactory(**traits).pk)
    answers = answers_of(contact)

    with django_assert_num_queries(0):
        upcoming = upcoming_for(contact, answers, NOW)

    assert (upcoming.offers, upcoming.refusal) == ([], words)


def test_it_stands_on_the_contacts_page(client, specialist, time_machine):
    time_machine.move_to(NOW)
    event(countries=[])
    client.force_login(specialist)

    html = client.get(reverse("contacts:detail", args=[person().uid])).content.decode()

    assert "Upcoming for this client" in html
    assert "A morning for employers" in html
