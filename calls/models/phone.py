"""What the phone system told us (F3, F8)."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from followups.models import FollowUp
from i2a import clock

RINGS_FOR = timedelta(minutes=2)


class MissedCall(models.Model):
    """A call that nobody took. `event_id` is the phone system's: the same one twice is one call.

    The number stands on the follow-up and is erased there; without a number nobody can be called back.
    """

    event_id = models.CharField(_("event of the phone system"), max_length=100, unique=True)
    at = models.DateTimeField(_("when"))
    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, null=True, related_name="missed_calls")
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("missed call")
        verbose_name_plural = _("missed calls")

    def __str__(self) -> str:
        return f"Missed call (#{self.pk})"


class RingingCallQuerySet(models.QuerySet["RingingCall"]):
    def at_desk_of(self, user: Any, now: datetime) -> Self:
        """The latest first."""
        return self.filter(user=user, at__gt=now - RINGS_FOR).exclude(number="").order_by("-at", "-pk")


class RingingCall(models.Model):
    """A call that rings at somebody's desk. The number goes as soon as it is taken, put away or over, after two minutes
    at the latest; the row stays some minutes more, so that the same event twice rings once."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event_id = models.CharField(_("event of the phone system"), max_length=100, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("number of the caller"), max_length=16, blank=True)  # E.164
    at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(default=clock.now)

    objects = RingingCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("ringing call")
        verbose_name_plural = _("ringing calls")

    def __str__(self) -> str:
        return f"Ringing call (#{self.pk})"


auditlog.register(MissedCall, include_fields=["event_id", "at", "follow_up"])
