"""What people keep of the audit reports: reports of their own, and files taken out (R-AUD-02, F102)."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.registry import auditlog
from i2a import clock

MAX_EXPORT = 5_000


class SavedReportQuerySet(models.QuerySet["SavedReport"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(owner=user)


class SavedReport(models.Model):
    """Filters of the audit under a name, for who saved them. `query` holds codes and references only."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = SavedReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="saved_report_name_once",
                violation_error_message=_("You have a report with this name already. Choose another name."),
            ),
            models.CheckConstraint(
                name="saved_report_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the report a name."),
            ),
        ]

    def __str__(self) -> str:
        return f"Report (#{self.pk})"


class AuditExport(models.Model):
    """A file of audit entries that left the product: who, when, why, how many, and its hash. Append-only."""

    ref = models.CharField(_("reference"), max_length=20, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300)
    query = models.CharField(max_length=300, blank=True)
    row_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audit_export_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("State why this export is necessary."),
            ),
            models.CheckConstraint(
                name="audit_export_not_too_long",
                condition=Q(row_count__lte=MAX_EXPORT),
                violation_error_message=_("An export may have at most 5,000 entries. Use more filters."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} (#{self.pk})"


auditlog.register(SavedReport, include_fields=["owner", "name", "query"], mask_fields=["name"])
auditlog.register(
    AuditExport, include_fields=["ref", "by", "at", "reason", "query", "row_count", "sha256"], mask_fields=["reason"]
)
