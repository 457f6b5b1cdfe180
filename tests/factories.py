"""Rows for tests. Write in the test what the test is about; the rest comes from here.

One section per app, lowest layer first. Situations are traits (`agrees_to_email=True`), not subclasses.
"""

from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from access.models import AccessGrant, Team, User
from access.roles import Role

LONG_AGO = datetime(2020, 1, 2, 15, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"

# --- access ---------------------------------------------------------------------------------------------------------


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team
        django_get_or_create = ["name"]

    name = "Phone"


class AccessGrantFactory(DjangoModelFactory):
    class Meta:
        model = AccessGrant

    role = Role.SPECIALIST
    starts_at = LONG_AGO


class UserFactory(DjangoModelFactory):
    """Somebody who may sign in with `PASSWORD`. `role=None` makes a person who may do nothing yet."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number}")
    first_name = "Pat"
    last_name = factory.Sequence(lambda number: f"Example-{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@i2a.example.org")
    team = factory.SubFactory(TeamFactory)
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def role(user: User, create: bool, role: Any = Role.SPECIALIST, **kwargs: Any) -> None:  # noqa: N805
        if create and role is not None:
            AccessGrantFactory(user=user, role=role)
