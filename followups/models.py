"""What we owe whom by when, and the hours and closed days that decide it."""

import uuid
from datetime import datetime
from typing import Any, Self

from auditlog.registry import auditlog
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q
from django.db.models.functions import Cast, Extract, Greatest, Least
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import Team, User
from contacts.models import Contact
from followups.calendar import Step
from followups.reasons import say_reason
from i2a import clock


def seconds_of(field: str) -> Cast:
    return Cast(Extract(field, "epoch"), IntegerField())


class ServiceHours(models.Model):
    """One block of service on a weekday, Edmonton wall time; a day may have several. Half-open: closed at `closes`."""

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
    """A day on which Alberta's government is closed, or may be: `is_closed` is the manager's switch (D-03)."""

    class Kind(models.TextChoices):
        GENERAL = "general", _("General holiday")
        OPTIONAL = "optional", _("Optional holiday")
        CLOSURE = "closure", _("Closure")

    day = models.DateField(_("day"), unique=True, error_messages={"unique": _("This day is in the calendar already.")})
    name = models.CharField(_("name"), max_length=80)
    name_fr = models.CharField(_("name in French"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    is_closed = models.BooleanField(_("closed"), default=True)

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        constraints = [
            models.CheckConstraint(
                name="closed_day_kind_known", condition=Q(kind__in=["general", "optional", "closure"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name} (#{self.pk})"


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: Any) -> Self:
        """Follow-ups of contacts this user may know about; those without a contact belong to their team."""
        if not user.has_perm("followups.view_followup"):
            return self.none()
        without_contact = Q(contact__isnull=True)
        if not user.has_perm("followups.view_all_teams"):
            without_contact &= Q(team_id=user.team_id)
        visible_contact = Contact.objects.visible_to(user).filter(pk=OuterRef("contact_id"))
        return self.filter(without_contact | Exists(visible_contact))

    def open(self) -> Self:
        return self.filter(status=FollowUp.Status.OPEN)

    def overdue(self, now: datetime) -> Self:
        """In SQL what `followups.calendar.is_late` says in Python."""
        return self.open().filter(due_at__lt=now)

    def assigned_to(self, user: Any) -> Self:
        return self.filter(assigned_to=user)


class FollowUp(models.Model):
    """An answer we owe a caller, by phone or e-mail, within one business day (privacy scan, Background; R-FUP-02).

    `asked` is what the caller wants to know, in the specialist's words. `due_steps` says how `due_at` came about;
    changes of the calendar move `due_at`, never `original_due_at` (R-FUP-07).
    """

    class Kind(models.TextChoices):
        REPLY = "reply", _("Answer a question")
        VERIFY_EMAIL = "verify_email", _("Phone to verify e-mail address")
        FUTURE_CONTACT = "future_contact", _("Contact later")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Method(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="follow_ups")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    asked = models.CharField(_("what they ask"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("due"))
    original_due_at = models.DateTimeField(_("originally due"))
    due_steps = models.JSONField(default=list, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.OPEN)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    completed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    method = models.CharField(_("answered by"), max_length=5, choices=Method, blank=True)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.CharField(_("reason for cancelling"), max_length=80, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [
            models.Index(
                fields=["assigned_to", "due_at", "id"], name="follow_up_open_of_person", condition=Q(status="open")
            ),
            models.Index(fields=["team", "due_at", "id"], name="follow_up_open_of_team", condition=Q(status="open")),
            models.Index(fields=["due_at", "id"], name="follow_up_open", condition=Q(status="open")),
        ]
        constraints = [
            models.CheckConstraint(
                name="follow_up_kind_known", condition=Q(kind__in=["reply", "verify_email", "future_contact"])
            ),
            models.CheckConstraint(
                name="follow_up_status_known", condition=Q(status__in=["open", "done", "cancelled"])
            ),
            models.CheckConstraint(name="follow_up_method_known", condition=Q(method__in=["", "phone", "email"])),
            models.CheckConstraint(
                name="follow_up_done_says_how",
                condition=~Q(status="done") | (Q(completed_at__isnull=False) & ~Q(method="") & ~Q(outcome="")),
                violation_error_message=_("Record how the client was answered."),
            ),
            models.CheckConstraint(
                name="follow_up_only_done_is_completed",
                condition=Q(status="done")
                | Q(completed_at__isnull=True, completed_by__isnull=True, method="", outcome=""),
                violation_error_message=_("Only a follow-up that is done can say how the client was answered."),
            ),
            models.CheckConstraint(
                name="follow_up_cancelled_says_why",
                condition=~Q(status="cancelled") | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                violation_error_message=_("Say why the follow-up is cancelled."),
            ),
            models.CheckConstraint(
                name="follow_up_due_after_reception",
                condition=Q(due_at__gt=F("received_at"), original_due_at__gt=F("received_at")),
                violation_error_message=_("An answer cannot be due before the question was received."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("followups:close", args=[self.uid])

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def due_reason(self) -> str:
        """Why it is due then, in the language of the page (N9)."""
        return say_reason([Step.from_json(row) for row in self.due_steps])


auditlog.register(ServiceHours, include_fields=["weekday", "opens", "closes"])
auditlog.register(ClosedDay, include_fields=["day", "name", "name_fr", "kind", "is_closed"])
auditlog.register(
    FollowUp,
    include_fields=[
        "contact", "team", "assigned_to", "kind", "asked", "received_at", "due_at", "original_due_at", "status",
        "completed_at", "completed_by", "method", "outcome", "cancelled_at", "cancelled_by", "cancel_reason",
    ],
    mask_fields=["asked", "outcome", "cancel_reason"],  # free text may name a person
)  # fmt: skip
