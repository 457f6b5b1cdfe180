from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from access.models import AccessGrant, User
from tests.factories import LONG_AGO, AccessGrantFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def refuses(constraint):
    return pytest.raises(IntegrityError, match=constraint)


def test_a_work_email_belongs_to_one_person_in_any_letter_case():
    UserFactory(email="maya@i2a.example.org")

    with refuses("user_one_per_work_email"), transaction.atomic():
        UserFactory(email="Maya@I2A.example.org")


def test_a_grant_ends_after_it_starts():
    with refuses("access_grant_ends_after_start"), transaction.atomic():
        AccessGrantFactory(user=UserFactory(), starts_at=LONG_AGO, ends_at=LONG_AGO)


def test_an_unknown_role_is_refused_by_the_table():
    with refuses("access_grant_role_known"), transaction.atomic():
        AccessGrantFactory(user=UserFactory(), role="emperor")


def test_people_and_teams_that_left_traces_are_never_deleted():
    user = UserFactory(team=TeamFactory(name="Phone"))

    for row in [user, user.team]:
        with pytest.raises(ProtectedError):
            row.delete()


def test_how_a_colleague_is_called():
    user = User(username="maya", first_name="Maya", last_name="Okafor-Lindqvist")

    assert (str(user), user.short_name, user.initials) == ("Maya Okafor-Lindqvist", "Maya O.", "MO")
    nameless = User(username="dele")
    assert (str(nameless), nameless.short_name, nameless.initials) == ("dele", "dele", "DE")


def test_grants_are_half_open():
    grant = AccessGrantFactory(user=UserFactory(role=None), starts_at=LONG_AGO, ends_at=LONG_AGO + timedelta(days=1))

    assert list(AccessGrant.objects.in_force(LONG_AGO)) == [grant]
    assert list(AccessGrant.objects.in_force(LONG_AGO + timedelta(days=1))) == []
