"""A role: asked for, authorised by the owner, executed by the administrator, held for a time (R-ACC-01, R-ACC-02)."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models.people import Team, User
from access.roles import OF_POWER, Role
from audit.registry import auditlog

ENDS_AFTER_START = Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at"))
END_BEFORE_START = _("Access must end after it starts.")
NOT_ONESELF = _("You cannot authorise your own access.")
NOT_AUTHORISED = _("The system owner has not authorised this access.")
HELD_ALREADY = _("This user already holds this role in that period.")
THREE_PEOPLE = _("This role takes three different people: one asks, one authorises, one executes.")


def period() -> Func:
    boundary = RangeBoundary()  # [from, until)
    return Func(F("starts_at"), F("ends_at"), boundary, function="TSTZRANGE", output_field=DateTimeRangeField())


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def open(self) -> Self:
        return self.filter(status__in=[AccessRequest.Status.REQUESTED, AccessRequest.Status.AUTHORISED])

    def visible_to(self, user: Any) -> Self:
        """Those who keep the register see all of them, others those they asked for and those about themselves."""
        if user.has_perm("access.view_whole_register"):
            return self.all()
        return self.filter(Q(requested_by=user) | Q(user=user))


class AccessRequest(models.Model):
    """Somebody asks that a person gets a role. Nothing takes effect before it is executed."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Waits for the owner")
        AUTHORISED = "authorised", _("Waits for the administrator")
        REFUSED = "refused", _("Refused")
        EXECUTED = "executed", _("Executed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_uuid = models.UUIDField(default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_requests")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.REQUESTED)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requests_made")
    requested_at = models.DateTimeField(_("asked"))
    authorised_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    authorised_at = models.DateTimeField(_("authorised or refused"), null=True, blank=True)
    refusal = models.CharField(_("why it was refused"), max_length=200, blank=True)
    executed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    executed_at = models.DateTimeField(_("executed"), null=True, blank=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requested_by", "form_uuid"], name="access_request_once_per_form"),
            models.CheckConstraint(name="access_request_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="access_request_status_known",
                condition=Q(status__in=["requested", "authorised", "refused", "executed", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="access_request_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say why this access is needed."),
            ),
            models.CheckConstraint(
                name="access_request_ends_after_start",
                condition=ENDS_AFTER_START,
                violation_error_message=END_BEFORE_START,
            ),
            models.CheckConstraint(
                name="access_request_authorised_by_another",
                condition=Q(authorised_by__isnull=True) | ~Q(authorised_by=F("user")),
                violation_error_message=NOT_ONESELF,
            ),
            models.CheckConstraint(
                name="access_request_executed_by_another",
                condition=Q(executed_by__isnull=True) | ~Q(executed_by=F("user")),
                violation_error_message=_("You cannot execute your own access."),
            ),
            models.CheckConstraint(
                name="access_request_owner_does_not_execute",
                condition=Q(executed_by__isnull=True) | ~Q(executed_by=F("authorised_by")),
                violation_error_message=_("Who authorised this access cannot execute it as well."),
            ),
            models.CheckConstraint(
                name="access_request_power_takes_three",
                condition=~Q(role__in=OF_POWER)
                | (
                    (Q(authorised_by__isnull=True) | ~Q(authorised_by=F("requested_by")))
                    & (Q(executed_by__isnull=True) | ~Q(executed_by=F("requested_by")))
                ),
                violation_error_message=THREE_PEOPLE,
            ),
            models.CheckConstraint(
                name="access_request_decided_says_by_whom",
                condition=Q(status__in=["requested", "withdrawn"])
                | Q(authorised_by__isnull=False, authorised_at__isnull=False),
                violation_error_message=NOT_AUTHORISED,
            ),
            models.CheckConstraint(
                name="access_request_executed_says_by_whom",
                condition=Q(status="executed", executed_by__isnull=False, executed_at__isnull=False)
                | (~Q(status="executed") & Q(executed_by__isnull=True, executed_at__isnull=True)),
                violation_error_message=NOT_AUTHORISED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("access:request", args=[self.uid])


class AccessGrantQuerySet(models.QuerySet["AccessGrant"]):
    def open(self) -> Self:
        """Nobody ended them, and no job did."""
        return self.filter(revoked_at__isnull=True)

    def in_force(self, now: datetime) -> Self:
        """Asked at the moment: what is over, ended or suspended counts for nothing, whether or not a job came by."""
        lasts = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
        return self.open().filter(lasts, starts_at__lte=now, suspended_at__isnull=True)

    def over(self, now: datetime) -> Self:
        return self.open().filter(ends_at__lte=now)

    def overlapping(self, user: User, role: str, starts_at: datetime, ends_at: datetime | None) -> Self:
        before_end = Q(starts_at__lt=ends_at) if ends_at else Q()
        lasts = Q(ends_at__isnull=True) | Q(ends_at__gt=starts_at)
        return self.open().filter(before_end, lasts, user=user, role=role)


class AccessGrant(models.Model):
    """A role held by a person over the half-open period [starts_at, ends_at). It rests on an executed request; only the
    first people of a system, the bootstrap, have none."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    request = models.OneToOneField(AccessRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="grant")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="access_grant_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="access_grant_ends_after_start",
                condition=ENDS_AFTER_START,
                violation_error_message=END_BEFORE_START,
            ),
            ExclusionConstraint(
                name="access_grant_one_of_a_role_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (period(), RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_at__isnull=True),
                violation_error_message=HELD_ALREADY,
            ),
            models.CheckConstraint(
                name="access_grant_end_says_why",
                condition=Q(revoked_at__isnull=True, end_reason="") | (Q(revoked_at__isnull=False) & ~Q(end_reason="")),
                violation_error_message=_("Say why the access ends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} (#{self.pk})"


class OwnerDesignation(models.Model):
    """Who is the system owner over [starts_at, ends_at); one at a time (D-08, INV-14)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="owner_ends_after_start", condition=ENDS_AFTER_START, violation_error_message=END_BEFORE_START
            ),
            ExclusionConstraint(
                name="owner_one_at_a_time",
                expressions=[(period(), RangeOperators.OVERLAPS)],
                violation_error_message=_("There is a system owner in that period."),
            ),
        ]

    def __str__(self) -> str:
        return f"Owner (#{self.pk})"


auditlog.register(
    AccessRequest,
    include_fields=[
        "user", "role", "team", "reason", "starts_at", "ends_at", "status", "requested_by", "authorised_by",
        "authorised_at", "refusal", "executed_by", "executed_at",
    ],
    mask_fields=["reason", "refusal"],
)  # fmt: skip
auditlog.register(
    AccessGrant,
    include_fields=[
        "user", "role", "request", "starts_at", "ends_at", "suspended_at", "revoked_at", "revoked_by", "end_reason",
    ],
    mask_fields=["end_reason"],
)  # fmt: skip
auditlog.register(OwnerDesignation, include_fields=["user", "starts_at", "ends_at"])
