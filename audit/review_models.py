"""Reading that somebody has to look at: why it is in the queue, what was found, who signed it off (N40, R-AUD-03)."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit.registry import auditlog
from i2a import clock


class Finding(models.TextChoices):
    NONE = "none", _("Nothing unusual")
    EXPLAINED = "explained", _("Explained")
    BREACH = "breach", _("Breach suspected")


class ReviewItemQuerySet(models.QuerySet["ReviewItem"]):
    def visible_to(self, user: Any) -> Self:
        """Nobody works on what is about themselves, nor sees that it is there."""
        return self.exclude(reader=user)

    def open(self) -> Self:
        return self.filter(signed_at__isnull=True)


class ReviewItem(models.Model):
    """Reads of one person that a rule or the sample picked out. Signed off, it is never changed again.

    `key` names what was picked, so that the same reads come into the queue once. `reads` are access events.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, unique=True)
    rule = models.CharField(_("why"), max_length=20)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("to"))
    count = models.PositiveIntegerField(_("reads"))
    reads = ArrayField(models.BigIntegerField())
    is_urgent = models.BooleanField(_("urgent"), default=False)
    picked_at = models.DateTimeField(default=clock.now)
    finding = models.CharField(_("finding"), max_length=10, choices=Finding, blank=True)
    explanation = models.CharField(_("explanation"), max_length=500, blank=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("found by")
    )
    found_at = models.DateTimeField(_("found"), null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("signed off by")
    )
    signed_at = models.DateTimeField(_("signed off"), null=True)

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading to review")
        indexes = [
            models.Index(fields=["-picked_at", "-id"], name="review_item_open", condition=Q(signed_at__isnull=True)),
            models.Index(fields=["-picked_at", "-id"], name="review_item_newest"),
        ]
        constraints = [
            models.CheckConstraint(name="review_finding_known", condition=Q(finding__in=["", *Finding.values])),
            models.CheckConstraint(
                name="review_finding_explained",
                condition=Q(finding__in=["", "none"]) | ~Q(explanation=""),
                violation_error_message=_("Say what explains it, or what you suspect."),
            ),
            models.CheckConstraint(
                name="review_finding_by_another",
                condition=Q(finding="", found_by=None, found_at=None)
                | (~Q(finding="") & Q(found_by__isnull=False, found_at__isnull=False) & ~Q(found_by=F("reader"))),
                violation_error_message=_("Somebody else has to look into your own reading."),
            ),
            models.CheckConstraint(
                name="review_signed_by_another",
                condition=Q(signed_by=None, signed_at=None)
                | (~Q(finding="") & Q(signed_by__isnull=False, signed_at__isnull=False) & ~Q(signed_by=F("reader"))),
                violation_error_message=_("Somebody else has to sign off your own reading."),
            ),
        ]

    def __str__(self) -> str:
        return f"Review (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("audit:review", args=[self.uid])


auditlog.register(
    ReviewItem,
    include_fields=["rule", "reader", "since", "until", "count", "finding", "explanation", "found_by", "signed_by"],
    mask_fields=["explanation"],
)
