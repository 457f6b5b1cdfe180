"""Every e-mail to a person is a row here first; Celery only rings a bell (design §4)."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from contacts import gate
from contacts.choices import Language
from contacts.models import ConsentEvent, Contact, TextVersion
from i2a import clock
from outbox.alert_models import StaffAlert as StaffAlert


class Content(models.Model):
    """What a mail says, apart from greeting and sender block: one row for all who get the same words.

    `holds` names what is in it, in the words of whoever made it ("Work permits, step by step, version 2"). `files` go
    with it: `name`, `size` and the `sha256` by which `i2a.files` has their bytes. `sha256` is over all of it, so that a
    sent mail can always be shown again.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2, choices=Language)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    holds = models.JSONField(default=list)
    files = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="content_subject_is_one_line", condition=Q(subject__regex=r"^[^\r\n]+$")),
        ]

    def __str__(self) -> str:
        return f"{self.subject} (#{self.pk})"


class Reason(models.TextChoices):
    """Why a message took a step that nobody hoped for, beside the reasons of `contacts.gate`. Stored for ever."""

    ADDRESS_CHANGED = "address changed", _("The address was changed after the request")
    OTHER_CONSENT = "other consent", _("The agreement it rested on was replaced")
    NO_PROOF = "no proof", _("The database found no live agreement for it")
    ADDRESS_REFUSED = "address refused", _("The mail server refused the address")
    MAIL_REFUSED = "mail refused", _("The mail server refused the mail")
    BUSY = "server busy", _("The mail server asked to try again later")
    UNREACHABLE = "server unreachable", _("The mail server could not be reached")
    CUT = "connection cut", _("The connection broke before the end of the mail")
    NO_ANSWER = "no answer", _("The mail server did not answer after the end of the mail")
    CLAIM_EXPIRED = "claim expired", _("The sending process stopped before it began")
    SENDER_DIED = "sender died", _("The sending process stopped halfway")
    NOT_RENDERABLE = "not renderable", _("The mail could not be written; the log says why")
    NO_WORDING = "no wording", _("No sender identification or collection notice is in force in this language")
    CAME_BACK = "came back", _("It came back: it could not be delivered")
    CAME_BACK_FOR_NOW = "came back for now", _("It came back: the mailbox did not take it this time")
    GAVE_UP = "gave up", _("Not accepted within 72 hours")
    EVENT_STARTED = "event started", _("The event has started")
    EVENT_CANCELLED = "event cancelled", _("The event was cancelled")
    CAMPAIGN_CANCELLED = "campaign cancelled", _("The campaign was cancelled")
    SURVEY_CLOSED = "survey closed", _("The survey has closed")
    AGAIN_BY_PERSON = "again by a person", _("Sent again by a person's decision")
    SENT_BY_PERSON = "sent by a person", _("Treated as sent by a person's decision")

    @classmethod
    def say(cls, stored: str) -> str:
        """In the reader's language; what nobody here knows stays as it is."""
        known = {reason.value: reason.label for reason in [*gate.Reason, *cls]}
        return str(known.get(stored, stored))


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(contact__in=Contact.objects.visible_to(user))

    def due(self, now: datetime) -> Self:
        """What may leave now. Nothing while sending is stopped, and nothing of a stopped mailing."""
        stopped = SendingState.objects.filter(is_stopped=True)
        due = self.filter(state=Message.State.QUEUED, not_before__lte=now)
        return due.exclude(Exists(stopped.filter(mailing=""))).exclude(purpose_key__in=stopped.values("mailing"))

    def undelivered(self) -> Self:
        """Requested information that did not reach its client, as far as the mail servers say (R-INF-02)."""
        return self.filter(Message.IS_UNDELIVERED)

    def unfinished(self) -> Self:
        """On their way: waiting, being sent, or waiting for a person."""
        return self.filter(state__in=Message.UNFINISHED)


class Message(models.Model):
    """One mail to one contact, from asking for it to its outcome. `attempts` counts SMTP sessions.

    Each mail is updated three times and no update can be HOT, so there is no index that no question needs.
    """

    class Kind(models.TextChoices):
        INFORMATION = "information", _("Requested information")
        SEMINAR = "seminar", _("Seminar invitation")
        TRADE_MISSION = "trade_mission", _("Trade mission invitation")
        GENERAL_INFORMATION = "general_information", _("General information")
        SURVEY = "survey", _("Survey invitation")

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        CLAIMED = "claimed", _("About to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        AMBIGUOUS = "ambiguous", _("Needs a person")
        WITHHELD = "withheld", _("Withheld")
        CANCELLED = "cancelled", _("Cancelled")
        BOUNCED = "bounced", _("Came back")

    PROMOTIONAL = [Kind.SEMINAR, Kind.TRADE_MISSION, Kind.GENERAL_INFORMATION, Kind.SURVEY]
    IS_UNDELIVERED = Q(kind="information") & (
        Q(state="bounced") | Q(state="failed", reason__in=[Reason.ADDRESS_REFUSED.value, Reason.GAVE_UP.value])
    )
    UNFINISHED = [State.QUEUED, State.CLAIMED, State.SENDING, State.AMBIGUOUS]

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    # What it is for, "call:C-2026-000123", with more after a second colon where that is not enough.
    # All messages of one mailing have the same.
    purpose_key = models.CharField(_("what it is for"), max_length=60)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="messages", db_index=False)
    to_email = models.CharField(_("receiver"), max_length=254, blank=True)
    content = models.ForeignKey(
        Content, on_delete=models.PROTECT, related_name="+", verbose_name=_("content"), db_index=False
    )
    consent_event = models.ForeignKey(ConsentEvent, on_delete=models.PROTECT, null=True, related_name="messages")
    text_version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    message_id = models.CharField(max_length=120)
    not_before = models.DateTimeField()
    claim_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    smtp_code = models.CharField(max_length=16, blank=True)  # "250", or with the enhanced code "550 5.1.1"
    template_version = models.CharField(max_length=12, blank=True)
    rendered_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["not_before", "id"], name="message_due", condition=Q(state="queued")),
            models.Index(fields=["lease_until"], name="message_leased", condition=Q(state__in=["claimed", "sending"])),
            models.Index(fields=["id"], name="message_needs_person", condition=Q(state="ambiguous")),
            models.Index(fields=["id"], name="message_failed", condition=Q(state="failed")),
            models.Index(fields=["id"], name="message_bounced", condition=Q(state="bounced")),
            models.Index(fields=["contact", "-created_at", "-id"], name="message_of_contact"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="message_id_once"),
            models.UniqueConstraint(fields=["purpose_key", "contact"], name="message_once_per_purpose"),
            models.UniqueConstraint(  # two records of one family share a mailbox: one invitation
                "purpose_key",
                Lower("to_email"),
                name="message_once_per_address",
                condition=~Q(kind="information") & ~Q(to_email=""),
            ),
            models.CheckConstraint(
                name="message_kind_known",
                condition=Q(kind__in=["information", "seminar", "trade_mission", "general_information", "survey"]),
            ),
            models.CheckConstraint(
                name="message_state_known",
                condition=Q(
                    state__in=[
                        "queued",
                        "claimed",
                        "sending",
                        "sent",
                        "failed",
                        "ambiguous",
                        "withheld",
                        "cancelled",
                        "bounced",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="message_promotion_rests_on_consent",
                condition=Q(kind="information") | Q(consent_event__isnull=False, text_version__isnull=False),
            ),
            models.CheckConstraint(
                name="message_sent_says_when", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="message_claim_has_lease",
                condition=~Q(state__in=["claimed", "sending"])
                | Q(claim_token__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="message_one_recipient",  # a mail that was taken back needs no address any more
                condition=Q(to_email__regex=r"^[^\s,;<>]+@[^\s,;<>]+$") | Q(to_email="", state="cancelled"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.purpose_key} (#{self.pk})"

    @property
    def is_promotional(self) -> bool:
        return self.kind in self.PROMOTIONAL

    @property
    def reference(self) -> str:
        """Of what it is for, as people say it: "C-2026-000123"."""
        return [*self.purpose_key.split(":"), ""][1] or self.purpose_key

    @property
    def reason_text(self) -> str:
        return Reason.say(self.reason)


class MessageEvent(models.Model):
    """What happened to a message, in order. Append-only."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="events", db_index=False)
    state = models.CharField(max_length=10, choices=Message.State)
    at = models.DateTimeField()
    actor_label = models.CharField(max_length=60)
    detail = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["message", "at", "id"], name="message_event_in_order")]

    def __str__(self) -> str:
        return f"{self.state} (#{self.pk})"

    @property
    def detail_text(self) -> str:
        return Reason.say(self.detail)


class UnsubscribeToken(models.Model):
    """The link of one promotional mail that was about to leave, as a hash. It ends one purpose, the message's.

    Each attempt makes one and all keep working: nobody knows which copy arrived."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="unsubscribe_tokens")
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Unsubscribe token (#{self.pk})"


class SendingState(models.Model):
    """Whether mail may leave, by a person's decision. `mailing` is a `purpose_key`; "" stands for everything.

    No row means that nobody has ever stopped it.
    """

    mailing = models.CharField(max_length=60, blank=True, unique=True)
    is_stopped = models.BooleanField(_("stopped"))
    reason = models.CharField(_("reason"), max_length=200)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="sending_state_says_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.mailing or 'all mail'} (#{self.pk})"


class SenderHealth(models.Model):
    """What the senders say of themselves, in one row; times are the database's own (decision 10)."""

    class Trouble(models.TextChoices):
        NONE = "", _("None")
        NOT_CONFIGURED = "not configured", _("No mail server is configured.")
        SIGN_IN_REFUSED = "sign-in refused", _("The mail server refuses our user name or password.")
        UNREACHABLE = "unreachable", _("The mail server cannot be reached.")

    id = models.SmallIntegerField(primary_key=True, default=1)
    ticked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, choices=Trouble, blank=True)
    trouble_since = models.DateTimeField(null=True)
    mailbox_trouble = models.CharField(max_length=20, choices=Trouble, blank=True, db_default="")
    mailbox_since = models.DateTimeField(null=True)  # of the trouble; while all is well, of the last look
    next_slot_at = models.DateTimeField(null=True)  # of the rate limit: the first moment not yet given to a mail

    class Meta:
        constraints = [models.CheckConstraint(name="sender_health_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.trouble or "well"


auditlog.register(
    Message,
    include_fields=[
        "kind", "purpose_key", "contact", "to_email", "content", "consent_event", "text_version", "state", "reason",
        "sent_at",
    ],
    mask_fields=["to_email"],
)  # fmt: skip
auditlog.register(Content, include_fields=["sha256", "language", "subject"])
auditlog.register(SendingState, include_fields=["mailing", "is_stopped", "reason"])
