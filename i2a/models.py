"""The one shared abstract model."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from i2a.language import is_french


class LookupQuerySet(models.QuerySet["Lookup"]):
    def selectable(self, *current_ids: int) -> Self:
        """What a form offers: the active values, plus those already in use on the record being edited."""
        return self.filter(Q(is_active=True) | Q(pk__in=current_ids)).order_by("position", "pk")


class Lookup(models.Model):
    """A list that managers maintain. A value in use is deactivated, never deleted (R-CFG-01)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = LookupQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the page, English where no French one was given."""
        return self.name_fr if is_french() and self.name_fr else self.name
