"""What people keep of the list of contacts: views of it, and files taken out of it (R-CAL-09, R-SEC-01)."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import Team, User
from audit.registry import auditlog
from i2a import clock

MAX_EXPORT = 5_000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Any) -> Self:
        """One's own, and those that colleagues share with one's team."""
        shared = Q(team_id=user.team_id) if user.team_id else Q()
        return self.filter(Q(owner=user) | shared)


class SavedView(models.Model):
    """Filters and order of the list of contacts under a name. `query` holds codes only, as the address does."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contact_views")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the row"), default=1)
    is_default = models.BooleanField(_("open Contacts with this view"), default=False)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="saved_view_name_once",
                violation_error_message=_("You have a view with this name already. Choose another name."),
            ),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_default=True), name="saved_view_one_default_per_person"
            ),
            models.CheckConstraint(
                name="saved_view_has_a_name", condition=~Q(name=""), violation_error_message=_("Give the view a name.")
            ),
        ]

    def __str__(self) -> str:
        return f"View (#{self.pk})"


class ContactExport(models.Model):
    """A file of contacts that left the product: who, when, why, how many, and its hash. Append-only.

    The reason is free text about our own work. The file carries the reference, never the reason.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("reference"), max_length=20, unique=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300)
    query = models.CharField(max_length=500, blank=True)
    row_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_export_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("State why this export is necessary."),
            ),
            models.CheckConstraint(
                name="contact_export_not_too_long",
                condition=Q(row_count__lte=MAX_EXPORT),
                violation_error_message=_("An export may have at most 5,000 contacts. Use more filters."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} (#{self.pk})"


auditlog.register(
    SavedView,
    include_fields=["owner", "team", "name", "query", "position", "is_default"],
    mask_fields=["name"],  # a colleague may have typed a caller's name
)
auditlog.register(
    ContactExport, include_fields=["ref", "by", "at", "reason", "query", "row_count", "sha256"], mask_fields=["reason"]
)
