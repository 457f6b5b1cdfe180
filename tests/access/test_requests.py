"""Request, authorise, execute: three steps, nothing counts before the last (R-ACC-02, INV-12 to INV-14, P5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from access.models import AccessGrant, AccessRequest, OwnerDesignation, User
from access.services import requests
from access.services.grants import make_owner, start_grant
from audit.models import AccessEvent
from i2a import clock
from tests.factories import PASSWORD, AccessGrantFactory, AccessRequestFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(manager):
    make_owner(user=manager, now=clock.now())
    return manager


@pytest.fixture
def newcomer(db):
    return UserFactory(username="wilhelmina", role=None, is_active=False, team=None)


@pytest.fixture
def asked(owner, newcomer):
    return AccessRequestFactory(user=newcomer, role="specialist", requested_by=owner)


def authorised(asked, owner):
    return requests.authorise(request=asked, by=owner, now=clock.now())


def press(client, user, step, asked):
    client.force_login(user)
    return client.post(reverse(f"access:request_{step}", args=[asked.uid]))


def test_nothing_counts_before_it_is_executed(asked, owner, access_admin, newcomer):
    authorised(asked, owner)
    assert not newcomer.grants.exists()

    requests.execute(request=asked, by=access_admin, now=clock.now())

    newcomer = User.objects.get(pk=newcomer.pk)
    assert newcomer.has_perm("calls.add_call")
    assert newcomer.is_active and newcomer.team == asked.team


def test_the_administrator_executes_only_what_is_authorised(client, asked, access_admin):
    response = press(client, access_admin, "execute", asked)

    assert "The system owner has not authorised this access." in response.text
    assert not AccessGrant.objects.filter(request=asked).exists()


def test_nobody_authorises_their_own_access(client, owner, team_lead):
    asked = AccessRequestFactory(user=owner, role="privacy_officer", requested_by=team_lead)

    assert "You cannot authorise your own access." in press(client, owner, "authorise", asked).text


def test_only_the_owner_authorises(client, asked):
    assert press(client, UserFactory(role="manager", team=None), "authorise", asked).status_code == 403


@pytest.mark.parametrize("days_left", [None, -1000, -1])
def test_no_access_without_training(client, asked, owner, access_admin, newcomer, days_left):
    """To the day: the grace until the next day of service is for those who have access."""
    newcomer.trained_until = days_left and clock.today() + timedelta(days=days_left)
    newcomer.save()
    authorised(asked, owner)

    response = press(client, access_admin, "execute", asked)

    assert "Privacy training is missing or older than three years." in response.text
    assert not AccessGrant.objects.filter(request=asked).exists()


def test_a_role_of_power_takes_three_people(client, owner, newcomer, access_admin):
    by_owner = AccessRequestFactory(user=newcomer, role="manager", requested_by=owner)
    by_admin = AccessRequestFactory(user=newcomer, role="access_admin", requested_by=access_admin)
    authorised(by_admin, owner)

    for user, step, asked in [(owner, "authorise", by_owner), (access_admin, "execute", by_admin)]:
        assert "takes three different people" in press(client, user, step, asked).text


def test_the_same_role_twice_at_a_time_is_refused(client, owner, access_admin, specialist):
    client.force_login(owner)

    response = client.post(
        reverse("access:request_new"),
        {
            "person": specialist.pk, "role": "specialist", "team": specialist.team_id, "reason": "Again",
            "starts_on": clock.today().isoformat(), "form_uuid": str(uuid4()),
        },
    )  # fmt: skip

    assert "This user already holds this role in that period." in response.text
    assert not AccessRequest.objects.exists()


def test_an_end_before_the_start_keeps_what_was_typed(client, owner, specialist):
    client.force_login(owner)

    response = client.post(
        reverse("access:request_new"),
        {
            "person": specialist.pk, "role": "team_lead", "team": specialist.team_id, "reason": "Covers for Priya",
            "starts_on": "2030-01-10", "ends_on": "2030-01-09", "form_uuid": str(uuid4()),
        },
    )  # fmt: skip

    assert "Access must end after it starts." in response.text
    assert "Covers for Priya" in response.text


def test_somebody_new_is_entered_by_the_request_and_sleeps(client, owner):
    client.force_login(owner)
    form = {
        "person": "", "first_name": "Wilhelmina", "last_name": "Newstart-Gray", "username": "wilhelmina",
        "email": "wilhelmina@i2a.example.org", "role": "specialist", "team": TeamFactory().pk, "reason": "New here",
        "starts_on": clock.today().isoformat(), "form_uuid": str(uuid4()),
    }  # fmt: skip

    first, second = (client.post(reverse("access:request_new"), form) for _time in range(2))

    assert first.status_code == 302
    assert AccessRequest.objects.count() == 1
    assert not User.objects.get(username="wilhelmina").is_active
    assert second.status_code in {200, 302}


def test_a_lead_asks_for_their_own_team_only(client, team_lead):
    client.force_login(team_lead)
    other = TeamFactory(name="Trade Missions")
    stranger = UserFactory(team=other)

    html = client.get(reverse("access:request_new")).text

    assert str(stranger) not in html
    assert "Trade Missions" not in html


def test_a_step_taken_meanwhile_is_said(client, asked, owner):
    authorised(asked, owner)

    assert "Somebody decided about this meanwhile." in press(client, owner, "authorise", asked).text


def test_each_step_is_recorded(client, asked, owner, access_admin):
    press(client, owner, "authorise", asked)
    press(client, access_admin, "execute", asked)

    kinds = AccessEvent.objects.filter(object_uid=asked.user.uid).values_list("kind", "actor")
    assert ("access_decided", owner.pk) in kinds
    assert ("role_granted", access_admin.pk) in kinds


def refused(**changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessRequest.objects.update(**changes)  # no audit: the database's own rules are the subject


def test_the_database_has_the_last_word(asked, owner, access_admin, newcomer):
    now = clock.now()
    done = {"status": "executed", "executed_at": now}
    yes = {"authorised_at": now, "authorised_by": owner}

    refused(status="authorised", authorised_by=newcomer, authorised_at=now)
    refused(**done, executed_by=access_admin)
    refused(**done, **yes, executed_by=owner)
    refused(**done, **yes, executed_by=newcomer)
    refused(role="manager", status="authorised", **yes)
    refused(ends_at=asked.starts_at)
    refused(reason="")


def test_the_database_refuses_overlapping_grants_and_two_owners(owner, specialist):
    now = clock.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessGrantFactory(user=specialist, starts_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnerDesignation.objects.create(user=specialist, starts_at=now)


def test_a_role_may_follow_itself(specialist):
    now = clock.now()
    specialist.grants.update(ends_at=now)  # no audit: a test's own arrangement

    start_grant(user=specialist, role="specialist", starts_at=now, ends_at=now + timedelta(days=1), now=now)

    assert specialist.grants.count() == 2


def test_a_new_owner_follows_the_old_one_without_gap(owner):
    successor = UserFactory(role="manager", team=None)

    make_owner(user=successor, now=clock.now())

    assert OwnerDesignation.objects.filter(ends_at__isnull=True).get().user == successor


def test_who_waits_for_a_role_cannot_sign_in(client, newcomer):
    assert client.post(reverse("account_login"), {"username": "wilhelmina", "password": PASSWORD}).status_code == 200
