"""Who decided who sees a contact, and who asked to (R-CON-11). What was granted stands in `access.ObjectGrant`."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from access.models import ObjectGrant, Team, User
from audit.registry import auditlog
from contacts.choices import Sensitivity
from contacts.models.contact import Contact


class AccessDecision(models.Model):
    """A contact was restricted, opened to its team again, or given to another team; with the reason. Append-only."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="access_decisions")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    team_before = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    sensitivity_before = models.CharField(max_length=12, choices=Sensitivity)
    sensitivity = models.CharField(max_length=12, choices=Sensitivity)

    class Meta:
        indexes = [models.Index(fields=["contact", "-at"], name="access_decision_of_contact")]
        constraints = [
            models.CheckConstraint(
                name="access_decision_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say why. The people who may see the record can read it."),
            ),
        ]

    def __str__(self) -> str:
        return f"Access decision (#{self.pk})"

    @property
    def summary(self) -> str:
        """One line: "Moved from Phone to Trade Missions, restricted"."""
        done: list[Any] = []
        if self.team_before_id != self.team_id:
            done.append(_("moved from %(before)s to %(after)s") % {"before": self.team_before, "after": self.team})
        if self.sensitivity_before != self.sensitivity:
            is_restricted = self.sensitivity == Sensitivity.RESTRICTED
            done.append(_("restricted") if is_restricted else _("opened to the team"))
        return capfirst(", ".join(map(str, done)) or str(_("people changed")))


class RecordRequestQuerySet(models.QuerySet["RecordRequest"]):
    def visible_to(self, user: Any) -> Self:
        """One's own, and those about records whose access one decides on."""
        return self.filter(Q(asked_by=user) | Q(contact__in=Contact.objects.governed_by(user, "contacts.grant_access")))

    def to_decide(self, user: Any) -> Self:
        """Open requests of others that wait for this user."""
        governed = Contact.objects.governed_by(user, "contacts.grant_access")
        return self.open().filter(contact__in=governed).exclude(asked_by=user)

    def open(self) -> Self:
        return self.filter(status=RecordRequest.Status.OPEN)


class RecordRequest(models.Model):
    """Somebody who may not see a contact asks to, or tells its team something. Neither says whose record it is."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("Asks to see the record")
        NOTICE = "notice", _("Tells the team something")
        CALL = "call", _("Logged a call for the team")

    class Status(models.TextChoices):
        OPEN = "open", _("Waiting")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        SEEN = "seen", _("Seen")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="record_requests")
    asked_at = models.DateTimeField(_("asked"))
    reason = models.CharField(_("reason"), max_length=200)
    source_ref = models.CharField(_("call"), max_length=20, blank=True)  # a call's reference; its app is above this one
    status = models.CharField(_("state"), max_length=8, choices=Status, default=Status.OPEN)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    grant = models.OneToOneField(ObjectGrant, on_delete=models.PROTECT, null=True, related_name="request")

    objects = RecordRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="record_request_of_person"),
            models.Index(fields=["contact"], name="record_request_open", condition=Q(status="open")),
        ]
        constraints = [
            models.CheckConstraint(
                name="record_request_kind_known", condition=Q(kind__in=["access", "notice", "call"])
            ),
            models.CheckConstraint(
                name="record_request_status_known", condition=Q(status__in=["open", "granted", "refused", "seen"])
            ),
            models.CheckConstraint(
                name="record_request_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say why you need it. The team that owns the record decides."),
            ),
            models.UniqueConstraint(
                fields=["contact", "asked_by"],
                name="record_request_one_open",
                condition=Q(status="open", kind="access"),
                violation_error_message=_("You asked for this already. It waits for an answer."),
            ),
            models.CheckConstraint(
                name="record_request_granted_has_grant",
                condition=Q(status="granted", kind="access", grant__isnull=False)
                | (~Q(status="granted") & Q(grant__isnull=True)),
            ),
            models.CheckConstraint(
                name="record_request_refusal_says_why",
                condition=~Q(status="refused") | ~Q(answer=""),
                violation_error_message=_("Say why you refuse."),
            ),
            models.CheckConstraint(
                name="record_request_answered_by_another",
                condition=Q(status="open", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(status="open") & Q(answered_at__isnull=False) & ~Q(answered_by=F("asked_by"))),
                violation_error_message=_("Somebody else decides about your own request."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("contacts:request", args=[self.uid])


auditlog.register(
    AccessDecision,
    include_fields=["contact", "at", "by", "reason", "team_before", "team", "sensitivity_before", "sensitivity"],
    mask_fields=["reason"],  # free text may name a person
)
auditlog.register(
    RecordRequest,
    include_fields=[
        "contact", "kind", "asked_by", "asked_at", "reason", "source_ref", "status", "answered_by", "answered_at",
        "answer", "grant",
    ],
    mask_fields=["reason", "answer"],
)  # fmt: skip
