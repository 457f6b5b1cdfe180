"""Lists and the question script that managers maintain."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.registry import auditlog
from i2a.language import is_french
from i2a.models import Lookup


class Topic(Lookup):
    """What a call was about (R-CAL-04)."""

    needs_description = models.BooleanField(_("asks for a description"), default=False)


class ReferralAgency(Lookup):
    """Another government or agency whose information we gave."""


class Occupation(Lookup):
    """An occupation of the National Occupational Classification 2021 that employers look for (R-CAL-07)."""

    code = models.CharField(_("NOC 2021 code"), max_length=5, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="occupation_code_is_noc", condition=models.Q(code__regex=r"^[0-9]{5}$")),
        ]


class ScriptQuerySet(models.QuerySet["Script"]):
    def in_force(self, now: datetime) -> Self:
        return self.filter(valid_from__lte=now).order_by("-valid_from", "-pk")[:1]


class Script(models.Model):
    """The preliminary questions, as one version. A change is a new version; calls keep theirs (R-CAL-03)."""

    number = models.PositiveSmallIntegerField(_("version"), unique=True)
    valid_from = models.DateTimeField(_("valid from"))

    objects = ScriptQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Script {self.number} (#{self.pk})"


class Question(models.Model):
    """One question of a script, in both languages."""

    script = models.ForeignKey(Script, on_delete=models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"))
    wording = models.CharField(_("wording"), max_length=200)
    wording_fr = models.CharField(_("wording in French"), max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["script", "position"], name="question_position_once")]

    def __str__(self) -> str:
        return f"Question {self.position} (#{self.pk})"


class Choice(models.Model):
    """A possible answer to a question."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="choices")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=80)
    name_fr = models.CharField(_("name in French"), max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "position"], name="choice_position_once")]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"

    @property
    def label(self) -> str:
        return self.name_fr if is_french() else self.name


for model in (Topic, ReferralAgency, Occupation):
    auditlog.register(model, include_fields=["name", "name_fr", "is_active", "position"])
auditlog.register(Script, include_fields=["number", "valid_from"])
auditlog.register(Question, include_fields=["script", "position", "wording", "wording_fr"])
auditlog.register(Choice, include_fields=["question", "position", "name", "name_fr"])
