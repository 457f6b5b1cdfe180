"""What happened: the readable history (auditlog) and the record of reading, sending, refusing and signing in."""

from typing import Any

from auditlog.models import AbstractLogEntry
from auditlog.models import LogEntryManager as BaseLogEntryManager
from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.actor import current
from audit.ledger import Check as Check
from audit.ledger import Discrepancy as Discrepancy
from audit.ledger import Disposal as Disposal
from audit.ledger import RowChange as RowChange
from audit.ledger import Seal as Seal
from audit.ledger import Stretch as Stretch
from audit.report_models import AuditExport as AuditExport
from audit.report_models import SavedReport as SavedReport
from audit.review_models import ReviewItem as ReviewItem
from i2a import clock

INSERT = "INSERT INTO audit_logentry ({columns}) VALUES ({values}) RETURNING id"


class LogEntryManager(BaseLogEntryManager):
    """Signs every entry from `audit.actor`, whatever made the change: request, worker or command."""

    def create(self, **kwargs: Any) -> "LogEntry":
        actor = current()
        kwargs.setdefault("actor", actor.user)
        kwargs.setdefault("actor_label", actor.label)
        kwargs.setdefault("remote_addr", actor.ip)
        kwargs.setdefault("timestamp", clock.now())
        kwargs["cid"] = actor.request_id
        return self._inserted(self.model(**kwargs))

    def _inserted(self, entry: "LogEntry") -> "LogEntry":
        """Written by hand: with every save of anything the ORM would make the same statement again, for half a
        millisecond."""
        fields = [field for field in self.model._meta.concrete_fields if not field.primary_key]
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        values = [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(INSERT.format(columns=columns, values=", ".join(["%s"] * len(values))), values)
            (entry.pk,) = cursor.fetchone()
        entry._state.adding = False
        return entry


class LogEntry(AbstractLogEntry):
    """auditlog's entry without cascades: deleting a user or a content type must not take the history with it."""

    # auditlog puts an index on nearly every column; each of them would be paid for with every change of anything.
    content_type = models.ForeignKey(
        "contenttypes.ContentType", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    object_pk = models.CharField(max_length=255)
    object_id = models.BigIntegerField(blank=True, null=True)
    action = models.PositiveSmallIntegerField(choices=AbstractLogEntry.Action.choices)
    cid = models.CharField(max_length=255, blank=True, null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    actor_label = models.CharField(max_length=60)

    objects = LogEntryManager()

    class Meta:
        indexes = [
            models.Index(fields=["content_type", "object_id", "-timestamp", "-id"], name="log_entry_of_object"),
            models.Index(fields=["actor", "-timestamp", "-id"], name="log_entry_of_actor"),
        ]


class AccessEvent(models.Model):
    """What auditlog cannot see. Append-only; written in the transaction of what it records, or that does not happen.

    `detail` holds counts, codes and references, never a personal value (design §6).
    """

    class Kind(models.TextChoices):
        VIEWED = "viewed", _("Opened a record")
        SEARCHED = "searched", _("Looked up callers")
        LISTED = "listed", _("Opened a list")
        EXPORTED = "exported", _("Exported a list")
        PRINTED = "printed", _("Opened a print view")
        DENIED = "denied", _("Was refused")
        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Failed to sign in")
        LOCKED_OUT = "locked_out", _("Has to wait before signing in")
        SIGNED_OUT = "signed_out", _("Signed out")
        TIMED_OUT = "timed_out", _("Was signed out: too long away")
        SESSION_ENDED = "session_ended", _("Ended a session")
        PASSWORD_RESET = "password_reset", _("Asked to choose a new password")
        PASSWORD_CHANGED = "password_changed", _("Chose a new password")
        SECOND_STEP_ADDED = "second_step_added", _("Set up a second step")
        SECOND_STEP_REMOVED = "second_step_removed", _("Removed a second step")
        RECOVERY_USED = "recovery_used", _("Signed in with a recovery code")
        ADDRESS_ERASED = "address_erased", _("Erased an address")
        EMAIL_SENT = "email_sent", _("Sent an e-mail")
        EMAIL_WITHHELD = "email_withheld", _("Withheld an e-mail")
        EMAIL_BOUNCED = "email_bounced", _("Learned that an e-mail came back")
        CONSENT_WITHDRAWN = "consent_withdrawn", _("Withdrew an agreement")
        OBJECT_GRANT = "object_grant", _("Gave access to a record")
        OBJECT_REVOKE = "object_revoke", _("Ended access to a record")
        ROLE_GRANTED = "role_granted", _("Gave a role")
        ROLE_REVOKED = "role_revoked", _("Ended a role")
        ACCESS_DECIDED = "access_decided", _("Decided about access")
        ACCESS_REVIEWED = "access_reviewed", _("Reviewed access")
        ACCESS_DRIFT = "access_drift", _("Found access outside the register")
        TRAINING_BLOCK = "training_block", _("Was stopped: privacy training")
        TRAINING_EXTENDED = "training_extension", _("Extended privacy training")
        REPORT_VIEWED = "report_viewed", _("Read an audit report")

    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    actor_label = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind)
    object_type = models.CharField(max_length=60, blank=True)
    object_uid = models.UUIDField(null=True)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=16, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_event_kind_known",
                condition=Q(
                    kind__in=[
                        "viewed",
                        "searched",
                        "listed",
                        "exported",
                        "printed",
                        "denied",
                        "signed_in",
                        "sign_in_failed",
                        "locked_out",
                        "signed_out",
                        "timed_out",
                        "session_ended",
                        "password_reset",
                        "password_changed",
                        "second_step_added",
                        "second_step_removed",
                        "recovery_used",
                        "address_erased",
                        "email_sent",
                        "email_withheld",
                        "email_bounced",
                        "consent_withdrawn",
                        "object_grant",
                        "object_revoke",
                        "role_granted",
                        "role_revoked",
                        "access_decided",
                        "access_reviewed",
                        "access_drift",
                        "training_block",
                        "training_extension",
                        "report_viewed",
                    ]
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-at"], name="access_event_of_kind"),
            models.Index(fields=["actor", "-at"], name="access_event_of_actor"),
            models.Index(fields=["object_uid", "-at"], name="access_event_of_object"),
            models.Index(fields=["-at", "-id"], name="access_event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} (#{self.pk})"
