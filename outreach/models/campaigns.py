"""Mailings to exactly those who agreed (R-CMP-02, R-CMP-03): drafted by one person, approved by a second one."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.registry import auditlog
from contacts.choices import Category, Channel, Purpose
from contacts.models import ConsentEvent, Contact
from outbox.models import Message
from outreach.models.drafted import DraftedMailing, approval_constraints
from outreach.models.events import Event

SECOND_PERSON = _("A campaign must be approved by a second person.")
PURPOSE_OF = {
    Event.Kind.SEMINAR: Purpose.SEMINAR,
    Event.Kind.TRADE_MISSION: Purpose.TRADE_MISSION,
    Event.Kind.UPDATE: Purpose.GENERAL_INFORMATION,
}


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: Any) -> Self:
        """Nothing about a caller is in a campaign itself: the role decides. Its people are another matter."""
        return self.all() if user.has_perm("outreach.view_campaign") else self.none()


class Campaign(DraftedMailing):
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

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("event"))

    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True)
    categories = ArrayField(
        models.CharField(max_length=24, choices=Category), verbose_name=_("categories"), default=list, blank=True
    )
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("preferred languages"), default=list, blank=True
    )
    called_since = models.DateField(_("called since"), null=True, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)

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
            models.CheckConstraint(
                name="campaign_sending_says_since_when",
                condition=~Q(state__in=["sending", "done"]) | Q(released_at__isnull=False),
            ),
            *approval_constraints(
                "campaign",
                second_person=SECOND_PERSON,
                released=["approved", "sending", "paused", "done"],
                ended=["done", "cancelled"],
                list_needs=Q(listed__gt=0),
            ),
        ]

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
