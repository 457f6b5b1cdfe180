"""The quarterly question whether everybody still needs what they have (R-ACC-04, N15)."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models.grants import AccessGrant
from access.models.people import User
from audit.registry import auditlog


class AccessReviewQuerySet(models.QuerySet["AccessReview"]):
    def running(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def overdue(self, now: datetime) -> Self:
        return self.running().filter(due_at__lte=now)


class AccessReview(models.Model):
    """One quarter's review. What nobody confirmed by `due_at` is suspended."""

    quarter = models.CharField(_("quarter"), max_length=7, unique=True)  # "2026-Q4"
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = AccessReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="access_review_due_after_opening", condition=Q(due_at__gt=F("opened_at"))),
        ]

    def __str__(self) -> str:
        return self.quarter


class ReviewAnswer(models.Model):
    """Somebody confirmed one role of one person. Removing it ends the role instead."""

    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="answers")
    grant = models.ForeignKey(AccessGrant, on_delete=models.PROTECT, related_name="review_answers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")  # whose role it is
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("answered"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "grant"], name="review_answer_once"),
            models.CheckConstraint(
                name="review_answer_not_oneself",
                condition=~Q(by=F("user")),
                violation_error_message=_("You cannot confirm your own access."),
            ),
        ]

    def __str__(self) -> str:
        return f"Answer (#{self.pk})"


auditlog.register(AccessReview, include_fields=["quarter", "opened_at", "due_at", "closed_at"])
auditlog.register(ReviewAnswer, include_fields=["review", "grant", "user", "by"])
