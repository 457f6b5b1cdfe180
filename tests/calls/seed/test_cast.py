"""The demonstration's staff, also in a database that an earlier version filled: it had neither owner nor training."""

from datetime import UTC, datetime, timedelta

import pytest

from access.demo import CAST, Character
from access.models import Team, User
from access.register_page import NOT_SEEN_FOR, rows_at
from access.services import drift
from access.services.bootstrap import bootstrap_person
from access.services.grants import owner_at
from access.trained import is_trained
from audit.actor import acting_as_system
from calls.seed.cast import add_cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def of_an_earlier_version(character: Character) -> User:
    team = Team.objects.get_or_create(name=character.team)[0] if character.team else None
    facts = {name: getattr(character, name) for name in ("username", "first_name", "last_name", "email", "role")}
    return bootstrap_person(**facts, team=team, now=datetime(2026, 11, 2, 15, 0, tzinfo=UTC))


def test_gets_owner_training_and_the_new_people():
    for character in CAST:
        of_an_earlier_version(character)

    with acting_as_system("seed_demo"):
        users = add_cast(NOW)

    assert owner_at(NOW) == users["grant"]
    assert all(is_trained(users[character.username], NOW.date()) for character in CAST)
    assert User.objects.filter(username__in=["noor", "felix", "sunniva"]).count() == 3
    assert not [*drift.drift(NOW)]


@pytest.mark.parametrize("days_ago", [1, 300, 2_000])
def test_all_have_been_there_lately_whatever_day_the_register_is_asked_about(days_ago):
    with acting_as_system("seed_demo"):
        users = add_cast(NOW)

    at = NOW - timedelta(days=days_ago)
    rows = [row for row in rows_at(at, users["grant"]) if row.roles]
    assert len(rows) >= len(CAST)
    assert all(row.last_here and at - row.last_here < NOT_SEEN_FOR for row in rows)
