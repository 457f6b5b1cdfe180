"""Seminars and trade missions that callers hear about (R-CAL-10, R-CMP-01)."""

import uuid
from datetime import datetime
from typing import Self

from auditlog.registry import auditlog
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet["Event"]):
    def upcoming(self, now: datetime) -> Self:
        """What a specialist may still mention: not begun, or without a date."""
        return self.filter(Q(starts_at__gte=now) | Q(starts_at__isnull=True)).order_by("starts_at", "pk")


class Event(models.Model):
    """A seminar, a trade mission, or undated information that callers may be told about.

    `countries`: the area, ISO 3166-1; empty means everywhere (held online, or not about a place).
    """

    class Kind(models.TextChoices):
        SEMINAR = "seminar", _("Seminar or workshop")
        TRADE_MISSION = "trade_mission", _("Trade mission")
        UPDATE = "update", _("Information update")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    title = models.CharField(_("title"), max_length=160)
    place = models.CharField(_("place"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("area"), default=list, blank=True)
    zone = models.CharField(_("time zone of the place"), max_length=40, default="America/Edmonton")

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="event_kind_known", condition=Q(kind__in=["seminar", "trade_mission", "update"])
            ),
            models.CheckConstraint(
                name="event_dated_unless_update",
                condition=Q(kind="update") | Q(starts_at__isnull=False),
                violation_error_message=_("A seminar or trade mission needs a date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"


auditlog.register(Event, include_fields=["kind", "title", "place", "starts_at", "countries", "zone"])
