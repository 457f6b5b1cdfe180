"""What is asked (R-SRV-03): 1 to 15 questions, in English and French."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.registry import auditlog
from i2a.language import is_french
from surveys.models.surveys import Survey

MOST_QUESTIONS = 15
MOST_CHOICES = 12
SCALES = {"scale": (1, 5), "nps": (0, 10)}


class Question(models.Model):
    """`key` stays the same from version to version of a survey, so that their results can be compared."""

    class Kind(models.TextChoices):
        CHOICE = "choice", _("One choice")
        SEVERAL = "several", _("Several choices")
        SCALE = "scale", _("Scale of 5")
        NPS = "nps", _("0 to 10: would recommend")
        TEXT = "text", _("Own words")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="questions", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("how people answer"), max_length=8, choices=Kind)
    text_en = models.CharField(_("question in English"), max_length=200)
    text_fr = models.CharField(_("question in French"), max_length=200, blank=True)
    low_en = models.CharField(_("what the lowest means, in English"), max_length=40, blank=True)
    low_fr = models.CharField(_("what the lowest means, in French"), max_length=40, blank=True)
    high_en = models.CharField(_("what the highest means, in English"), max_length=40, blank=True)
    high_fr = models.CharField(_("what the highest means, in French"), max_length=40, blank=True)
    is_required = models.BooleanField(_("an answer is required"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "position"], name="question_one_at_a_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["survey", "key"], name="question_once"),
            models.CheckConstraint(
                name="question_kind_known", condition=Q(kind__in=["choice", "several", "scale", "nps", "text"])
            ),
        ]

    def __str__(self) -> str:
        return f"Question (#{self.pk})"

    @property
    def text(self) -> str:
        """In the reader's language."""
        return (is_french() and self.text_fr) or self.text_en

    @property
    def low(self) -> str:
        return (is_french() and self.low_fr) or self.low_en

    @property
    def high(self) -> str:
        return (is_french() and self.high_fr) or self.high_en

    @property
    def numbers(self) -> range:
        """What may be chosen on a scale; empty for other kinds."""
        low, high = SCALES.get(self.kind, (1, 0))
        return range(low, high + 1)

    @property
    def has_choices(self) -> bool:
        return self.kind in (self.Kind.CHOICE, self.Kind.SEVERAL)


class Choice(models.Model):
    """One possible answer. `key` stays the same from version to version."""

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices", db_index=False)
    position = models.PositiveSmallIntegerField()
    text_en = models.CharField(_("answer in English"), max_length=80)
    text_fr = models.CharField(_("answer in French"), max_length=80, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "position"], name="choice_one_at_a_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["question", "key"], name="choice_once"),
        ]

    def __str__(self) -> str:
        return f"Choice (#{self.pk})"

    @property
    def text(self) -> str:
        """In the reader's language."""
        return (is_french() and self.text_fr) or self.text_en


auditlog.register(
    Question,
    include_fields=[
        "survey", "position", "kind", "text_en", "text_fr", "low_en", "low_fr", "high_en", "high_fr", "is_required",
    ],
)  # fmt: skip
auditlog.register(Choice, include_fields=["question", "position", "text_en", "text_fr"])
