"""What somebody opened to themselves in a shell is reported by the nightly check (R-ACC-03)."""

import pytest

from access.models import ObjectGrant
from access.services import drift
from contacts.models import ContactUserGrant
from i2a import clock
from tests.factories import ContactFactory, UserFactory, let_in

pytestmark = pytest.mark.django_db


def codes():
    return [finding["code"] for finding in drift.drift(clock.now())]


def test_access_given_by_the_service_is_no_drift():
    let_in(UserFactory(), ContactFactory())

    assert codes() == []


def test_a_row_whose_entry_ended_is_found():
    grant = let_in(UserFactory(), ContactFactory())
    ObjectGrant.objects.filter(pk=grant.pk).update(revoked_at=clock.now(), end_reason="x")  # no audit: the side door

    assert codes() == ["object_grant"]


def test_an_entry_without_its_row_is_found():
    grant = let_in(UserFactory(), ContactFactory())
    ContactUserGrant.objects.filter(grant=grant).delete()

    assert codes() == ["object_grant_missing"]
