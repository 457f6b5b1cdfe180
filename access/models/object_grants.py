"""Access to single records."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models.people import User
from audit.registry import auditlog


def in_force(now: datetime, lookup: str = "") -> Q:
    """What an object grant, found by `lookup`, is worth at this moment, whether or not the job has come by."""
    begun = Q(**{f"{lookup}revoked_at__isnull": True, f"{lookup}starts_at__lte": now})
    return begun & (Q(**{f"{lookup}until__isnull": True}) | Q(**{f"{lookup}until__gt": now}))


class ObjectGrantQuerySet(models.QuerySet["ObjectGrant"]):
    def open(self) -> Self:
        """Nobody ended them, and no job did."""
        return self.filter(revoked_at__isnull=True)

    def in_force(self, now: datetime) -> Self:
        return self.filter(in_force(now))

    def over(self, now: datetime) -> Self:
        return self.open().filter(until__lte=now)

    def about(self, record: models.Model) -> Self:
        return self.filter(object_type=record._meta.label_lower, object_uid=record.uid)  # type: ignore[attr-defined]


class ObjectGrant(models.Model):
    """The register of access to single records: to whom, to which, why, by whom, until when (R-CON-11, F92).

    Each row has a twin in guardian's table of that kind of record, which points back here; one service writes both.
    Half-open: [starts_at, until). The table knows records by type and uid, so that the register outlives them.
    """

    class Basis(models.TextChoices):
        NAMED = "named", _("Named when the record was restricted")
        KEPT = "kept", _("Kept by who restricted the record")
        SHARED = "shared", _("Shared for a time")
        REQUESTED = "requested", _("Asked for and granted for a time")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="object_grants")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="object_grants")
    object_type = models.CharField(max_length=40)
    object_uid = models.UUIDField()
    permission = models.CharField(_("permission"), max_length=60)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis)
    reason = models.CharField(_("reason"), max_length=200)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("granted by"))
    starts_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    objects = ObjectGrantQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_uid"], name="object_grant_of_record"),
            models.Index(fields=["until"], name="object_grant_until", condition=Q(revoked_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "object_type", "object_uid", "permission"],
                name="object_grant_once_per_person",
                condition=Q(revoked_at__isnull=True),
                violation_error_message=_("This person has access to this record already."),
            ),
            models.UniqueConstraint(
                fields=["group", "object_type", "object_uid", "permission"],
                name="object_grant_once_per_group",
                condition=Q(revoked_at__isnull=True),
                violation_error_message=_("This team has access to this record already."),
            ),
            models.CheckConstraint(  # INV-17
                name="object_grant_to_one",
                condition=Q(user__isnull=True, group__isnull=False) | Q(user__isnull=False, group__isnull=True),
                violation_error_message=_("Choose a person or a team."),
            ),
            models.CheckConstraint(
                name="object_grant_basis_known", condition=Q(basis__in=["named", "kept", "shared", "requested"])
            ),
            models.CheckConstraint(
                name="object_grant_not_to_oneself",
                condition=Q(user__isnull=True) | ~Q(user=F("granted_by")) | Q(basis="kept"),
                violation_error_message=_("Nobody gives access to themselves."),
            ),
            models.CheckConstraint(
                name="object_grant_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say why this access is needed."),
            ),
            models.CheckConstraint(
                name="object_grant_for_1_to_30_days",
                condition=Q(basis__in=["named", "kept"], until__isnull=True)
                | Q(
                    basis__in=["shared", "requested"],
                    until__isnull=False,  # a CHECK that is NULL would pass
                    until__gt=F("starts_at"),
                    until__lte=F("starts_at") + timedelta(days=30),
                ),
                violation_error_message=_("Access can be given for 1 to 30 days."),
            ),
            models.CheckConstraint(
                name="object_grant_end_says_why",
                condition=Q(revoked_at__isnull=True, end_reason="") | (Q(revoked_at__isnull=False) & ~Q(end_reason="")),
                violation_error_message=_("Say why the access ends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.permission} (#{self.pk})"


auditlog.register(
    ObjectGrant,
    include_fields=[
        "user", "group", "object_type", "object_uid", "permission", "basis", "reason", "granted_by", "starts_at",
        "until", "revoked_at", "revoked_by", "end_reason",
    ],
    mask_fields=["reason", "end_reason"],  # free text may name a person
)  # fmt: skip
