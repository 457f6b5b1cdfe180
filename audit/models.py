"""What happened: the readable history (auditlog) and the record of reading, sending, refusing and signing in."""

from typing import Any

from auditlog.models import AbstractLogEntry
from auditlog.models import LogEntryManager as BaseLogEntryManager
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
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
from i2a.held import hold

ENTRY = """
INSERT INTO audit_logentry (content_type_id, object_pk, object_id, object_repr, action, changes, changes_text,
    additional_data, actor_id, actor_label, remote_addr, cid, timestamp)
VALUES (%s, %s, %s, %s, %s, %s, '', %s, %s, %s, %s, %s, %s)
""".strip()


class LogEntryManager(BaseLogEntryManager):
    """Signs every entry from `audit.actor`, whatever made the change: request, worker or command."""

    def create(self, **kwargs: Any) -> "LogEntry":
        actor = current()
        kwargs.setdefault("actor", actor.user)
        kwargs.setdefault("actor_label", actor.label)
        kwargs.setdefault("remote_addr", actor.ip)
        kwargs.setdefault("timestamp", clock.now())
        kwargs["cid"] = actor.request_id
        entry: LogEntry = super().create(**kwargs)
        return entry

    def tell(self, record: models.Model, action: int, changes: dict[str, Any]) -> None:
        """One entry about `record`, which has a number as its key. It travels with the next statement (`i2a.held`).

        Written by hand: with every save of anything the ORM would make the same statement again."""
        about, actor = ContentType.objects.get_for_model(record), current()
        more = getattr(record, "get_additional_data", lambda: None)()
        what = [about.pk, str(record.pk), record.pk, str(record), action, adapt(changes), more and adapt(more)]
        whose = [actor.user and actor.user.pk, actor.label, actor.ip, actor.request_id, clock.now()]
        hold(connection, ENTRY, [*what, *whose])


def adapt(value: Any) -> Any:
    return connection.ops.adapt_json_value(value, DjangoJSONEncoder)


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
