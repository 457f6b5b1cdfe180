"""The quarterly review bites (R-ACC-04, N15); the nightly check finds side doors (R-ACC-03)."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.urls import reverse

from access.models import AccessGrant, AccessReview, DriftReport, User
from access.services import drift, grants, reviews
from access.services.grants import make_owner
from audit.models import AccessEvent
from i2a import clock

pytestmark = pytest.mark.django_db
OPENED = datetime(2026, 10, 1, 8, tzinfo=clock.EDMONTON)


@pytest.fixture
def owner(manager):
    make_owner(user=manager, now=OPENED - timedelta(days=1))
    return manager


@pytest.fixture
def review(owner):
    return reviews.open_review(now=OPENED, today=OPENED.date())


def test_one_review_a_quarter(review):
    assert review.quarter == "2026-Q4"
    assert reviews.open_review(now=OPENED, today=OPENED.date()) is None


def test_what_nobody_confirmed_is_suspended_on_day_15(client, review, owner, specialist, team_lead):
    reviews.confirm(review=review, grant=team_lead.grants.get(), by=owner, now=OPENED)
    client.force_login(specialist)

    assert reviews.close_reviews(now=OPENED + timedelta(days=13)) == 0
    assert reviews.close_reviews(now=OPENED + timedelta(days=14)) == 2  # the owner's own was left as well

    assert client.get("/calls/desk/").status_code == 302  # the session ended
    client.force_login(User.objects.get(pk=specialist.pk))
    assert client.get("/calls/desk/").status_code == 403
    assert User.objects.get(pk=team_lead.pk).has_perm("calls.add_call")
    assert AccessEvent.objects.get(kind="access_reviewed").detail == {
        "quarter": "2026-Q4", "confirmed": 1, "suspended": 2
    }  # fmt: skip


def test_confirming_late_restores(review, owner, specialist):
    reviews.close_reviews(now=OPENED + timedelta(days=15))

    reviews.confirm(review=review, grant=specialist.grants.get(), by=owner, now=OPENED + timedelta(days=16))

    assert User.objects.get(pk=specialist.pk).has_perm("calls.add_call")
    assert not [*drift.drift(clock.now())]


def test_nobody_confirms_themselves_and_the_privacy_officer_answers_for_the_owner(review, owner, privacy_officer):
    own = owner.grants.get()

    with pytest.raises(reviews.NotYours):
        reviews.confirm(review=review, grant=own, by=owner, now=OPENED)
    reviews.confirm(review=review, grant=own, by=privacy_officer, now=OPENED)
    with pytest.raises(reviews.NotYours):
        reviews.confirm(review=review, grant=privacy_officer.grants.get(), by=privacy_officer, now=OPENED)


def test_removing_ends_the_role(client, review, owner, specialist):
    client.force_login(owner)

    client.post(reverse("access:review_remove", args=[specialist.grants.get().uid]))

    assert not specialist.grants.open().exists()


def test_the_page_shows_what_is_left_to_answer(client, owner, specialist):
    AccessReview.objects.create(quarter="2026-Q4", opened_at=clock.now(), due_at=clock.now() + timedelta(days=14))
    client.force_login(owner)

    html = client.get(reverse("access:review")).text

    assert str(specialist) in html
    assert "1 more role is somebody else" in html


def codes(now=None):
    return sorted(finding["code"] for finding in drift.drift(now or clock.now()))


def test_a_register_in_order_has_no_drift(specialist, team_lead, owner):
    assert codes() == []


def test_a_group_added_in_a_shell_is_reported_to_owner_and_privacy_officer(
    client, specialist, owner, privacy_officer, access_admin
):
    specialist.groups.add(Group.objects.create(name="wheel"))

    drift.reconcile(now=clock.now())

    for reader, status in [(owner, 200), (privacy_officer, 200), (access_admin, 403)]:
        client.force_login(reader)
        response = client.get(reverse("access:drift"))
        assert response.status_code == status
        assert ("wheel" in response.text) is (status == 200)
    assert AccessEvent.objects.get(kind="access_drift").detail == {"count": 1}


def test_every_side_door_is_found(specialist, team_lead, owner):
    specialist.user_permissions.add(Permission.objects.first())
    User.objects.filter(pk=team_lead.pk).update(is_staff=True, team=None)  # no audit: the side door itself
    User.objects.filter(pk=owner.pk).update(trained_until=None)  # no audit: the side door itself
    AccessGrant.objects.create(user=specialist, role="manager", starts_at=clock.now())
    team_lead.grants.all().delete()
    User.objects.create(username="ghost", email="ghost@i2a.example.org")

    assert codes() == ["flag", "permission", "role", "role_missing", "team", "training", "unknown"]


def test_the_nightly_check_writes_a_report_each_night(specialist):
    drift.reconcile(now=clock.now())

    assert DriftReport.objects.get().findings == []


def test_a_suspended_role_is_no_drift(specialist):
    grants.suspend_grant(grant=specialist.grants.get(), now=clock.now())

    assert codes() == []


def test_the_database_knows_no_superuser(specialist):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=specialist.pk).update(is_superuser=True)  # no audit: the side door itself
