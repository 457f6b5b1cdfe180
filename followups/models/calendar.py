"""The hours of service and the days that differ: data that managers maintain (R-FUP-07, D-03)."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.functions import Cast, Extract, Greatest, Least
from django.utils.translation import gettext_lazy as _

from audit.registry import auditlog


def seconds_of(field: str) -> Cast:
    return Cast(Extract(field, "epoch"), IntegerField())


class ServiceHours(models.Model):
    """One block of service on a weekday, Edmonton wall time; a day may have several. Half-open: closed at `closes`.

    The rows of one `valid_from` are a week; it holds until a later one begins.
    """

    valid_from = models.DateField(_("from"), default=date(2000, 1, 1))
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), validators=[MinValueValidator(1), MaxValueValidator(7)], help_text=_("1 is Monday, 7 is Sunday.")
    )
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("service hours")
        verbose_name_plural = _("service hours")
        constraints = [
            models.CheckConstraint(name="service_hours_weekday_known", condition=Q(weekday__range=(1, 7))),
            models.CheckConstraint(
                name="service_hours_open_before_they_close",
                condition=Q(opens__lt=F("closes")),
                violation_error_message=_("Service must open before it closes."),
            ),
            ExclusionConstraint(
                name="service_hours_never_overlap",
                expressions=[
                    (F("valid_from"), RangeOperators.EQUAL),
                    (F("weekday"), RangeOperators.EQUAL),
                    # Least and Greatest: int4range would raise on reversed hours before their own constraint can speak.
                    (
                        Func(
                            Least(seconds_of("opens"), seconds_of("closes")),
                            Greatest(seconds_of("opens"), seconds_of("closes")),
                            function="int4range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("These hours overlap with others on the same weekday."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M} (#{self.pk})"


class ClosedDay(models.Model):
    """A day on which Alberta's government is closed, or may be: `is_closed` is the manager's switch (D-03).

    A day with shorter hours is one too: it has service from `opens` to `closes` and at no other time.
    """

    class Kind(models.TextChoices):
        GENERAL = "general", _("General holiday")
        OPTIONAL = "optional", _("Optional holiday")
        CLOSURE = "closure", _("Closure")
        SHORT = "short", _("Shorter hours")

    day = models.DateField(_("day"), unique=True, error_messages={"unique": _("This day is in the calendar already.")})
    name = models.CharField(_("name"), max_length=80)
    name_fr = models.CharField(_("name in French"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    is_closed = models.BooleanField(_("closed"), default=True)
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        constraints = [
            models.CheckConstraint(
                name="closed_day_kind_known", condition=Q(kind__in=["general", "optional", "closure", "short"])
            ),
            models.CheckConstraint(
                name="closed_day_short_has_hours",
                condition=Q(kind="short", opens__isnull=False, closes__isnull=False)
                | (~Q(kind="short") & Q(opens__isnull=True, closes__isnull=True)),
                violation_error_message=_("A day with shorter hours says when service opens and closes."),
            ),
            models.CheckConstraint(
                name="closed_day_opens_before_it_closes",
                condition=Q(opens__isnull=True) | Q(opens__lt=F("closes")),
                violation_error_message=_("Service must open before it closes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name} (#{self.pk})"


auditlog.register(ServiceHours, include_fields=["valid_from", "weekday", "opens", "closes"])
auditlog.register(ClosedDay, include_fields=["day", "name", "name_fr", "kind", "is_closed", "opens", "closes"])
