from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.registry import auditlog
from contacts.choices import Language, TextKind


class TextVersionQuerySet(models.QuerySet["TextVersion"]):
    def in_force(self, now: datetime) -> Self:
        """The newest version of each kind and language that has begun."""
        begun = self.filter(valid_from__lte=now)
        return begun.order_by("kind", "language", "-valid_from", "-pk").distinct("kind", "language")


class TextVersion(models.Model):
    """Words read aloud or printed in mails, in one language, from one moment on. A change is a new version.

    A version ends when the next one begins, so two can never be in force at once (INV-18).
    """

    kind = models.CharField(_("kind"), max_length=30, choices=TextKind)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    number = models.PositiveSmallIntegerField(_("version"))
    body = models.TextField(_("text"))
    valid_from = models.DateTimeField(_("valid from"))

    objects = TextVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "language", "number"], name="text_version_number_once"),
            models.UniqueConstraint(fields=["kind", "language", "valid_from"], name="text_version_one_at_a_time"),
            models.CheckConstraint(name="text_version_kind_known", condition=Q(kind__in=TextKind.values)),
            models.CheckConstraint(name="text_version_language_known", condition=Q(language__in=Language.values)),
            models.CheckConstraint(name="text_version_not_empty", condition=~Q(body="")),
        ]

    def __str__(self) -> str:
        return f"{self.label} (#{self.pk})"

    @property
    def label(self) -> str:
        return f"{self.get_kind_display()} {self.number}, {self.get_language_display()}"


auditlog.register(TextVersion, include_fields=["kind", "language", "number", "body", "valid_from"])
