"""The first people of a system, whom nobody could authorise; and the invented ones of a demonstration."""

from datetime import datetime

from django.db import transaction

from access.models import Team, User
from access.services.grants import start_grant
from access.services.requests import add_person


@transaction.atomic
def bootstrap_person(
    *, username: str, first_name: str, last_name: str, email: str, role: str, now: datetime, team: Team | None = None
) -> User:
    """Somebody with a role that rests on no request. It stands in the register as what it is."""
    facts = {"username": username, "first_name": first_name, "last_name": last_name, "email": email}
    user = add_person(**facts, team=team, is_active=True, now=now)
    start_grant(user=user, role=role, starts_at=now, ends_at=None, now=now)
    return user
