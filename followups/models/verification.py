"""Mail that did not reach its client, and the call that finds out why (R-INF-02)."""

from django.db import models

from audit.registry import auditlog
from followups.models.follow_up import FollowUp
from outbox.models import Message


class Verification(models.Model):
    """A mail that came back, and the follow-up in which its client is phoned: one for all mails that wait for it.

    `resent`: the mail with the same words that went to the corrected address.
    """

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="verification")
    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="verifications")
    resent = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"Verification for message {self.message_id} (#{self.pk})"


auditlog.register(Verification, include_fields=["message", "follow_up", "resent"])
