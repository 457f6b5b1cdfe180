"""Access ends: by itself, by two clicks, with the account; and the running session with it (R-ACC-03, P4)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from access import leaving
from access.models import RegisterEvent, User
from access.services import grants
from access.services.grants import make_owner
from i2a import clock
from tests.factories import AccessGrantFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_role_counts_until_its_instant_and_the_job_closes_it(specialist):
    now = clock.now()
    grant = AccessGrantFactory(user=specialist, role="team_lead", ends_at=now)
    assert not User.objects.get(pk=specialist.pk).has_perm("calls.void_call")

    assert [grants.lapse_grants(now=now), grants.lapse_grants(now=now)] == [1, 0]

    grant.refresh_from_db()
    assert (grant.revoked_at, grant.end_reason) == (now, "Time was up")


def test_taking_a_role_away_ends_the_session_with_the_next_request(client, specialist, access_admin):
    client.force_login(specialist)
    assert client.get("/calls/desk/").status_code == 200

    grants.end_grant(grant=specialist.grants.get(), reason="Changed duties", by=access_admin, now=clock.now())

    assert client.get("/calls/desk/").url.startswith(reverse("account_login"))


def test_it_is_two_clicks(client, specialist, access_admin):
    client.force_login(access_admin)
    grant = specialist.grants.get()
    path = reverse("access:grant_end", args=[grant.uid])
    assert path in client.get(specialist.get_absolute_url()).text

    without = client.post(path, {"reason": ""})
    client.post(path, {"reason": "Left the branch"})

    assert "Say why the access ends." in without.text
    grant.refresh_from_db()
    assert grant.revoked_by == access_admin


def test_the_owner_hands_over_first(client, manager, access_admin):
    make_owner(user=manager, now=clock.now())
    client.force_login(access_admin)

    response = client.post(reverse("access:grant_end", args=[manager.grants.get().uid]), {"reason": "Changed duties"})

    assert "ends by handing the ownership over" in response.text


def deactivate(client, by, user):
    client.force_login(by)
    return client.post(reverse("access:deactivate", args=[user.uid]), {"reason": "Left the branch"})


def test_deactivating_ends_roles_and_sessions(client, specialist, access_admin):
    session = type(client)()
    session.force_login(specialist)

    deactivate(client, access_admin, specialist)

    assert session.get("/").status_code == 302
    assert not specialist.grants.open().exists()
    assert RegisterEvent.objects.filter(user=specialist, kind="deactivated", by=access_admin).exists()


def test_deactivating_waits_for_what_is_left(client, specialist, access_admin, monkeypatch):
    sentence = "Reassign 4 open follow-ups before deactivating this user."
    left = leaving.Left(sentence, "/elsewhere/", "calls.void_call")
    monkeypatch.setattr(leaving, "_checks", [lambda user: left])
    UserFactory(role="team_lead", first_name="Priya", last_name="Moon", team=specialist.team)

    response = deactivate(client, access_admin, specialist)

    assert sentence in response.text
    assert "Who can do it: Priya Moon." in response.text and "/elsewhere/" not in response.text
    assert User.objects.get(pk=specialist.pk).is_active


def test_nobody_deactivates_themselves(client, access_admin):
    assert "You cannot deactivate your own account." in deactivate(client, access_admin, access_admin).text


def test_a_lead_sees_people_of_their_own_team_only(client, team_lead, specialist):
    stranger = UserFactory(team=None)
    client.force_login(team_lead)

    assert client.get(specialist.get_absolute_url()).status_code == 200
    assert client.get(stranger.get_absolute_url()).status_code == 404


def test_a_role_that_starts_later_counts_later(specialist):
    AccessGrantFactory(user=specialist, role="team_lead", starts_at=clock.now() + timedelta(hours=1))

    assert not User.objects.get(pk=specialist.pk).has_perm("calls.void_call")
