"""One record per call (R-CAL-01)."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import Team, User
from audit.registry import auditlog
from calls.choices import (
    CallingFor,
    CallStatus,
    Direction,
    EconomicRegion,
    FollowUpDecision,
    Heard,
    Interest,
    Service,
    SurveyNotice,
    TopicSource,
)
from calls.models.lists import Choice, Occupation, Question, ReferralAgency, Script, Topic
from contacts.choices import Category, FutureContactAnswer, ThirdPartyKind
from contacts.models import Contact, Note, TextVersion
from followups.models import FollowUp
from i2a import clock
from outbox.models import Message
from outreach.models import Event


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, user: Any) -> Self:
        """Calls of contacts one may see; calls nobody is known of stay with their team."""
        if not user.has_perm("calls.view_call"):
            return self.none()
        anonymous = Q(contact__isnull=True)
        if not user.has_perm("calls.view_all_teams"):
            anonymous &= Q(team_id=user.team_id)
        visible = Contact.objects.visible_to(user).filter(pk=OuterRef("contact_id"))  # `in` would read all of them
        return self.filter(anonymous | Exists(visible))

    def active(self) -> Self:
        """What counts in statistics: a voided call stays readable and counts nowhere."""
        return self.filter(status=CallStatus.ACTIVE)

    def started_between(self, start: datetime, end: datetime) -> Self:
        """Half-open: [start, end)."""
        return self.filter(started_at__gte=start, started_at__lt=end)


class Call(models.Model):
    """A call, with or without a known caller. Never deleted; a team lead may void it with a reason.

    `form_uuid` makes a double submit one row. `stat_…` describe the caller or the person represented, for statistics.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("reference"), max_length=20, unique=True)
    form_uuid = models.UUIDField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    specialist = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calls")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"))
    is_outside_hours = models.BooleanField(_("outside hours"), default=False)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    calling_for = models.CharField(_("calling for"), max_length=10, choices=CallingFor)
    category = models.CharField(_("category"), max_length=24, choices=Category)
    third_party_kind = models.CharField(max_length=12, choices=ThirdPartyKind, blank=True)
    category_other = models.CharField(max_length=80, blank=True)

    announcement_heard = models.CharField(max_length=8, choices=Heard, default=Heard.UNKNOWN)
    welcome_text = models.ForeignKey(TextVersion, on_delete=models.PROTECT, null=True, related_name="+")
    recording_text = models.ForeignKey(TextVersion, on_delete=models.PROTECT, null=True, related_name="+")
    is_notice_spoken = models.BooleanField(_("notice spoken"), default=False)
    has_objected = models.BooleanField(_("objected to recording"), default=False)
    is_recorded = models.BooleanField(_("recorded"), default=False)
    recording_ref = models.CharField(_("recording reference"), max_length=80, blank=True)
    recording_purge_on = models.DateField(null=True, blank=True)

    script = models.ForeignKey(Script, on_delete=models.PROTECT, null=True, related_name="+")
    stat_citizenship = models.CharField(_("citizenship"), max_length=2, blank=True)
    stat_origin = models.CharField(_("country of origin"), max_length=2, blank=True)
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    region_wanted = models.CharField(_("region wanted"), max_length=4, choices=EconomicRegion, blank=True)

    follow_up_decision = models.CharField(max_length=8, choices=FollowUpDecision)
    follow_up = models.OneToOneField(FollowUp, on_delete=models.PROTECT, null=True, related_name="raised_by")
    answers_follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, null=True, related_name="answered_by")
    future_contact_answer = models.CharField(max_length=10, choices=FutureContactAnswer, blank=True)
    future_contact_reason = models.CharField(max_length=120, blank=True)
    survey_notice = models.CharField(max_length=12, choices=SurveyNotice, blank=True)
    survey_notice_text = models.ForeignKey(TextVersion, on_delete=models.PROTECT, null=True, related_name="+")
    survey_notice_reason = models.CharField(max_length=120, blank=True)
    note = models.OneToOneField(Note, on_delete=models.PROTECT, null=True, related_name="call")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="call")

    status = models.CharField(max_length=8, choices=CallStatus, default=CallStatus.ACTIVE)
    void_reason = models.CharField(max_length=200, blank=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["started_at"], name="call_started"),
            models.Index(fields=["specialist", "-started_at", "-id"], name="call_of_specialist"),
            models.Index(fields=["contact", "-started_at", "-id"], name="call_of_contact"),
            models.Index(fields=["team", "-started_at", "-id"], name="call_of_team"),
            models.Index(fields=["category", "started_at"], name="call_by_category"),
            models.Index(fields=["stat_origin", "started_at"], name="call_by_origin"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["specialist", "form_uuid"], name="call_once_per_form"),
            models.CheckConstraint(name="call_direction_known", condition=Q(direction__in=Direction.values)),
            models.CheckConstraint(name="call_calling_for_known", condition=Q(calling_for__in=CallingFor.values)),
            models.CheckConstraint(name="call_category_known", condition=Q(category__in=Category.values)),
            models.CheckConstraint(name="call_heard_known", condition=Q(announcement_heard__in=Heard.values)),
            models.CheckConstraint(
                name="call_ends_after_start",
                condition=Q(ended_at__gte=F("started_at")),
                violation_error_message=_("A call cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="call_other_category_described",
                condition=~Q(category=Category.OTHER) | ~Q(category_other=""),
                violation_error_message=_("Describe the category in a few words."),
            ),
            models.CheckConstraint(
                name="call_third_party_kind_fits",
                condition=Q(third_party_kind="") | Q(category=Category.THIRD_PARTY),
            ),
            models.CheckConstraint(  # INV-16
                name="call_recorded_only_with_notice",
                condition=Q(is_recorded=False)
                | ((Q(announcement_heard=Heard.YES) | Q(is_notice_spoken=True)) & Q(has_objected=False)),
                violation_error_message=_(
                    "A call may be marked as recorded only if the caller heard the recording announcement and did not "
                    "object."
                ),
            ),
            models.CheckConstraint(  # INV-16
                name="call_recording_ref_only_when_recorded", condition=Q(is_recorded=True) | Q(recording_ref="")
            ),
            models.CheckConstraint(  # INV-15, as a CHECK (design §2)
                name="call_follow_up_iff_needed",
                condition=Q(follow_up_decision=FollowUpDecision.NEEDED, follow_up__isnull=False)
                | Q(follow_up_decision=FollowUpDecision.NONE, follow_up__isnull=True),
                violation_error_message=_(
                    "This call is marked 'No follow-up action is to be taken'. Change the call first."
                ),
            ),
            models.CheckConstraint(
                name="call_void_says_why",
                condition=Q(status=CallStatus.ACTIVE) | (~Q(void_reason="") & Q(voided_at__isnull=False)),
                violation_error_message=_("A reason is required to void a call."),
            ),
            models.CheckConstraint(
                name="call_not_asked_says_why",
                condition=~Q(future_contact_answer=FutureContactAnswer.NOT_ASKED) | ~Q(future_contact_reason=""),
                violation_error_message=_("Say why the client was not asked."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("calls:detail", args=[self.uid])

    @property
    def duration_seconds(self) -> int:
        return int((self.ended_at - self.started_at).total_seconds())


class CallTopic(models.Model):
    """A topic asked about, and whose information answered it."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="topics")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    description = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=16, choices=TopicSource, default=TopicSource.DEPARTMENT)
    agency = models.ForeignKey(ReferralAgency, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "topic"], name="call_topic_once"),
            models.CheckConstraint(
                name="call_topic_source_names_agency",
                condition=Q(source=TopicSource.DEPARTMENT) | Q(agency__isnull=False),
                violation_error_message=_("Choose the government or agency the information came from."),
            ),
        ]

    def __str__(self) -> str:
        return f"Topic of call {self.call_id} (#{self.pk})"


class CallService(models.Model):
    """A service provided on a call."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="services")
    service = models.CharField(max_length=16, choices=Service)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "service"], name="call_service_once"),
            models.CheckConstraint(name="call_service_known", condition=Q(service__in=Service.values)),
        ]

    def __str__(self) -> str:
        return f"Service of call {self.call_id} (#{self.pk})"


class CallEvent(models.Model):
    """A seminar or trade mission that was discussed. Internal; not consent (R-CAL-10)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="events")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    interest = models.CharField(max_length=12, choices=Interest)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "event"], name="call_event_once")]

    def __str__(self) -> str:
        return f"Event on call {self.call_id} (#{self.pk})"


class Answer(models.Model):
    """The coded answer to a question of the script (R-CAL-03)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    choice = models.ForeignKey(Choice, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "question"], name="answer_once_per_question")]

    def __str__(self) -> str:
        return f"Answer on call {self.call_id} (#{self.pk})"


auditlog.register(
    Call,
    include_fields=[
        "ref", "team", "specialist", "contact", "started_at", "ended_at", "direction", "calling_for", "category",
        "third_party_kind", "announcement_heard", "is_recorded", "has_objected", "stat_citizenship", "stat_origin",
        "occupation", "region_wanted", "follow_up_decision", "follow_up", "answers_follow_up", "future_contact_answer",
        "survey_notice", "note", "message", "status", "void_reason", "voided_by",
    ],
)  # fmt: skip
auditlog.register(CallTopic, include_fields=["call", "topic", "source", "agency"])
auditlog.register(CallService, include_fields=["call", "service"])
auditlog.register(CallEvent, include_fields=["call", "event", "interest"])
auditlog.register(Answer, include_fields=["call", "question", "choice"])
