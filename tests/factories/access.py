"""People, their roles and their training."""

from datetime import date
from typing import Any
from uuid import uuid4

import factory
from allauth.mfa.totp.internal.auth import TOTP
from factory.django import DjangoModelFactory

from access import register
from access.models import AccessGrant, AccessRequest, Course, Team, TrainingRecord, User
from access.roles import Role
from access.second_factor import NEEDED_FOR
from i2a import clock
from tests.factories.long_ago import LONG_AGO

FAR_AHEAD = date(2090, 1, 1)
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse battery staple"


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

    @classmethod
    def _create(cls, model_class: type[AccessGrant], *args: Any, **kwargs: Any) -> AccessGrant:
        grant = super()._create(model_class, *args, **kwargs)
        register.enter_grant(grant, grant.starts_at)
        return grant


class UserFactory(DjangoModelFactory):
    """Somebody who may sign in with `PASSWORD`, trained for ever. `role=None` makes a person who may do nothing yet."""

    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"person{number}")
    first_name = "Pat"
    last_name = factory.Sequence(lambda number: f"Example-{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@i2a.example.org")
    team = factory.SubFactory(TeamFactory)
    password = factory.django.Password(PASSWORD)
    trained_until = FAR_AHEAD
    role: Role | str | None = Role.SPECIALIST
    has_second_step = True  # an authenticator app, if the role needs it

    @classmethod
    def _create(
        cls, model_class: type[User], *args: Any, role: Role | None, has_second_step: bool, **kwargs: Any
    ) -> User:
        user = super()._create(model_class, *args, **kwargs)
        register.enter(user, LONG_AGO)
        if user.trained_until:
            expires_on = user.trained_until.isoformat()
            register.append(register.Kind.TRAINED, user, LONG_AGO, record=uuid4(), course="", expires_on=expires_on)
        if role is not None:
            AccessGrantFactory(user=user, role=role)
        if role in NEEDED_FOR and has_second_step:
            TOTP.activate(user, TOTP_SECRET)
        return user


class AccessRequestFactory(DjangoModelFactory):
    """Waits for the owner: the role of a team lead, asked by the person `requested_by`."""

    class Meta:
        model = AccessRequest

    role = Role.TEAM_LEAD
    team = factory.SubFactory(TeamFactory)
    reason = "Covers for a colleague"
    starts_at = factory.LazyFunction(clock.now)
    requested_at = factory.LazyFunction(clock.now)


class TrainingRecordFactory(DjangoModelFactory):
    """The mandatory course, completed long ago and not counting towards `User.trained_until`."""

    class Meta:
        model = TrainingRecord

    course = factory.LazyFunction(lambda: Course.objects.get(code="foip-popa"))
    completed_on = LONG_AGO.date()
    expires_on = date(2023, 1, 2)
    recorded_at = LONG_AGO
