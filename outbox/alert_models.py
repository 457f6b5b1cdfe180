"""Mail to colleagues. It has no caller, no consent and no unsubscribe, so it is a table of its own."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog


class StaffAlert(models.Model):
    """Something a colleague has to look at. The mail says what kind of thing and where: never whom it is about.

    `key` says what it is for, so that two ticks at once write it once.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120)
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("receiver"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("staff alert")
        verbose_name_plural = _("staff alerts")
        indexes = [models.Index(fields=["not_before", "id"], name="staff_alert_due", condition=Q(sent_at__isnull=True))]
        constraints = [models.UniqueConstraint(fields=["key", "to"], name="staff_alert_once")]

    def __str__(self) -> str:
        return f"alert {self.key} (#{self.pk})"


auditlog.register(StaffAlert, include_fields=["to", "sent_at"])
