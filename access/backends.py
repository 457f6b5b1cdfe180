"""Sign-in by user name or work e-mail, and permissions from the roles in force."""

from datetime import datetime
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, Q, QuerySet
from django.http import HttpRequest

from access.models import AccessGrant, User
from access.roles import PERMISSIONS, shows_personal_data
from access.second_factor import with_second_step
from access.trained import is_trained
from i2a import clock


def roles_of(user: User) -> frozenset[str]:
    """Codes of the roles in force now. Asked once per request: the answer is kept on the user object."""
    if not hasattr(user, "_roles"):
        codes = AccessGrant.objects.in_force(clock.now()).filter(user_id=user.pk).values_list("role", flat=True)
        user._roles = frozenset(codes)  # type: ignore[attr-defined]
    return user._roles  # type: ignore[attr-defined]


def may_see_people(user: User) -> bool:
    """Whether the privacy training counts today (R-TRN-01). Asked once per request, of the user's own row."""
    if not hasattr(user, "_may_see_people"):
        user._may_see_people = is_trained(user, clock.today())  # type: ignore[attr-defined]
    return user._may_see_people  # type: ignore[attr-defined]


def excuse_training(user: User) -> None:
    """For this request only: who was on the phone when their training ran out finishes that call."""
    user._may_see_people = True  # type: ignore[attr-defined]


def is_stopped_by_training(user: User, permission: str) -> bool:
    """Their role allows it, their training does not."""
    held = any(permission in PERMISSIONS[role] for role in roles_of(user))
    return held and user.is_active and not may_see_people(user) and shows_personal_data(permission)


def with_roles(users: "QuerySet[User]", now: datetime) -> "QuerySet[User]":
    """With what `roles_of` answers."""
    codes = AccessGrant.objects.in_force(now).filter(user=OuterRef("pk")).values("role")
    return users.annotate(role_codes=ArraySubquery(codes))


def user_called(typed: str) -> User | None:
    """Whose user name or work e-mail this is, in any letter case."""
    return User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).order_by("pk").first()


class RoleBackend(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        """Who is signed in, with the roles and whether there is a second step: every page asks all three."""
        user: Any = with_second_step(with_roles(User.objects.filter(pk=user_id), clock.now())).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user._roles = frozenset(user.role_codes)
        return user  # type: ignore[no-any-return]

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if not username or not password:
            return None
        user = user_called(username)
        if user is None:
            make_password(password)  # as slow as a real check: the time must not tell who exists
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """What the roles allow, while the training counts. Nothing for one object: that is guardian's question."""
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous:
            return set()
        held = {permission for role in roles_of(user_obj) for permission in PERMISSIONS[role]}
        return held if may_see_people(user_obj) else {one for one in held if not shows_personal_data(one)}

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        """The same answer without making the set: a page asks some forty times."""
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous:
            return False
        held = any(perm in PERMISSIONS[role] for role in roles_of(user_obj))
        return held and (may_see_people(user_obj) or not shows_personal_data(perm))
