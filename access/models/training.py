"""Privacy training: courses, who did them when, and the documented exception (R-TRN-01)."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models.people import User
from audit.registry import auditlog

LONGEST_EXTENSION = timedelta(days=30)


class Course(models.Model):
    """A mandatory course opens personal data until its certificate runs out; another one is only recorded."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_mandatory = models.BooleanField(_("mandatory"), default=False)
    valid_months = models.PositiveSmallIntegerField(_("valid for months"), default=36)

    def __str__(self) -> str:
        return self.name


class TrainingRecord(models.Model):
    """A course somebody completed. `expires_on` is the last day it counts; empty for courses that open nothing."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="training")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    completed_on = models.DateField(_("completed on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    certificate = models.CharField(_("certificate number"), max_length=60, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_because = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "course", "completed_on"],
                name="training_record_once",
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message=_("This course is recorded for that day already."),
            ),
            models.CheckConstraint(
                name="training_record_expires_later",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("completed_on")),
            ),
            models.CheckConstraint(
                name="training_record_not_by_oneself",
                condition=Q(recorded_by__isnull=True) | ~Q(recorded_by=F("user")),
                violation_error_message=_("Somebody else records your training."),
            ),
            models.CheckConstraint(
                name="training_record_withdrawn_says_why",
                condition=Q(withdrawn_at__isnull=True, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                violation_error_message=_("Say why this record is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return f"Training (#{self.pk})"


class TrainingExtension(models.Model):
    """The owner lets somebody go on for at most 30 days after their training ran out (D-07). Once per certificate."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="training_extensions")
    from_on = models.DateField(_("from"))  # the day the training ran out
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    authorised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    authorised_at = models.DateTimeField(_("authorised"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "from_on"],
                name="training_extension_once",
                violation_error_message=_("This training was extended once already. A new course is needed."),
            ),
            models.CheckConstraint(
                name="training_extension_30_days",
                condition=Q(until__gt=F("from_on"), until__lte=F("from_on") + LONGEST_EXTENSION),
                violation_error_message=_("An extension lasts 1 to 30 days from the day the training ran out."),
            ),
            models.CheckConstraint(
                name="training_extension_not_oneself",
                condition=~Q(authorised_by=F("user")),
                violation_error_message=_("You cannot extend your own training."),
            ),
            models.CheckConstraint(
                name="training_extension_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say why the training is extended."),
            ),
        ]

    def __str__(self) -> str:
        return f"Extension (#{self.pk})"


class TrainingReminder(models.Model):
    """That somebody was reminded, so many days before their training runs out. Once each."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField(_("valid until"))
    days_before = models.PositiveSmallIntegerField(_("days before"))
    at = models.DateTimeField(_("reminded"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "expires_on", "days_before"], name="training_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"Reminder (#{self.pk})"


auditlog.register(Course, include_fields=["code", "name", "is_mandatory", "valid_months"])
auditlog.register(
    TrainingRecord,
    include_fields=[
        "user", "course", "completed_on", "expires_on", "certificate", "recorded_by", "withdrawn_at",
        "withdrawn_because",
    ],
    mask_fields=["certificate", "withdrawn_because"],
)  # fmt: skip
auditlog.register(
    TrainingExtension,
    include_fields=["user", "from_on", "until", "reason", "authorised_by"],
    mask_fields=["reason"],
)
