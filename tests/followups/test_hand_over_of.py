"""What somebody owes whose access ended, or who leaves: found by the team, handed over by its lead (R-FUP-05, N15)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from access.models import User
from access.services import grants, reviews
from access.services.grants import make_owner
from followups.models import FollowUp
from i2a import clock
from tests.factories import ContactFactory, FollowUpFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/followups/?view=left"


@pytest.fixture
def theirs(specialist):
    return FollowUpFactory(assigned_to=specialist, team=specialist.team, asked="Her work permit")


@pytest.fixture
def colleague(specialist):
    return UserFactory(team=specialist.team)


def page_for(client, user, path=LIST):
    client.force_login(User.objects.get(pk=user.pk))
    return client.get(path)


def test_what_nobody_confirmed_leaves_follow_ups_to_hand_over(client, theirs, specialist, team_lead, manager):
    """Day 15: the person is refused, their follow-ups wait in the hand-over queue."""
    now = clock.now()
    make_owner(user=manager, now=now - timedelta(days=16))
    review = reviews.open_review(now=now - timedelta(days=15), today=now.date())
    for kept in (manager, team_lead):
        review.answers.create(grant=kept.grants.get(), user=kept, by=specialist, at=now)
    assert "Her work permit" not in page_for(client, team_lead).text

    assert reviews.close_reviews(now=now) == 1

    assert page_for(client, specialist, "/followups/").status_code == 403
    text = page_for(client, team_lead).text
    assert "Her work permit" in text
    assert f"Hand over all of {specialist} (1)" in text


def end_role(user):
    grants.end_grant(grant=user.grants.get(), reason="Left the branch", by=None, now=clock.now())


def lose_training(user):
    User.objects.filter(pk=user.pk).update(trained_until=date(2020, 1, 2))  # no audit: a test's own arrangement


@pytest.mark.parametrize("lose", [end_role, lose_training])
def test_so_does_losing_the_role_or_the_training(client, theirs, specialist, colleague, lose):
    lose(specialist)

    text = page_for(client, colleague).text

    assert "Her work permit" in text
    assert "Hand over all of" not in text  # a colleague takes them one by one


def test_the_lead_hands_over_all_of_a_person(client, theirs, specialist, colleague, team_lead):
    end_role(specialist)
    client.force_login(team_lead)

    response = client.post(reverse("followups:hand_over_of", args=[specialist.uid]), {"to": colleague.pk})

    assert response.url == LIST
    assert FollowUp.objects.get(pk=theirs.pk).assigned_to == colleague


def test_what_one_may_not_see_stays_and_is_counted(client, theirs, specialist, colleague, team_lead):
    hidden = FollowUpFactory(assigned_to=specialist, contact=ContactFactory(restricted=True))
    path = reverse("followups:hand_over_of", args=[specialist.uid])

    assert "1 more belongs to a caller whose record is closed to you." in page_for(client, team_lead, path).text
    client.post(path, {"to": colleague.pk})

    assert FollowUp.objects.get(pk=hidden.pk).assigned_to == specialist


def test_another_team_s_lead_finds_nothing(client, theirs, specialist):
    jun = UserFactory(role="team_lead", team=TeamFactory(name="Trade Missions"))

    assert page_for(client, jun, reverse("followups:hand_over_of", args=[specialist.uid])).status_code == 404


def test_the_page_of_the_person_says_what_to_hand_over_and_leads_there(client, theirs, specialist, team_lead):
    text = page_for(client, team_lead, specialist.get_absolute_url()).text

    assert "Reassign 1 open follow-up before deactivating this user." in text
    assert reverse("followups:hand_over_of", args=[specialist.uid]) in text
