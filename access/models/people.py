"""People who sign in, and their teams."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, Group, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from guardian.mixins import GuardianUserMixin

from audit.registry import auditlog


class Team(models.Model):
    """Owns contacts and calls. A person sees the records of their own team (R-CON-11)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    # What the team as a whole is granted hangs on this group; its members are the team's, never the group's own.
    group = models.OneToOneField(Group, on_delete=models.PROTECT, null=True, editable=False, related_name="team")

    def __str__(self) -> str:
        return self.name


class User(GuardianUserMixin, AbstractUser):
    """Somebody who signs in. Never deleted, only deactivated: the audit points at them."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("work e-mail"))
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members")

    # Of the phone on their desk: what rings there comes up on their pages (F3).
    extension = models.CharField(_("extension"), max_length=10, blank=True, default="", db_default="")

    # The last day on which personal data are open to them: of the newest mandatory course or its extension. Kept by
    # access.services.training; asked on every page, so it stands here.
    trained_until = models.DateField(_("privacy training until"), null=True, blank=True)
    sessions_ended = models.PositiveIntegerField(default=0)  # part of every session's hash: raised, all sessions end

    objects: ClassVar[UserManager["User"]] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_one_per_work_email",
                violation_error_message=_("Somebody already signs in with this e-mail address."),
            ),
            models.UniqueConstraint(
                name="user_one_per_extension",
                fields=["extension"],
                condition=~models.Q(extension=""),
                violation_error_message=_("Somebody else has this extension."),
            ),
            models.CheckConstraint(
                name="user_extension_is_digits",
                condition=models.Q(extension__regex=r"^[0-9]*$"),
                violation_error_message=_("An extension has digits only, ten at most."),
            ),
            models.CheckConstraint(  # Django asks nobody what a superuser may (T-06)
                name="user_is_no_superuser",
                condition=models.Q(is_superuser=False),
                violation_error_message=_("Nobody stands above the register. Ask for a role."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_absolute_url(self) -> str:
        return reverse("access:person", args=[self.uid])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Ends with the password, as Django has it, and when somebody's access is taken away."""
        return f"{super()._get_session_auth_hash(secret)}.{self.sessions_ended}"  # type: ignore[misc]

    @property
    def short_name(self) -> str:
        """As messages name a colleague: "Maya O." """
        return f"{self.first_name} {self.last_name[:1]}." if self.first_name and self.last_name else self.username

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.last_name[:1]).upper() or self.username[:2].upper()


auditlog.register(Team, include_fields=["name", "is_active"])
auditlog.register(
    User,
    include_fields=[
        "username",
        "first_name",
        "last_name",
        "email",
        "team",
        "is_active",
        "is_staff",
        "is_superuser",
        "trained_until",
        "extension",
    ],
    m2m_fields={"groups", "user_permissions"},  # nobody has any: roles are grants. A side door would show (R-ACC-03)
)
auditlog.register(Group, include_fields=["name"], m2m_fields={"permissions"})
