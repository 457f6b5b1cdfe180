"""A call being typed. Nothing half-typed is ever lost, and nothing half-typed is kept longer than a day (design §8)."""

import uuid
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from django.db import models

from access.models import User
from calls.models.call import Call
from contacts.models import Contact
from i2a import clock


class CallDraftQuerySet(models.QuerySet["CallDraft"]):
    def visible_to(self, user: Any) -> Self:
        """Only one's own."""
        return self.filter(user=user)

    def open(self) -> Self:
        """Not saved yet, newest first: the first is the call in progress, the others are unfinished ones."""
        return self.filter(call__isnull=True).order_by("-started_at", "-pk")

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lt=now)


class CallDraft(models.Model):
    """What the specialist has typed so far, as the browser sent it.

    Not registered with auditlog: it is nobody's record yet, and is erased within a day. After saving it stays for the
    20 seconds in which the save can be undone (`call` is set; `undo` holds what to put back on the contact).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_uuid = models.UUIDField(default=uuid.uuid4)  # renewed by undo, so that the call can be saved again
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="+")
    contact_version = models.PositiveIntegerField(null=True)
    materials_only = models.BooleanField(default=False)
    data = models.JSONField(default=dict)
    started_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    call = models.OneToOneField(Call, on_delete=models.CASCADE, null=True, related_name="draft")
    undo = models.JSONField(default=dict)

    objects = CallDraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-started_at", "-id"], name="call_draft_of_user")]

    def __str__(self) -> str:
        return f"Draft (#{self.pk})"

    @property
    def hidden_matches(self) -> list[int]:
        """Keys of the records of this caller that the specialist may not see; they never leave the server."""
        return list(self.undo.get("hidden", []))

    @property
    def answers(self) -> uuid.UUID | None:
        """The follow-up that this call answers, as far as it was chosen."""
        try:
            return uuid.UUID(self.data.get("answers_follow_up", [""])[0])
        except (ValueError, IndexError):
            return None

    @cached_property
    def is_read_only(self) -> bool:
        """The specialist may see the caller's record and not change it: the call is logged, the record stays."""
        if self.contact is None:
            return False
        return not Contact.objects.changeable_by(self.user).filter(pk=self.contact.pk).exists()

    @property
    def only_lowers(self) -> bool:
        """The caller may take an agreement back here, and give none."""
        return bool(self.hidden_matches) or self.is_read_only
