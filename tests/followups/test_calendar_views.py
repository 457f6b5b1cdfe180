import re
from datetime import date, time

import pytest
from django.urls import reverse

from access.roles import Role
from followups.models import ClosedDay, FollowUp, ServiceHours
from followups.services import raise_follow_up
from i2a import clock
from tests.factories import ContactFactory, TeamFactory, UserFactory
from tests.followups.hours import edmonton
from tests.followups.pages import beside

pytestmark = pytest.mark.django_db

NOW = edmonton("2026-04-02 15:20")
CLOSE, HOURS = "/followups/calendar/close/", "/followups/calendar/hours/"
FLOOD = {"first_day": "2026-04-07", "last_day": "2026-04-08", "name": "Flood", "name_fr": "Inondation"}
AS_NOW = {f"day_{weekday}": "9:00-16:30" for weekday in range(1, 6)}


@pytest.fixture(autouse=True)
def clock_stands(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def manager(client):
    user = UserFactory(role=Role.MANAGER)
    client.force_login(user)
    return user


def promise(received="2026-04-02 15:10", **values):
    by = UserFactory()
    values = {"contact": None, "team": by.team, "assigned_to": by, "by": by, **values}
    at = edmonton(received)
    return raise_follow_up(kind=FollowUp.Kind.REPLY, asked="Research", received_at=at, now=at, **values)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def switch_of(day):
    return reverse("followups:calendar_switch", args=[ClosedDay.objects.get(day=day).pk])


def test_the_year_is_shown_as_picture_and_table(client, manager):
    page = client.get("/followups/calendar/", {"year": "2026"})

    words = text_of(page)
    assert "252 days with service" in words
    assert "Monday 6 April 2026 Easter Monday Optional holiday As usual" in words
    assert "Wednesday 11 November 2026 Remembrance Day General holiday Closed" in words
    assert "Monday 9:00 am to 4:30 pm" in words
    assert page.content.decode().count('<rect class="holiday') == 9 + 1  # and one in the key


@pytest.mark.parametrize("year", ["", "x", "1", "999999", "٢٠٢٦", "2019"])
def test_an_impossible_year_is_this_one(client, manager, year):
    assert "Service calendar 2026" in text_of(client.get("/followups/calendar/", {"year": year}))


def test_only_managers_are_offered_changes(client):
    client.force_login(UserFactory(role=Role.SPECIALIST))

    page = client.get("/followups/calendar/").content.decode()

    assert CLOSE not in page and "/followups/calendar/days/" not in page


def test_switching_a_day_shows_what_moves_before_it_is_saved(client, manager):
    follow_up = promise(contact=ContactFactory(name="Amara Storybrook-Diallo"))
    url = switch_of("2026-04-06")

    preview = client.post(url, {"is_closed": "yes"})

    words = text_of(preview)
    assert "This moves 1 due time" in words
    assert "Amara Storybrook-Diallo" in words
    assert re.search(r"Mon 3:10 pm\s+Tue 3:10 pm", words)
    follow_up.refresh_from_db()
    assert follow_up.due_at == edmonton("2026-04-06 15:10")


def test_and_then_it_is_saved_and_the_promise_stays(client, manager):
    follow_up = promise()

    answer = client.post(switch_of("2026-04-06"), {"is_closed": "yes", "confirm": "yes"}, follow=True)

    assert "Calendar changed. 1 due time moved." in text_of(answer)
    follow_up.refresh_from_db()
    assert follow_up.due_at == edmonton("2026-04-07 15:10")
    assert follow_up.original_due_at == edmonton("2026-04-06 15:10")


def test_whose_caller_the_manager_may_not_know_is_a_time_without_a_name(client, manager):
    hidden = ContactFactory(team=TeamFactory(name="Trade Missions"), restricted=True, name="Baron Fogwhistle")
    promise(contact=hidden)

    words = text_of(client.post(switch_of("2026-04-06"), {"is_closed": "yes"}))

    assert "A record you cannot see" in words and "Fogwhistle" not in words


def test_a_closure_is_previewed_with_everything_typed(client, manager):
    page = client.post(CLOSE, FLOOD)

    assert "This moves no due time" in text_of(page)
    for name, value in FLOOD.items():
        assert f'name="{name}" value="{value}"' in page.content.decode()
    assert not ClosedDay.objects.filter(name="Flood").exists()


def test_a_closure_is_saved_with_each_of_its_days(client, manager):
    answer = client.post(CLOSE, FLOOD | {"confirm": "yes"})

    assert answer.url == "/followups/calendar/?year=2026"
    assert ClosedDay.objects.filter(name="Flood", name_fr="Inondation", kind="closure", is_closed=True).count() == 2


def test_a_shorter_day_is_saved_with_its_hours(client, manager):
    half = {"first_day": "2026-12-23", "last_day": "", "opens": "09:00", "closes": "12:00"}

    preview = client.post(CLOSE, FLOOD | half)
    client.post(CLOSE, FLOOD | half | {"confirm": "yes"})

    assert "Wednesday 23 December 2026: Flood" in text_of(preview)

    row = ClosedDay.objects.get(day="2026-12-23")
    assert (row.kind, row.opens, row.closes) == ("short", time(9), time(12))
    assert "Shorter 9:00 am – 12:00 pm" in text_of(client.get("/followups/calendar/?year=2026"))


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"first_day": ""}, "first_day", "Choose a day."),
        ({"first_day": "soon"}, "first_day", "Write the day like this: 2026-12-24."),
        ({"first_day": "2026-04-01"}, "first_day", "Choose today or a later day: what is past stays as it was."),
        ({"first_day": "9999-04-01", "last_day": ""}, "first_day", "Choose a day within the next ten years."),
        ({"last_day": "2026-04-06"}, "last_day", "The last day cannot be before the first one."),
        ({"last_day": "2027-12-31"}, "last_day", "A closure may last a year at most."),
        ({"name": ""}, "name", "Say why. Callers may hear it, and it is printed beside due times."),
        ({"first_day": "2026-12-25", "last_day": ""}, "first_day", "This day is in the calendar already."),
        (
            {"first_day": "2027-01-01", "last_day": "2027-12-31"},
            "first_day",
            "With this, no day of 2027 would have service.",
        ),
        ({"last_day": "", "opens": "13:00", "closes": "12:00"}, "closes", "Service must open before it closes."),
        ({"last_day": "", "opens": "13:00"}, "closes", "A day with shorter hours says when service opens and closes."),
        ({"opens": "13:00", "closes": "15:00"}, "last_day", "Shorter hours are for a single day."),
        ({"last_day": "", "opens": "noon", "closes": "15:00"}, "opens", "Write the time like this: 13:00."),
        ({"name": "x" * 81}, "name", "at most 80 characters"),
        ({"name": "a\x00b"}, "name", "Null characters are not allowed."),
    ],
)
def test_an_impossible_closure_is_refused_beside_the_field(client, manager, typed, field, message):
    page = client.post(CLOSE, FLOOD | typed | {"confirm": "yes"})

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert message in beside(page, field)
    assert not ClosedDay.objects.filter(name="Flood").exists()


def test_new_hours_hold_from_a_day_on(client, manager):
    follow_up = promise("2026-04-01 16:45")  # due Thursday 16:30
    week = AS_NOW | {"day_4": "8:00 - 12:00; 13h-18:30", "valid_from": "2026-04-02"}

    preview = client.post(HOURS, week)
    client.post(HOURS, week | {"confirm": "yes"})

    assert "This moves 1 due time" in text_of(preview)
    follow_up.refresh_from_db()
    assert follow_up.due_at == edmonton("2026-04-02 18:30")
    thursdays = ServiceHours.objects.filter(valid_from=date(2026, 4, 2), weekday=4).order_by("opens")
    assert [(row.opens, row.closes) for row in thursdays] == [(time(8), time(12)), (time(13), time(18, 30))]


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"day_1": "16:30-9:00"}, "day_1", "Service must open before it closes."),
        ({"day_1": "9:00-9:00"}, "day_1", "Service must open before it closes."),
        ({"day_1": "9:00-12:00, 11:00-16:30"}, "day_1", "These hours overlap with others on the same weekday."),
        ({"day_1": "all day"}, "day_1", "Write the hours like this: 9:00-12:00, 13:00-16:30."),
        ({"day_1": "25:00-26:00"}, "day_1", "Write the hours like this: 9:00-12:00, 13:00-16:30."),
        ({"day_1": "9:00-12:00," * 9}, "day_1", "at most 60 characters"),
        ({"valid_from": "2020-01-01"}, "valid_from", "Choose today or a later day: what is past stays as it was."),
        (dict.fromkeys(AS_NOW, ""), "day_1", "At least one weekday needs service."),
    ],
)
def test_impossible_hours_are_refused_beside_the_field(client, manager, typed, field, message):
    page = client.post(HOURS, AS_NOW | {"valid_from": "2026-04-07"} | typed | {"confirm": "yes"})

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert message in beside(page, field)
    assert ServiceHours.objects.count() == 5


def test_the_hours_in_force_stand_in_the_form(client, manager):
    page = client.get(HOURS).content.decode()

    assert page.count('value="9:00-16:30"') == 5


def test_a_past_day_stays_as_it_was(client, manager):
    answer = client.post(switch_of("2026-02-16"), {"is_closed": "no", "confirm": "yes"}, follow=True)

    assert "What is past stays as it was." in text_of(answer)
    assert ClosedDay.objects.get(day="2026-02-16").is_closed
