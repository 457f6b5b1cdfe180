"""The demonstration's staff, with their teams, roles and the printed password."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from access.demo import CAST, PASSWORD, Character
from access.models import AccessGrant, Team, User


def add_cast(now: datetime) -> dict[str, User]:
    """Everybody of `CAST` by user name. Those who are there already stay as they are, password included."""
    hashed = make_password(PASSWORD)  # once: hashing is slow on purpose
    return {character.username: add_character(character, hashed, now) for character in CAST}


def add_character(character: Character, hashed: str, now: datetime) -> User:
    team = Team.objects.get_or_create(name=character.team)[0] if character.team else None
    user, is_new = User.objects.get_or_create(
        username=character.username,
        defaults={
            "first_name": character.first_name,
            "last_name": character.last_name,
            "email": character.email,
            "team": team,
            "password": hashed,
            "date_joined": now,
        },
    )
    if is_new:
        AccessGrant.objects.create(user=user, role=character.role, starts_at=now)
    return user
