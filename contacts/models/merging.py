"""Two records of one person made one, and how to take that back (F21, F22; reliability goal D7)."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from contacts.models.contact import Contact

UNDO_FOR = timedelta(days=30)


class MergeRecordQuerySet(models.QuerySet["MergeRecord"]):
    def merges(self) -> Self:
        return self.filter(undo_of__isnull=True)

    def standing(self) -> Self:
        """Merges that nobody took back."""
        return self.merges().filter(undone_by__isnull=True)


class MergeRecord(models.Model):
    """That `loser` became part of `winner`, or, with `undo_of`, that this was taken back. Append-only, so ids only.

    `moved` names the rows by kind: {"calls": [12, 13], "consents": [40]}.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    winner = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="merges")
    loser = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="merged_away")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    moved = models.JSONField(default=dict)
    undo_of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")

    objects = MergeRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="merge_record_of_two",
                condition=~Q(winner=F("loser")),
                violation_error_message=_("A contact cannot be merged with itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"Merge (#{self.pk})"

    @property
    def undo_until(self) -> datetime:
        return self.at + UNDO_FOR


class MergeSnapshot(models.Model):
    """The values that undoing needs, erased after 30 days: they are personal, so no append-only row may hold them."""

    record = models.OneToOneField(MergeRecord, on_delete=models.PROTECT, related_name="snapshot")
    data: Any = models.JSONField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="merge_snapshot_expires")]

    def __str__(self) -> str:
        return f"Snapshot (#{self.pk})"


class FormerKey(models.Model):
    """The keyed fingerprint of a number or address that a merge took off `contact` or off whoever became part of it.

    Somebody who calls from their old phone is still found, and nothing can be read out of it. Goes with `contact`, and
    with the merge when that is undone.
    """

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(MergeRecord, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fingerprint", "record"], name="former_key_once"),
            models.CheckConstraint(name="former_key_of_something", condition=~Q(fingerprint="")),
        ]

    def __str__(self) -> str:
        return f"Former key (#{self.pk})"


# A merge may lower permission, never raise it (N4), whatever the code believes.
NEVER_RAISE = """
CREATE FUNCTION merge_never_raises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.undo_of_id IS NOT NULL THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM contacts_contact loser JOIN contacts_contact winner ON winner.id = NEW.winner_id
        WHERE loser.id = NEW.loser_id AND (
            (loser.do_not_contact AND NOT winner.do_not_contact)
            OR (loser.sensitivity = 'restricted' AND winner.sensitivity <> 'restricted')
        )
    ) OR EXISTS (
        SELECT FROM contacts_consentstate refused JOIN contacts_consentstate granted USING (purpose, channel)
        WHERE refused.contact_id = NEW.loser_id AND granted.contact_id = NEW.winner_id
            AND refused.status IN ('refused', 'withdrawn') AND granted.status = 'granted'
    ) THEN
        RAISE EXCEPTION 'a merge would raise a permission'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'merge_never_raises';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER contacts_mergerecord_never_raises AFTER INSERT ON contacts_mergerecord
    FOR EACH ROW EXECUTE FUNCTION merge_never_raises();
"""
DROP_NEVER_RAISE = """
DROP TRIGGER contacts_mergerecord_never_raises ON contacts_mergerecord;
DROP FUNCTION merge_never_raises();
"""

auditlog.register(MergeRecord, include_fields=["winner", "loser", "by", "undo_of"])
