"""Events are kept by team leads and managers, in the time of their place (R-CMP-01)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from i2a import clock
from outreach.models import Event
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TYPED = {
    "kind": "trade_mission",
    "title": "Alberta in Manila",
    "languages": ["en"],
    "other_language": "tl",
    "day": "2027-02-05",
    "begins": "09:00",
    "ends": "12:00",
    "zone": "Asia/Manila",
    "place": "Manila",
    "seats": "120",
    "country_1": "PH",
    "country_3": "PH",
    "link": "https://example.org/manila",
}


@pytest.fixture
def lead(client, team_lead, time_machine):
    time_machine.move_to(NOW)
    client.force_login(team_lead)
    return client


def add(client, **typed):
    return client.post(reverse("outreach:new"), {**TYPED, **typed})


def test_an_event_is_kept_in_the_time_of_its_place(lead):
    response = add(lead)

    event = Event.objects.get()
    assert response.url == event.get_absolute_url()
    assert event.starts_at == datetime(2027, 2, 5, 1, 0, tzinfo=UTC)
    assert (event.languages, event.countries, event.seats) == (["en", "tl"], ["PH"], 120)
    page = lead.get(response.url).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Friday 5 February 2027, 9:00 am to 12:00 pm" in page
    assert "Manila time" in page
    assert "7:00 pm in Edmonton" in page


def test_the_same_form_sent_twice_makes_one_event(lead):
    for _click in range(2):
        add(lead, form_uuid="6f0d5b5e-1111-4222-8333-444455556666")

    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "", "begins": "", "ends": ""}, "A seminar or trade mission needs a date."),
        ({"day": ""}, "Choose a day."),
        ({"begins": ""}, "Say at what time it starts."),
        ({"ends": "08:00"}, "It must end after it starts."),
        ({"last_day": "2027-02-07", "ends": ""}, "Say at what time it ends on the last day."),
        ({"day": "1899-01-01"}, "Choose a day within the next ten years."),
        ({"zone": "Mars/Olympus"}, "Choose a time zone from the list."),
        (
            {"zone": "Europe/Warsaw", "day": "2027-03-28", "begins": "02:30", "ends": ""},
            "The clocks in Warsaw skip this time on that day. Choose another one.",
        ),
        ({"seats": "0"}, "Seats are a number from 1 to 10,000. Leave it empty if everybody fits in."),
        ({"link": "http://example.org/"}, "A link begins with https://."),
        ({"languages": [], "other_language": ""}, "Choose at least one language."),
        ({"title": " "}, "Give it a title."),
        ({"kind": ""}, "Choose what it is."),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_stays_typed(lead, typed, words):
    response = add(lead, **typed)

    assert response.status_code == 200
    assert words in response.text
    assert 'value="https://example.org/manila"' in response.text or "link" in typed
    assert not Event.objects.exists()


def test_news_needs_no_date(lead):
    add(lead, kind="update", day="", begins="", ends="")

    assert Event.objects.get().starts_at is None


@pytest.mark.parametrize(
    "columns",
    [
        {"starts_at": None},
        {"ends_at": NOW - timedelta(days=999)},
        {"seats": 0},
        {"link": "http://example.org"},
        {"kind": "party"},
        {"cancelled_at": NOW},
        {"kind": "update", "starts_at": None, "public_form": "open"},
    ],
)
def test_the_database_refuses_it_too(columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        EventFactory(**columns)


def test_what_was_saved_is_shown_for_editing_and_saved_over(lead):
    add(lead)
    event = Event.objects.get()
    url = reverse("outreach:edit", args=[event.uid])
    shown = lead.get(url).context["form"]
    assert {name: shown[name].value() for name in ["languages", "other_language", "country_1"]} == {
        "languages": ["en"],
        "other_language": "tl",
        "country_1": "PH",
    }

    response = lead.post(url, {**TYPED, "version": event.version, "place": "Quezon City"})

    event.refresh_from_db()
    assert response.status_code == 302
    assert (event.place, event.version) == ("Quezon City", 2)


def test_who_was_slower_sees_both_and_changes_nothing(lead):
    add(lead)
    event = Event.objects.get()
    url = reverse("outreach:edit", args=[event.uid])
    lead.post(url, {**TYPED, "version": 1, "place": "Quezon City"})

    response = lead.post(url, {**TYPED, "version": 1, "place": "Cebu"})

    event.refresh_from_db()
    assert response.status_code == 409
    assert "Cebu" in response.text
    assert "Quezon City" in response.text
    assert event.place == "Quezon City"


def test_a_cancelled_event_is_offered_to_nobody_and_says_why(lead):
    event = EventFactory()

    lead.post(reverse("outreach:cancel", args=[event.uid]), {"because": "The hall burnt down"})

    assert event not in Event.objects.upcoming(clock.now())
    assert "The hall burnt down" in lead.get(event.get_absolute_url()).text
    assert event.title in lead.get(reverse("outreach:list"), {"show": "cancelled"}).text
    assert lead.get(reverse("outreach:edit", args=[event.uid])).url == event.get_absolute_url()


def test_the_list_shows_what_is_coming_or_over_and_costs_the_same_for_many(lead, django_assert_num_queries):
    EventFactory.create_batch(8)
    over = EventFactory(title="Newcomers' evening", starts_at=NOW - timedelta(days=1))
    lead.get(reverse("outreach:list"))

    with django_assert_num_queries(11):
        page = lead.get(reverse("outreach:list")).text

    assert over.title not in page
    assert "Newcomers&#x27; evening" in lead.get(reverse("outreach:list"), {"show": "past", "q": "evening"}).text


def test_specialists_read_and_do_not_change(client, specialist):
    client.force_login(specialist)
    event = EventFactory()

    page = client.get(event.get_absolute_url()).text

    assert event.title in page
    assert reverse("outreach:edit", args=[event.uid]) not in page
