"""The consent ledger (design §5): what was asked, in which words, what was answered."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from contacts.choices import Basis, Channel, ConsentStatus, Language, Purpose, Source
from contacts.models.contact import Contact
from contacts.models.texts import TextVersion


class ConsentEventQuerySet(models.QuerySet["ConsentEvent"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(contact__in=Contact.objects.visible_to(user))


class ConsentEvent(models.Model):
    """One answer for one purpose and channel. Append-only; a wrong entry is corrected by a new one with a reason.

    `source_ref` names the call in words, without a foreign key: the proof outlives the call's retention (design §2).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="consent_events")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    status = models.CharField(_("answer"), max_length=12, choices=ConsentStatus)
    basis = models.CharField(max_length=8, choices=Basis)
    source = models.CharField(max_length=10, choices=Source)
    source_ref = models.CharField(max_length=40, blank=True)
    text_version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=2, choices=Language)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    email_fingerprint = models.CharField(max_length=64, blank=True)
    minor_understands = models.BooleanField(null=True)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    correction_reason = models.CharField(max_length=200, blank=True)

    objects = ConsentEventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["contact", "purpose", "channel", "-at", "-id"], name="consent_event_latest")]
        constraints = [
            models.CheckConstraint(name="consent_event_purpose_known", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(name="consent_event_channel_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(name="consent_event_status_known", condition=Q(status__in=ConsentStatus.values)),
            models.CheckConstraint(name="consent_event_source_known", condition=Q(source__in=Source.values)),
            models.CheckConstraint(  # INV-09
                name="consent_event_granted_in_read_words",
                condition=~Q(status=ConsentStatus.GRANTED) | Q(basis=Basis.EXPRESS, text_version__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_event_correction_says_why",
                condition=Q(supersedes__isnull=True) | ~Q(correction_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.status} (#{self.pk})"


class ConsentState(models.Model):
    """The newest answer per contact, purpose and channel: the row a sender locks. Written by a trigger only."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="consent_states")
    purpose = models.CharField(max_length=20, choices=Purpose)
    channel = models.CharField(max_length=8, choices=Channel)
    status = models.CharField(max_length=12, choices=ConsentStatus)
    event = models.ForeignKey(ConsentEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "purpose", "channel"], name="consent_state_once"),
        ]
        indexes = [
            models.Index(
                fields=["purpose", "channel", "contact"], condition=Q(status="granted"), name="consent_state_granted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.status} (#{self.pk})"


DERIVE_STATE = """
CREATE FUNCTION derive_consent_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contacts_consentstate (contact_id, purpose, channel, status, event_id)
    VALUES (NEW.contact_id, NEW.purpose, NEW.channel, NEW.status, NEW.id)
    ON CONFLICT (contact_id, purpose, channel) DO UPDATE SET status = EXCLUDED.status, event_id = EXCLUDED.event_id;
    RETURN NULL;
END $$;
CREATE TRIGGER contacts_consentevent_derive AFTER INSERT ON contacts_consentevent
    FOR EACH ROW EXECUTE FUNCTION derive_consent_state();
"""
DROP_DERIVE_STATE = """
DROP TRIGGER contacts_consentevent_derive ON contacts_consentevent;
DROP FUNCTION derive_consent_state();
"""

auditlog.register(
    ConsentEvent,
    include_fields=[
        "contact", "purpose", "channel", "status", "basis", "source", "source_ref", "text_version", "language", "at",
        "supersedes", "correction_reason",
    ],
    mask_fields=["correction_reason"],  # free text may name a person; the entry itself keeps it
)  # fmt: skip
