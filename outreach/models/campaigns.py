"""Mailings to exactly those who agreed (R-CMP-02, R-CMP-03): drafted by one person, approved by a second one."""

import uuid
from typing import Any, Self

from auditlog.registry import auditlog
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from access.models import User
from contacts.choices import Category, Channel, Purpose
from contacts.models import ConsentEvent, Contact
from i2a import clock
from outbox.models import Message
from outreach.models.events import Event

SECOND_PERSON = _("A campaign must be approved by a second person.")
PURPOSE_OF = {
    Event.Kind.SEMINAR: Purpose.SEMINAR,
    Event.Kind.TRADE_MISSION: Purpose.TRADE_MISSION,
    Event.Kind.UPDATE: Purpose.GENERAL_INFORMATION,
}
LISTED = ["asked", "approved", "sending", "paused", "done"]
RELEASABLE = ["approved", "sending", "paused", "done"]


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: Any) -> Self:
        """Nothing about a caller is in a campaign itself: the role decides. Its people are another matter."""
        return self.all() if user.has_perm("outreach.view_campaign") else self.none()


class Campaign(models.Model):
    """An invitation to `event`, or news, for those who agreed to hear of its kind.

    `countries` (of residence, else of origin), `categories` and `languages` choose among them; empty means all. Nothing
    here chooses by citizenship. `send_on` and `send_at` are what the clocks of Edmonton show.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASKED = "asked", _("Waits for approval")
        APPROVED = "approved", _("Scheduled")
        SENDING = "sending", _("Being sent")
        PAUSED = "paused", _("Paused")
        DONE = "done", pgettext_lazy("campaign", "Sent")
        CANCELLED = "cancelled", pgettext_lazy("campaign", "Cancelled")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("reference"), max_length=20, unique=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("event"))
    title = models.CharField(_("title, for colleagues"), max_length=160)

    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True)
    categories = ArrayField(
        models.CharField(max_length=24, choices=Category), verbose_name=_("categories"), default=list, blank=True
    )
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("preferred languages"), default=list, blank=True
    )
    called_since = models.DateField(_("called since"), null=True, blank=True)

    subject_en = models.CharField(_("subject in English"), max_length=200, blank=True)
    text_en = models.TextField(_("text in English"), max_length=5000, blank=True)
    subject_fr = models.CharField(_("subject in French"), max_length=200, blank=True)
    text_fr = models.TextField(_("text in French"), max_length=5000, blank=True)

    send_on = models.DateField(_("day"), null=True, blank=True)
    send_at = models.TimeField(_("time"), null=True, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")  # of the words and the choices
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
    version = models.PositiveIntegerField(default=1)
    form_uuid = models.UUIDField(null=True, unique=True, editable=False)  # the same form sent twice makes one campaign

    objects = CampaignQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="campaign_recent"),
            models.Index(
                fields=["send_on"], name="campaign_going_on", condition=Q(state__in=["approved", "sending", "paused"])
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="campaign_state_known",
                condition=Q(state__in=["draft", "asked", "approved", "sending", "paused", "done", "cancelled"]),
            ),
            models.CheckConstraint(  # INV-12
                name="campaign_approved_by_a_second_person",
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("created_by")) & ~Q(approved_by=F("changed_by")) & ~Q(approved_by=F("asked_by"))),
                violation_error_message=SECOND_PERSON,
            ),
            models.CheckConstraint(
                name="campaign_draft_has_no_list",
                condition=~Q(state="draft")
                | Q(asked_at__isnull=True, approved_at__isnull=True, list_sha256="", listed=0),
            ),
            models.CheckConstraint(
                name="campaign_asked_with_a_list",
                condition=~Q(state__in=LISTED)
                | (
                    Q(asked_at__isnull=False, asked_by__isnull=False, send_on__isnull=False, send_at__isnull=False)
                    & Q(listed__gt=0)
                    & ~Q(list_sha256="")
                ),
            ),
            models.CheckConstraint(
                name="campaign_approved_says_who",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True) & ~Q(state__in=RELEASABLE)
                | Q(approved_at__isnull=False, approved_by__isnull=False) & Q(state__in=[*RELEASABLE, "cancelled"]),
            ),
            models.CheckConstraint(
                name="campaign_sending_says_since_when",
                condition=~Q(state__in=["sending", "done"]) | Q(released_at__isnull=False),
            ),
            models.CheckConstraint(
                name="campaign_ended_says_when",
                condition=Q(state__in=["done", "cancelled"], ended_at__isnull=False)
                | Q(ended_at__isnull=True) & ~Q(state__in=["done", "cancelled"]),
            ),
            models.CheckConstraint(
                name="campaign_cancelled_says_why",
                condition=~Q(state="cancelled") | ~Q(ended_because=""),
                violation_error_message=_("Say why it is cancelled."),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("campaigns:campaign", args=[self.uid])

    @property
    def purpose(self) -> Purpose:
        """What somebody must have agreed to."""
        return PURPOSE_OF[Event.Kind(self.event.kind)]

    @property
    def kind(self) -> Message.Kind:
        return Message.Kind(self.purpose.value)

    @property
    def mailing(self) -> str:
        """What outbox knows all its messages by."""
        return f"campaign:{self.ref}"

    @property
    def ended_text(self) -> str:
        """Why it ended, in the reader's language."""
        said = {
            "event started": _("The event has started; remaining invitations were cancelled."),
            "event cancelled": _("The event was cancelled; remaining invitations were cancelled."),
        }
        return str(said.get(self.ended_because, self.ended_because))

    @property
    def has_list(self) -> bool:
        """Its people are chosen; nobody is added any more."""
        return bool(self.list_sha256)


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(contact__in=Contact.objects.visible_to(user))

    def standing(self) -> Self:
        """Whose agreement is still the one they were put on the list for, and by the address it was given for."""
        return self.filter(
            contact__consent_states__channel=Channel.EMAIL,
            contact__consent_states__event=F("consent_event"),
            contact__email_fingerprint=F("email_fingerprint"),
        )


class Recipient(models.Model):
    """One person on the list of a campaign, as it was when approval was asked for. One statement writes them all.

    `reason`: why they get nothing although they are on it, found when the campaign was released.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="recipients", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="campaign_recipients")
    email_fingerprint = models.CharField(max_length=64)
    consent_event = models.ForeignKey(ConsentEvent, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(_("reason"), max_length=120, blank=True, default="", db_default="")

    objects = RecipientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "contact"], name="recipient_once"),  # INV-11
            models.UniqueConstraint(fields=["campaign", "email_fingerprint"], name="recipient_once_per_address"),
        ]

    def __str__(self) -> str:
        return f"Recipient (#{self.pk})"


auditlog.register(
    Campaign,
    include_fields=[
        "ref", "event", "title", "countries", "categories", "languages", "called_since", "subject_en", "text_en",
        "subject_fr", "text_fr", "send_on", "send_at", "state", "asked_by", "list_sha256", "listed",
        "sent_back_because", "approved_by", "released_at", "ended_because",
    ],
)  # fmt: skip
