"""Who comes to an event, who waits for a seat, who was there (F75, F76). It is no agreement to anything else."""

import uuid
from typing import Any, Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from contacts.models import Contact
from i2a import clock
from outreach.models.events import Event


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(contact__in=Contact.objects.visible_to(user))

    def holding(self) -> Self:
        return self.filter(state=Registration.State.SEAT)

    def waiting(self) -> Self:
        """Who asked first is first."""
        return self.filter(state=Registration.State.WAITING).order_by("registered_at", "pk")


class Registration(models.Model):
    """One contact at one event. A cancelled one stays, and the same person may register again."""

    class State(models.TextChoices):
        SEAT = "seat", _("Registered")
        WAITING = "waiting", _("On the wait list")
        CANCELLED = "cancelled", _("Cancelled")

    class Attendance(models.TextChoices):
        UNKNOWN = "", _("Not recorded")
        ATTENDED = "attended", _("Attended")
        ABSENT = "absent", _("Did not come")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="registrations")
    state = models.CharField(_("state"), max_length=10, choices=State)
    attendance = models.CharField(_("attendance"), max_length=10, choices=Attendance, blank=True)
    registered_at = models.DateTimeField(_("registered"), default=clock.now)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    moved_up_at = models.DateTimeField(_("moved up from the wait list"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    attendance_at = models.DateTimeField(_("attendance recorded"), null=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "contact"], name="registration_once", condition=~Q(state="cancelled")
            ),
            models.CheckConstraint(
                name="registration_state_known", condition=Q(state__in=["seat", "waiting", "cancelled"])
            ),
            models.CheckConstraint(
                name="registration_attendance_known", condition=Q(attendance__in=["", "attended", "absent"])
            ),
            models.CheckConstraint(
                name="registration_only_a_seat_attends", condition=Q(attendance="") | Q(state="seat")
            ),
            models.CheckConstraint(
                name="registration_cancelled_says_when",
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="registration_attendance_says_when",
                condition=Q(attendance="", attendance_at__isnull=True)
                | (~Q(attendance="") & Q(attendance_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"Registration (#{self.pk})"


auditlog.register(Registration, include_fields=["event", "contact", "state", "attendance"])
