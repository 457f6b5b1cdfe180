"""What the phone system told us (F8)."""

from auditlog.registry import auditlog
from django.db import models
from django.utils.translation import gettext_lazy as _

from followups.models import FollowUp
from i2a import clock


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


auditlog.register(MissedCall, include_fields=["event_id", "at", "follow_up"])
