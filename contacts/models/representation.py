"""Somebody acts for somebody else: with which authority, what for, until when (F25)."""

import uuid
from datetime import date
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from contacts.choices import Authority
from contacts.models.contact import Contact

LONGEST = 731  # days: 24 months
ENDS_FIRST = _("The last day must not be before the first.")
TOO_LONG = _("Authority is recorded for at most 24 months. Ask again then.")
OTHER_MISSING = _("Say in a few words which document it is.")
SCOPE_MISSING = _("Say what they may act for.")
REASON_MISSING = _("Say why it ends.")


class RepresentationQuerySet(models.QuerySet["Representation"]):
    def visible_to(self, user: Any) -> Self:
        """Only to who may see both: that two people belong together says something about each."""
        seen = Contact.objects.visible_to(user)
        return self.filter(
            Exists(seen.filter(pk=OuterRef("person_id"))), Exists(seen.filter(pk=OuterRef("representative_id")))
        )

    def about(self, contact: Contact) -> Self:
        return self.filter(Q(person=contact) | Q(representative=contact))

    def in_force(self, day: date) -> Self:
        return self.filter(ended_at__isnull=True, starts_on__lte=day, until__gte=day)


class Representation(models.Model):
    """`representative` may act for `person` from `starts_on` to `until`, both days included, unless it was ended.

    Both are contacts in their own right, each with a notice of their own (R-CAL-06).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="representations")
    representative = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="acts_for")
    authority = models.CharField(_("authority"), max_length=20, choices=Authority)
    authority_other = models.CharField(_("document in words"), max_length=80, blank=True)
    scope = models.CharField(_("what for"), max_length=200)
    starts_on = models.DateField(_("from"))
    until = models.DateField(_("until"))
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    form_uuid = models.UUIDField(null=True, unique=True, editable=False)

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="representation_of_two",
                condition=~Q(person=F("representative")),
                violation_error_message=_("Nobody is recorded as acting for themselves."),
            ),
            models.CheckConstraint(
                name="representation_ends_after_it_starts",
                condition=Q(until__gte=F("starts_on")),
                violation_error_message=ENDS_FIRST,
            ),
            models.CheckConstraint(
                name="representation_ends_in_24_months",
                condition=Q(
                    until__lte=ExpressionWrapper(F("starts_on") + Value(LONGEST), output_field=models.DateField())
                ),
                violation_error_message=TOO_LONG,
            ),
            models.CheckConstraint(name="representation_authority_known", condition=Q(authority__in=Authority.values)),
            models.CheckConstraint(
                name="representation_other_described",
                condition=~Q(authority=Authority.OTHER) | ~Q(authority_other=""),
                violation_error_message=OTHER_MISSING,
            ),
            models.CheckConstraint(
                name="representation_says_what_for", condition=~Q(scope=""), violation_error_message=SCOPE_MISSING
            ),
            models.CheckConstraint(
                name="representation_end_says_who_and_why",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                violation_error_message=REASON_MISSING,
            ),
            ExclusionConstraint(
                name="representation_recorded_once",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("representative"), RangeOperators.EQUAL),
                    (Func(F("starts_on"), F("until"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("These two are recorded already for some of these days. End that first."),
            ),
        ]

    def __str__(self) -> str:
        return f"Representation (#{self.pk})"

    @property
    def authority_in_words(self) -> str:
        return self.authority_other or self.get_authority_display()

    def is_open(self, day: date) -> bool:
        """In force, or going to be."""
        return self.ended_at is None and self.until >= day


auditlog.register(
    Representation,
    include_fields=[
        "person", "representative", "authority", "authority_other", "scope", "starts_on", "until", "recorded_by",
        "ended_at", "ended_by", "end_reason",
    ],
    mask_fields=["authority_other", "scope", "end_reason"],
)  # fmt: skip
