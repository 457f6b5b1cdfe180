"""What a campaign and a survey have in common: drafted by one person, approved by a second one, sent to a list."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from i2a import clock


class DraftedMailing(models.Model):
    """Words in two languages for a list of people. `send_on` and `send_at` are what the clocks of Edmonton show."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("reference"), max_length=20, unique=True)
    title = models.CharField(_("title, for colleagues"), max_length=160)

    subject_en = models.CharField(_("subject in English"), max_length=200, blank=True)
    text_en = models.TextField(_("text in English"), max_length=5000, blank=True)
    subject_fr = models.CharField(_("subject in French"), max_length=200, blank=True)
    text_fr = models.TextField(_("text in French"), max_length=5000, blank=True)

    send_on = models.DateField(_("day"), null=True, blank=True)
    send_at = models.TimeField(_("time"), null=True, blank=True)

    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")  # of all that is approved
    asked_at = models.DateTimeField(_("asked for approval"), null=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    list_sha256 = models.CharField(_("fingerprint of the list"), max_length=64, blank=True)
    listed = models.PositiveIntegerField(_("people on the list"), default=0)
    left_out = models.JSONField(default=list)  # [reason, people] when the list was made
    sent_back_because = models.CharField(_("why it was sent back"), max_length=200, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("began to leave"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_because = models.CharField(_("why it ended"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)  # for two who save at once
    form_uuid = models.UUIDField(null=True, unique=True, editable=False)  # the same form sent twice makes one

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.ref

    @property
    def has_list(self) -> bool:
        """Its people are chosen; nobody is added any more."""
        return bool(self.list_sha256)


def approval_constraints(
    name: str,
    *,
    second_person: Any,  # the words of its refusal
    released: Sequence[str],
    ended: Sequence[str],
    list_needs: Q,
) -> list[models.BaseConstraint]:
    """INV-12 for one kind of mailing. `released`: states that want an approval; `ended`: those after which nothing
    leaves; `list_needs`: what else must be said before it has a list."""
    listed = ["asked", *released]
    return [
        models.CheckConstraint(
            name=f"{name}_approved_by_a_second_person",
            condition=Q(approved_by__isnull=True)
            | (~Q(approved_by=F("created_by")) & ~Q(approved_by=F("changed_by")) & ~Q(approved_by=F("asked_by"))),
            violation_error_message=second_person,
        ),
        models.CheckConstraint(
            name=f"{name}_draft_has_no_list",
            condition=~Q(state="draft") | Q(asked_at__isnull=True, approved_at__isnull=True, list_sha256="", listed=0),
        ),
        models.CheckConstraint(
            name=f"{name}_asked_with_a_list",
            condition=~Q(state__in=listed)
            | (
                Q(asked_at__isnull=False, asked_by__isnull=False, send_on__isnull=False, send_at__isnull=False)
                & list_needs
                & ~Q(list_sha256="")
            ),
        ),
        models.CheckConstraint(
            name=f"{name}_approved_says_who",
            condition=Q(approved_at__isnull=True, approved_by__isnull=True) & ~Q(state__in=released)
            | Q(approved_at__isnull=False, approved_by__isnull=False) & Q(state__in=[*released, "cancelled"]),
        ),
        models.CheckConstraint(
            name=f"{name}_ended_says_when",
            condition=Q(state__in=ended, ended_at__isnull=False) | Q(ended_at__isnull=True) & ~Q(state__in=ended),
        ),
        models.CheckConstraint(
            name=f"{name}_cancelled_says_why",
            condition=~Q(state="cancelled") | ~Q(ended_because=""),
            violation_error_message=_("Say why it is cancelled."),
        ),
    ]
