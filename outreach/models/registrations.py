"""Who comes to an event, who waits for a seat, who was there (F75, F76). It is no agreement to anything else."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from contacts.models import Contact
from i2a import clock
from outreach.models.events import Event


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: Any) -> Self:
        """Those of contacts one may see. Who came by the public form and is matched to nobody yet belongs to no team:
        whoever registers people sees them, and who answers for the contacts of all teams."""
        reach = Q(contact__in=Contact.objects.visible_to(user))
        if user.has_perm("outreach.change_registration") or user.has_perm("contacts.view_all_teams"):
            reach |= Q(contact=None)
        return self.filter(reach)

    def holding(self) -> Self:
        return self.filter(state=Registration.State.SEAT)

    def waiting(self) -> Self:
        """Who asked first is first."""
        return self.filter(state=Registration.State.WAITING).order_by("registered_at", "pk")

    def to_match(self) -> Self:
        """What somebody typed on the public form, and nobody has looked at yet."""
        return self.filter(contact=None, entry__isnull=False).exclude(state=Registration.State.CANCELLED)


class Registration(models.Model):
    """One person at one event. A cancelled one stays, and the same person may register again.

    `contact` is empty for who came by the public form, until a colleague says who it is (`FormEntry`).
    """

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
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="registrations")
    from_form = models.BooleanField(_("by the public form"), default=False, db_default=False)
    state = models.CharField(_("state"), max_length=10, choices=State)
    attendance = models.CharField(_("attendance"), max_length=10, choices=Attendance, blank=True)
    registered_at = models.DateTimeField(_("registered"), default=clock.now)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    moved_up_at = models.DateTimeField(_("moved up from the wait list"), null=True)
    told_at = models.DateTimeField(_("told that they moved up"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    attendance_at = models.DateTimeField(_("attendance recorded"), null=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "contact"], name="registration_once", condition=~Q(state="cancelled")
            ),
            models.CheckConstraint(
                name="registration_by_somebody",
                condition=Q(from_form=True) | Q(contact__isnull=False, registered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_told_of_moving_up", condition=Q(told_at__isnull=True) | Q(moved_up_at__isnull=False)
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


auditlog.register(Registration, include_fields=["event", "contact", "state", "attendance", "from_form", "told_at"])
