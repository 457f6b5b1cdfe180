"""`manage.py create_owner`: the first people of a system, and a new owner when nobody else can make one (D-08)."""

import pytest
from django.core.management import CommandError, call_command

from access.models import User
from access.services import drift
from access.services.grants import make_owner, owner_at, suspend_grant
from i2a import clock
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FACTS = {"first_name": "Grant", "last_name": "Bly", "email": "grant@i2a.example.org"}


def test_makes_the_first_owner_and_the_first_administrator_and_nobody_else():
    call_command("create_owner", "grant", **FACTS)
    call_command("create_owner", "dele", administrator=True, **FACTS | {"email": "dele@i2a.example.org"})

    assert owner_at(clock.now()).username == "grant"
    assert [user.grants.get().role for user in User.objects.order_by("pk")] == ["manager", "access_admin"]
    for options in [{}, {"administrator": True}]:
        with pytest.raises(CommandError, match="New people come in by request"):
            call_command("create_owner", "somebody", **FACTS | {"email": "x@i2a.example.org"} | options)


def test_hands_the_ownership_to_a_manager_only(manager, specialist):
    call_command("create_owner", manager.username)

    assert owner_at(clock.now()) == manager
    with pytest.raises(CommandError, match="The system owner is a manager"):
        call_command("create_owner", specialist.username)


def test_a_review_that_nobody_answered_locks_nobody_out_for_ever(manager):
    """Owner and privacy officer are suspended alike: nobody is left who could confirm a role."""
    make_owner(user=manager, now=clock.now())
    suspend_grant(grant=manager.grants.get(), now=clock.now())

    call_command("create_owner", manager.username)

    assert User.objects.get(pk=manager.pk).has_perm("access.review_access")
    assert not [*drift.drift(clock.now())]


def test_says_what_is_missing():
    with pytest.raises(CommandError, match="--first-name"):
        call_command("create_owner", "grant")
    UserFactory(username="taken", role=None)
    with pytest.raises(CommandError, match="The system owner is a manager"):
        call_command("create_owner", "taken")
