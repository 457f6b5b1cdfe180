"""A survey of the service (R-SRV-01 to R-SRV-04): drafted by one person, approved by a second one, like a campaign."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.registry import auditlog
from calls.choices import Service
from contacts.choices import Category
from i2a.language import is_french
from outbox.models import Message, Reason
from outreach.models import DraftedMailing, approval_constraints

SECOND_PERSON = _("A survey must be approved by a second person.")


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: Any) -> Self:
        """Nothing about a caller is in a survey itself: the role decides. Its people are another matter."""
        return self.all() if user.has_perm("surveys.view_survey") else self.none()


class Survey(DraftedMailing):
    """Questions in English and French, and the choice of who is asked.

    Invited are people told about surveys at first contact who agreed to them and called from `called_from` to
    `called_to`; `categories`, `topics`, `services` and `channels` choose among their calls, empty means all. `send_on`
    and `send_at` are what the clocks of Edmonton show; it closes at the end of `closes_on`, there. A published survey
    changes only by a new version: `previous` is the one before, `edition` counts.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASKED = "asked", _("Waits for approval")
        APPROVED = "approved", _("Scheduled")
        OPEN = "open", pgettext_lazy("survey", "Open")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", pgettext_lazy("survey", "Closed")
        CANCELLED = "cancelled", pgettext_lazy("survey", "Cancelled")

    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="next_versions")
    edition = models.PositiveSmallIntegerField(_("version"), default=1)

    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    intro_en = models.TextField(_("introduction in English"), max_length=1000, blank=True)
    intro_fr = models.TextField(_("introduction in French"), max_length=1000, blank=True)

    called_from = models.DateField(_("called from"), null=True, blank=True)
    called_to = models.DateField(_("called to"), null=True, blank=True)
    categories = ArrayField(
        models.CharField(max_length=24, choices=Category), verbose_name=_("categories"), default=list, blank=True
    )
    topics = ArrayField(models.BigIntegerField(), verbose_name=_("topics"), default=list, blank=True)  # keys of Topic
    services = ArrayField(
        models.CharField(max_length=16, choices=Service), verbose_name=_("services"), default=list, blank=True
    )
    channels = ArrayField(models.CharField(max_length=8), verbose_name=_("channels"), default=list, blank=True)

    remind_after = models.PositiveSmallIntegerField(_("days until the reminder"), null=True, blank=True)  # None: none
    closes_on = models.DateField(_("closes on"), null=True, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    reminded_at = models.DateTimeField(_("reminder began to leave"), null=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="survey_recent"),
            models.Index(
                fields=["send_on"], name="survey_going_on", condition=Q(state__in=["approved", "open", "paused"])
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["previous"], name="survey_one_next_version", condition=~Q(state="cancelled")
            ),
            models.CheckConstraint(
                name="survey_state_known",
                condition=Q(state__in=["draft", "asked", "approved", "open", "paused", "closed", "cancelled"]),
            ),
            models.CheckConstraint(
                name="survey_period_runs_forward",
                condition=Q(called_from__isnull=True) | Q(called_to__isnull=True) | Q(called_from__lte=F("called_to")),
                violation_error_message=_("The period must end after it begins."),
            ),
            models.CheckConstraint(
                name="survey_closes_after_it_opens",
                condition=Q(closes_on__isnull=True) | Q(send_on__isnull=True) | Q(closes_on__gt=F("send_on")),
                violation_error_message=_("It would close before it opens. Choose a later day."),
            ),
            models.CheckConstraint(
                name="survey_open_says_since_when",
                condition=~Q(state__in=["open", "closed"]) | Q(released_at__isnull=False),
            ),
            *approval_constraints(
                "survey",
                second_person=SECOND_PERSON,
                released=["approved", "open", "paused", "closed"],
                ended=["closed", "cancelled"],
                list_needs=Q(closes_on__isnull=False, listed__gt=0),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("surveys:survey", args=[self.uid])

    @property
    def name(self) -> str:
        """What the people asked call it, in the reader's language."""
        return (is_french() and self.name_fr) or self.name_en

    @property
    def intro(self) -> str:
        """What they read above the first question."""
        return (is_french() and self.intro_fr) or self.intro_en

    @property
    def kind(self) -> Message.Kind:
        return Message.Kind.SURVEY

    @property
    def mailing(self) -> str:
        """What outbox knows its invitations by."""
        return f"survey:{self.ref}"

    @property
    def reminder(self) -> str:
        """What outbox knows its reminders by."""
        return f"survey-reminder:{self.ref}"

    @property
    def ended_text(self) -> str:
        """Why it ended, in the reader's language."""
        never_opened = self.ended_because == Reason.SURVEY_CLOSED
        return str(_("Its last day was over before it opened.")) if never_opened else self.ended_because


auditlog.register(
    Survey,
    include_fields=[
        "ref", "previous", "edition", "title", "name_en", "name_fr", "intro_en", "intro_fr", "called_from", "called_to",
        "categories", "topics", "services", "channels", "subject_en", "text_en", "subject_fr", "text_fr", "send_on",
        "send_at", "remind_after", "closes_on", "state", "asked_by", "list_sha256", "listed", "sent_back_because",
        "approved_by", "released_at", "reminded_at", "ended_because",
    ],
)  # fmt: skip
