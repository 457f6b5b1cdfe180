"""What we owe whom by when, and what became of it."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import Team, User
from access.selectors import holders_of
from audit.registry import auditlog
from contacts.choices import Channel, Purpose
from contacts.models import ConsentEvent, Contact
from followups.calendar import Step, is_late
from followups.reasons import say_reason
from i2a import clock
from outbox.models import Message

MOST_ATTEMPTS = 3


def overdue_at(now: datetime) -> Q:
    return Q(status=FollowUp.Status.OPEN, paused_at__isnull=True, due_at__lt=now)


def late_at(now: datetime) -> Q:
    return Q(status=FollowUp.Status.DONE, completed_at__gt=F("due_at")) | overdue_at(now)


class IsAmong(Func):
    """One of the keys in an array, which PostgreSQL fetches first: then an index leads to the rows."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = models.BooleanField()


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: Any) -> Self:
        """Follow-ups of contacts this user may know about; those without a contact belong to their team."""
        if not user.has_perm("followups.view_followup"):
            return self.none()
        without_contact = Q(contact__isnull=True)
        if not user.has_perm("followups.view_all_teams"):
            without_contact &= Q(team_id=user.team_id)
        visible_contact = Contact.objects.visible_to(user).filter(pk=OuterRef("contact_id"))
        return self.filter(without_contact | Exists(visible_contact))

    def open(self) -> Self:
        return self.filter(status=FollowUp.Status.OPEN)

    def overdue(self, now: datetime) -> Self:
        """Open, and late: who works on it can still do something."""
        return self.filter(overdue_at(now))

    def late(self, now: datetime) -> Self:
        """In SQL what `FollowUp.is_late` says in Python, for list and report alike (N10)."""
        return self.filter(late_at(now))

    def answerable(self, contact: Contact | None, user: Any) -> Self:
        """What a call of `user` with this contact can answer: what we owe them, and missed calls of nobody known."""
        missed = Q(contact__isnull=True, kind=FollowUp.Kind.CALL_BACK, team_id=user.team_id)
        return self.open().filter(missed | Q(contact=contact) if contact else missed)

    def assigned_to(self, user: Any) -> Self:
        return self.filter(assigned_to=user)

    def unassigned(self) -> Self:
        return self.filter(assigned_to__isnull=True)

    def left(self, now: datetime) -> Self:
        """Of somebody who may answer nothing any more: their role ended or was suspended, or their training ran out."""
        answering = holders_of("followups.change_followup", now).filter(pk=OuterRef("pk"))
        gone = User.objects.filter(
            ~Exists(answering), Exists(self.model.objects.open().filter(assigned_to=OuterRef("pk")))
        )
        return self.filter(IsAmong(F("assigned_to"), ArraySubquery(gone.values("pk"))))


class FollowUp(models.Model):
    """An answer we owe a caller, by phone or e-mail, within one business day (privacy scan, Background; R-FUP-02).

    `asked` is what the caller wants to know, in the specialist's words. `due_steps` says how `due_at` came about;
    changes of the calendar and pauses move `due_at`, never `original_due_at` (R-FUP-07). Whether the first promise was
    kept is frozen by the database itself (R-FUP-03).
    """

    class Kind(models.TextChoices):
        REPLY = "reply", _("Answer a question")
        VERIFY_EMAIL = "verify_email", _("Phone to verify e-mail address")
        FUTURE_CONTACT = "future_contact", _("Contact later")
        CALL_BACK = "call_back", _("Call back")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Method(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    asked = models.CharField(_("what they ask"), max_length=200, blank=True)
    number = models.CharField(_("number to call back"), max_length=16, blank=True)  # E.164, only while it is open
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("due"))
    original_due_at = models.DateTimeField(_("originally due"))
    due_steps = models.JSONField(default=list, blank=True)
    planned_on = models.DateField(_("planned for"), null=True, blank=True)  # a future contact's chosen day
    purpose = models.CharField(_("about"), max_length=20, choices=Purpose, blank=True)
    channel = models.CharField(_("by"), max_length=5, choices=Channel, blank=True)
    consent_event = models.ForeignKey(ConsentEvent, on_delete=models.PROTECT, null=True, related_name="+")
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    pause_reason = models.CharField(_("reason for pausing"), max_length=120, blank=True)
    alerted_at = models.DateTimeField(_("team lead told"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("manager told"), null=True, blank=True)
    attempts_made = models.PositiveSmallIntegerField(_("attempts"), default=0)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.OPEN)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    completed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    method = models.CharField(_("answered by"), max_length=5, choices=Method, blank=True)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)
    answer = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="+")  # the e-mail
    was_as_promised = models.GeneratedField(
        expression=Case(When(completed_at__isnull=False, then=Q(completed_at__lte=F("original_due_at"))), default=None),
        output_field=models.BooleanField(null=True),
        db_persist=True,
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.CharField(_("reason for cancelling"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = FollowUpQuerySet.as_manager()
    change_reason = ""  # for the audit of the next save only

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [
            models.Index(
                fields=["assigned_to", "due_at", "id"], name="follow_up_open_of_person", condition=Q(status="open")
            ),
            models.Index(fields=["team", "due_at", "id"], name="follow_up_open_of_team", condition=Q(status="open")),
            models.Index(fields=["due_at", "id"], name="follow_up_open", condition=Q(status="open")),
            models.Index(
                fields=["due_at", "id"],
                name="follow_up_unassigned",
                condition=Q(status="open", assigned_to__isnull=True),
            ),
            models.Index(
                fields=["due_at", "id"], name="follow_up_paused", condition=Q(status="open", paused_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="follow_up_kind_known",
                condition=Q(kind__in=["reply", "verify_email", "future_contact", "call_back"]),
            ),
            models.CheckConstraint(
                name="follow_up_status_known", condition=Q(status__in=["open", "done", "cancelled"])
            ),
            models.CheckConstraint(
                name="follow_up_number_only_to_call_back",
                condition=Q(number="") | Q(kind="call_back", status="open"),
            ),
            models.CheckConstraint(name="follow_up_method_known", condition=Q(method__in=["", "phone", "email"])),
            models.CheckConstraint(
                name="follow_up_done_says_how",
                condition=~Q(status="done") | (Q(completed_at__isnull=False) & ~Q(method="") & ~Q(outcome="")),
                violation_error_message=_("Record how the client was answered."),
            ),
            models.CheckConstraint(
                name="follow_up_only_done_is_completed",
                condition=Q(status="done")
                | Q(completed_at__isnull=True, completed_by__isnull=True, method="", outcome=""),
                violation_error_message=_("Only a follow-up that is done can say how the client was answered."),
            ),
            models.CheckConstraint(
                name="follow_up_cancelled_says_why",
                condition=~Q(status="cancelled") | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                violation_error_message=_("Say why the follow-up is cancelled."),
            ),
            models.CheckConstraint(
                name="follow_up_future_contact_is_planned",
                condition=Q(
                    kind="future_contact",
                    planned_on__isnull=False,
                    consent_event__isnull=False,
                    purpose__in=Purpose.values,
                    channel__in=Channel.values,
                )
                | (~Q(kind="future_contact") & Q(planned_on__isnull=True, purpose="", channel="")),
                violation_error_message=_("A later contact needs a day, a subject and the agreement it rests on."),
            ),
            models.CheckConstraint(
                name="follow_up_paused_while_open",
                condition=Q(paused_at__isnull=True, pause_reason="")
                | (Q(status="open", paused_at__isnull=False) & ~Q(pause_reason="")),
                violation_error_message=_("Say why the clock stops."),
            ),
            models.CheckConstraint(
                name="follow_up_answer_is_an_email",
                condition=Q(answer__isnull=True) | Q(status="done", method="email"),
            ),
            models.CheckConstraint(name="follow_up_at_most_three_attempts", condition=Q(attempts_made__lte=3)),
            models.CheckConstraint(
                name="follow_up_due_after_reception",
                condition=Q(due_at__gt=F("received_at"), original_due_at__gt=F("received_at")),
                violation_error_message=_("An answer cannot be due before the question was received."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("followups:detail", args=[self.uid])

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_moved(self) -> bool:
        """A pause or the calendar changed the due time after it was promised."""
        return self.due_at != self.original_due_at

    @property
    def may_try_again(self) -> bool:
        return self.attempts_made < MOST_ATTEMPTS

    @property
    def is_by_phone(self) -> bool:
        """Whether a call answers it: a later contact keeps to the channel they agreed to."""
        return self.channel != Channel.EMAIL

    @property
    def is_by_email(self) -> bool:
        return self.channel != Channel.PHONE and self.kind != self.Kind.VERIFY_EMAIL

    def is_late(self, now: datetime) -> bool:
        """The one answer, for list, clock and report: it was answered late, or time is over and it still is not."""
        if self.status == self.Status.DONE:
            assert self.completed_at is not None  # by constraint
            return is_late(self.due_at, self.completed_at)
        return self.is_open and self.paused_at is None and is_late(self.due_at, now)

    def get_additional_data(self) -> dict[str, str] | None:
        """What auditlog keeps beside the changes: why, where the reason is not a person's."""
        return {"reason": self.change_reason} if self.change_reason else None

    @property
    def due_reason(self) -> str:
        """Why it is due then, in the language of the page (N9)."""
        return say_reason([Step.from_json(row) for row in self.due_steps])


auditlog.register(
    FollowUp,
    include_fields=[
        "contact", "team", "assigned_to", "kind", "asked", "number", "received_at", "due_at", "original_due_at",
        "status", "completed_at", "completed_by", "method", "outcome", "answer", "cancelled_at", "cancelled_by",
        "cancel_reason", "planned_on", "purpose", "channel", "consent_event", "paused_at", "pause_reason",
        "attempts_made", "alerted_at", "escalated_at",
    ],
    mask_fields=["asked", "number", "outcome", "cancel_reason", "pause_reason"],  # free text may name a person
)  # fmt: skip
