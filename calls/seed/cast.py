"""The demonstration's staff, with their teams, roles and the printed password."""

from datetime import UTC, datetime

from django.contrib.auth.hashers import make_password

from access.demo import CAST, PASSWORD, Character
from access.models import AccessGrant, Team, User

SINCE = datetime(2020, 1, 1, tzinfo=UTC)  # the demonstration's clock may be set back to any day since


def add_cast(now: datetime) -> dict[str, User]:
    """Everybody of `CAST` by user name. Those who are there already stay as they are, password included."""
    present = {user.username: user for user in User.objects.select_related("team")}
    missing = [character for character in CAST if character.username not in present]
    hashed = make_password(PASSWORD) if missing else ""  # once: hashing is slow on purpose
    return present | {character.username: add_character(character, hashed, now) for character in missing}


def add_character(character: Character, hashed: str, now: datetime) -> User:
    team = Team.objects.get_or_create(name=character.team)[0] if character.team else None
    user = User.objects.create(
        username=character.username,
        first_name=character.first_name,
        last_name=character.last_name,
        email=character.email,
        team=team,
        password=hashed,
        date_joined=now,
    )
    AccessGrant.objects.create(user=user, role=character.role, starts_at=SINCE)
    return user
