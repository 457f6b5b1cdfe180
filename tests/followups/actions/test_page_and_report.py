"""One follow-up on its page; all of a month in the report."""

from datetime import timedelta

import pytest
from django.urls import reverse

from audit.models import AccessEvent
from tests.factories import ContactFactory, FollowUpFactory, TeamFactory, UserFactory
from tests.followups.actions.pages import NOW, text_of, url_of

pytestmark = pytest.mark.django_db


def test_its_page_says_everything_about_it(client, follow_up, caller):
    client.post(url_of("pause", follow_up), {"reason": "Waits"})
    client.post(url_of("attempt", follow_up), {"result": "left_message"})

    words = text_of(client.get(url_of("detail", follow_up)))

    assert "Left a message, today 12:00 pm" in words
    assert "Waits" in words and "still paused" in words


PAGES = ["detail", "email", "pause", "hand_over", "close"]


@pytest.mark.parametrize("name", PAGES)
def test_each_page_records_why_it_was_opened(client, follow_up, name):
    client.get(url_of(name, follow_up))

    opened = AccessEvent.objects.get(kind="viewed")
    assert (opened.object_type, opened.object_uid) == ("followups.followup", follow_up.uid)
    assert opened.detail == {"purpose": "follow_up"}


@pytest.mark.parametrize("name", ["detail", "pause", "hand_over", "close"])
def test_who_has_no_work_with_the_caller_says_why_first(client, follow_up, caller, name):
    client.force_login(UserFactory(role="manager", team=TeamFactory(name="Trade Missions")))

    answer = client.get(url_of(name, follow_up))

    assert answer.url.startswith(reverse("contacts:opening", args=[caller.uid]))
    assert not AccessEvent.objects.filter(kind="viewed").exists()


@pytest.mark.parametrize("name", PAGES)
def test_another_teams_follow_up_does_not_exist(client, specialist, name):
    other = FollowUpFactory(contact=ContactFactory(team=TeamFactory(name="Trade Missions")))

    assert client.get(url_of(name, other)).status_code == 404


def test_the_report_gives_both_percentages_and_what_was_late_or_moved(client, specialist):
    lead = UserFactory(team=specialist.team, role="team_lead")
    client.force_login(lead)
    FollowUpFactory(assigned_to=lead, done=True, asked="Q1")
    late = {"received_at": NOW - timedelta(days=4), "due_at": NOW - timedelta(days=3)}
    FollowUpFactory(assigned_to=lead, asked="Q2", **late)
    moved = {"due_at": NOW + timedelta(days=2), "original_due_at": NOW + timedelta(days=1)}
    FollowUpFactory(assigned_to=lead, asked="Q3", done=True, **moved)

    words = text_of(client.get("/followups/report/?month=2026-11"))

    assert "66.7 % within one business day: 2 of 3" in words.replace("\xa0", " ").replace("&nbsp;", " ")
    assert "33.3 % (1 of 3)" in words
    assert "Q1" not in words and "Q2" in words and "Q3" in words


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0001-01", "9999-12"])
def test_an_impossible_month_is_this_one(client, specialist, month):
    client.force_login(UserFactory(role="manager"))

    assert "November 2026" in text_of(client.get("/followups/report/", {"month": month}))
