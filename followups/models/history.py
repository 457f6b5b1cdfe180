"""What happened to a follow-up before it was answered: it was paused, somebody tried to reach the client."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from followups.models.follow_up import FollowUp


class PausePeriod(models.Model):
    """The clock stood still in `[started_at, ended_at)`, because we wait for the client. Open-ended while it does."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="pauses")
    started_at = models.DateTimeField(_("paused"))
    ended_at = models.DateTimeField(_("resumed"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=120)
    paused_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up"],
                name="pause_one_at_a_time",
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("This follow-up is paused already."),
            ),
            models.CheckConstraint(
                name="pause_ends_after_it_starts",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="pause_says_why", condition=~Q(reason=""), violation_error_message=_("Say why the clock stops.")
            ),
        ]

    def __str__(self) -> str:
        return f"pause (#{self.pk})"


class Attempt(models.Model):
    """Somebody tried to answer by phone and did not get through (F13). After `MOST_ATTEMPTS` nobody tries again."""

    class Result(models.TextChoices):
        LEFT_MESSAGE = "left_message", _("Left a message")
        UNREACHABLE = "unreachable", _("Not reached")

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("number"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(_("result"), max_length=12, choices=Result)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "number"], name="attempt_numbered"),
            models.CheckConstraint(
                name="attempt_at_most_three",
                condition=Q(number__range=(1, 3)),
                violation_error_message=_("Three attempts were made. Nobody has to try again."),
            ),
            models.CheckConstraint(
                name="attempt_result_known", condition=Q(result__in=["left_message", "unreachable"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.number} (#{self.pk})"


auditlog.register(
    PausePeriod,
    include_fields=["follow_up", "started_at", "ended_at", "reason", "paused_by"],
    mask_fields=["reason"],  # free text may name a person
)
auditlog.register(Attempt, include_fields=["follow_up", "number", "at", "by", "result"])
