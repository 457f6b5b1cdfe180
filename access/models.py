"""Who may: people, teams and the roles they hold for a time."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from auditlog.registry import auditlog
from django.contrib.auth.models import AbstractUser, Group, UserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from guardian.mixins import GuardianUserMixin

from access.roles import Role


class Team(models.Model):
    """Owns contacts and calls. A person sees the records of their own team (R-CON-11)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    is_active = models.BooleanField(_("active"), default=True)

    def __str__(self) -> str:
        return self.name


class User(GuardianUserMixin, AbstractUser):
    """Somebody who signs in. Never deleted, only deactivated: the audit points at them."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("work e-mail"))
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members")

    objects: ClassVar[UserManager["User"]] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_one_per_work_email",
                violation_error_message=_("Somebody already signs in with this e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def short_name(self) -> str:
        """As messages name a colleague: "Maya O." """
        return f"{self.first_name} {self.last_name[:1]}." if self.first_name and self.last_name else self.username

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.last_name[:1]).upper() or self.username[:2].upper()


class AccessGrantQuerySet(models.QuerySet["AccessGrant"]):
    def in_force(self, now: datetime) -> Self:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)


class AccessGrant(models.Model):
    """A role held by a person over the half-open period [starts_at, ends_at)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="access_grant_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="access_grant_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Access must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} (#{self.pk})"


auditlog.register(Team, include_fields=["name", "is_active"])
auditlog.register(
    User,
    include_fields=["username", "first_name", "last_name", "email", "team", "is_active", "is_staff", "is_superuser"],
    m2m_fields={"groups", "user_permissions"},  # nobody has any: roles are grants. A side door would show (R-ACC-03)
)
auditlog.register(Group, include_fields=["name"], m2m_fields={"permissions"})
auditlog.register(AccessGrant, include_fields=["user", "role", "starts_at", "ends_at"])
