"""Waiting for the client; somebody else answers."""

from datetime import timedelta

import pytest

from contacts.models import Contact
from followups.models import FollowUp
from tests.factories import FollowUpFactory, TeamFactory, UserFactory, let_in
from tests.followups.actions.pages import NOW, again, text_of, url_of
from tests.followups.pages import beside

pytestmark = pytest.mark.django_db


def test_pausing_needs_a_reason_and_moves_it_to_waiting(client, follow_up):
    refused = client.post(url_of("pause", follow_up), {"reason": ""})
    client.post(url_of("pause", follow_up), {"reason": "Sends the name of the employer"})

    assert "Say why the clock stops." in beside(refused, "reason")
    waiting = text_of(client.get("/followups/?view=waiting"))
    assert "Paused since 12:00 pm" in waiting and "Sends the name of the employer" in waiting
    assert "Q1" not in text_of(client.get("/followups/"))


def test_only_what_is_in_time_offers_a_pause(client, follow_up):
    assert url_of("pause", follow_up) in client.get("/followups/").text

    FollowUp.objects.filter(pk=follow_up.pk).update(due_at=NOW - timedelta(minutes=1))  # no audit: a test's row

    assert url_of("pause", follow_up) not in client.get("/followups/").text


def test_resuming_puts_it_back(client, follow_up):
    client.post(url_of("pause", follow_up), {"reason": "Waits"})

    page = client.post(url_of("resume", follow_up), follow=True)

    assert "The clock runs on." in text_of(page)
    assert again(follow_up).paused_at is None


def test_handing_over_one(client, follow_up, specialist):
    colleague = UserFactory(team=specialist.team)

    client.post(url_of("hand_over", follow_up), {"to": colleague.pk})

    assert again(follow_up).assigned_to == colleague


@pytest.mark.parametrize("who", ["", "another team", "inactive", "privacy officer"])
def test_only_a_colleague_who_answers_can_take_it(client, follow_up, specialist, who):
    to = {
        "another team": UserFactory(team=TeamFactory(name="Trade Missions")),
        "inactive": UserFactory(team=specialist.team, is_active=False),
        "privacy officer": UserFactory(team=specialist.team, role="privacy_officer"),
    }.get(who)

    page = client.post(url_of("hand_over", follow_up), {"to": to.pk if to else ""})

    assert "Choose who answers." in beside(page, "to")
    assert again(follow_up).assigned_to == specialist


def test_a_colleague_who_may_not_see_the_caller_cannot_take_it(client, follow_up, specialist, caller):
    colleague = UserFactory(team=specialist.team)
    other = TeamFactory(name="Trade Missions")
    Contact.objects.filter(pk=caller.pk).update(team=other)  # no audit: a test's row
    let_in(specialist, caller)

    page = client.post(url_of("hand_over", follow_up), {"to": colleague.pk})

    assert "The record of this caller is closed to this colleague." in beside(page, "to")


@pytest.mark.parametrize(("back_on", "handed"), [("", 2), ("2026-11-25", 1), ("2026-11-24", 0)])
def test_handing_over_what_is_due_before_one_is_back(client, follow_up, specialist, back_on, handed):
    later = NOW + timedelta(days=9)
    FollowUpFactory(assigned_to=specialist, due_at=later, original_due_at=later)
    colleague = UserFactory(team=specialist.team)

    page = client.post("/followups/hand-over/", {"to": colleague.pk, "back_on": back_on}, follow=True)

    assert FollowUp.objects.open().assigned_to(colleague).count() == handed
    assert "handed over to" in text_of(page)
