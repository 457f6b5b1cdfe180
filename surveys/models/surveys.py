"""A survey of the service (R-SRV-01 to R-SRV-04): drafted by one person, approved by a second one, like a campaign."""

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
from calls.choices import Service
from contacts.choices import Category
from i2a import clock
from i2a.language import is_french
from outbox.models import Message, Reason

SECOND_PERSON = _("A survey must be approved by a second person.")
LISTED = ["asked", "approved", "open", "paused", "closed"]
RELEASABLE = ["approved", "open", "paused", "closed"]


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: Any) -> Self:
        """Nothing about a caller is in a survey itself: the role decides. Its people are another matter."""
        return self.all() if user.has_perm("surveys.view_survey") else self.none()


class Survey(models.Model):
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

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("reference"), max_length=20, unique=True)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="next_versions")
    edition = models.PositiveSmallIntegerField(_("version"), default=1)

    title = models.CharField(_("title, for colleagues"), max_length=160)
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

    subject_en = models.CharField(_("subject in English"), max_length=200, blank=True)
    text_en = models.TextField(_("text in English"), max_length=5000, blank=True)
    subject_fr = models.CharField(_("subject in French"), max_length=200, blank=True)
    text_fr = models.TextField(_("text in French"), max_length=5000, blank=True)

    send_on = models.DateField(_("day"), null=True, blank=True)
    send_at = models.TimeField(_("time"), null=True, blank=True)
    remind_after = models.PositiveSmallIntegerField(_("days until the reminder"), null=True, blank=True)  # None: none
    closes_on = models.DateField(_("closes on"), null=True, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")  # of words, questions, choices
    asked_at = models.DateTimeField(_("asked for approval"), null=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    list_sha256 = models.CharField(_("fingerprint of the list"), max_length=64, blank=True)
    listed = models.PositiveIntegerField(_("people on the list"), default=0)
    sent_back_because = models.CharField(_("why it was sent back"), max_length=200, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("began to leave"), null=True)
    reminded_at = models.DateTimeField(_("reminder began to leave"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_because = models.CharField(_("why it ended"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)  # for two who save at once; `edition` is what people call version
    form_uuid = models.UUIDField(null=True, unique=True, editable=False)  # the same form sent twice makes one survey

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
            models.CheckConstraint(  # INV-12
                name="survey_approved_by_a_second_person",
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("created_by")) & ~Q(approved_by=F("changed_by")) & ~Q(approved_by=F("asked_by"))),
                violation_error_message=SECOND_PERSON,
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
                name="survey_draft_has_no_list",
                condition=~Q(state="draft")
                | Q(asked_at__isnull=True, approved_at__isnull=True, list_sha256="", listed=0),
            ),
            models.CheckConstraint(
                name="survey_asked_with_a_list",
                condition=~Q(state__in=LISTED)
                | (
                    Q(asked_at__isnull=False, asked_by__isnull=False, send_on__isnull=False, send_at__isnull=False)
                    & Q(closes_on__isnull=False, listed__gt=0)
                    & ~Q(list_sha256="")
                ),
            ),
            models.CheckConstraint(
                name="survey_approved_says_who",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True) & ~Q(state__in=RELEASABLE)
                | Q(approved_at__isnull=False, approved_by__isnull=False) & Q(state__in=[*RELEASABLE, "cancelled"]),
            ),
            models.CheckConstraint(
                name="survey_open_says_since_when",
                condition=~Q(state__in=["open", "closed"]) | Q(released_at__isnull=False),
            ),
            models.CheckConstraint(
                name="survey_ended_says_when",
                condition=Q(state__in=["closed", "cancelled"], ended_at__isnull=False)
                | Q(ended_at__isnull=True) & ~Q(state__in=["closed", "cancelled"]),
            ),
            models.CheckConstraint(
                name="survey_cancelled_says_why",
                condition=~Q(state="cancelled") | ~Q(ended_because=""),
                violation_error_message=_("Say why it is cancelled."),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

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

    @property
    def has_list(self) -> bool:
        """Its people are chosen; nobody is added any more, but by phone."""
        return bool(self.list_sha256)


auditlog.register(
    Survey,
    include_fields=[
        "ref", "previous", "edition", "title", "name_en", "name_fr", "intro_en", "intro_fr", "called_from", "called_to",
        "categories", "topics", "services", "channels", "subject_en", "text_en", "subject_fr", "text_fr", "send_on",
        "send_at", "remind_after", "closes_on", "state", "asked_by", "list_sha256", "listed", "sent_back_because",
        "approved_by", "released_at", "reminded_at", "ended_because",
    ],
)  # fmt: skip
