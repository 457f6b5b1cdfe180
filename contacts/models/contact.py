"""The person or office that calls."""

import uuid
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Concat, Left, Lower, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import Team, User
from audit.registry import auditlog
from contacts.choices import (
    Category,
    ContactStatus,
    EmailState,
    FutureContact,
    OrganisationType,
    Sensitivity,
    ThirdPartyKind,
)
from contacts.folding import Digits, Fold, Words
from contacts.models.grants import opened_to
from contacts.models.texts import TextVersion
from i2a import clock

ADDRESS_FIELDS = ["street", "unit", "city", "region", "postal_code", "residence_country"]
CHANNEL_FIELDS = ["email", "phone", "mobile", "fax"]
PERSONAL_FIELDS = [
    "name", "name_latin", "organisation", "organisation_other", "category_other",
    "email", "phone", "phone_ext", "phone_typed", "mobile", "mobile_typed", "fax", "fax_typed", "not_asked_reason",
    *ADDRESS_FIELDS,
]  # fmt: skip
E164 = r"^(\+[1-9][0-9]{6,14})?$"


IS_ACTIVE = Q(status=ContactStatus.ACTIVE)


def all_empty(fields: list[str]) -> Q:
    return Q(**dict.fromkeys(fields, ""))


def recent_with(field: str, name: str, condition: Q | None = None) -> models.Index:
    """Active contacts by `field`, the latest first."""
    only = IS_ACTIVE & condition if condition else IS_ACTIVE
    return models.Index(fields=[field, "-last_activity_at", "-id"], condition=only, name=name)


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: Any) -> Self:
        """Your team's and not restricted; or granted to you on the record (design §7, R-CON-11).

        Reading is restricted here and nowhere else: lists, search, counts, exports and tasks all start from this.
        """
        return self._within_reach(user, "view_contact")

    def changeable_by(self, user: Any) -> Self:
        """The same rule for writing: a grant to read somebody else's record does not allow changing it.

        A merged record is changed where it went.
        """
        return self._within_reach(user, "change_contact").filter(merged_into__isnull=True)

    def _within_reach(self, user: Any, codename: str) -> Self:
        if not user.has_perm(f"contacts.{codename}"):
            return self.none()
        by_role = {}
        if not user.has_perm("contacts.view_restricted"):
            by_role["sensitivity"] = Sensitivity.STANDARD
        if not user.has_perm("contacts.view_all_teams"):
            by_role["team_id"] = user.team_id
        if not by_role:
            return self.all()
        return self.filter(Q(**by_role) | opened_to(user, codename))

    def governed_by(self, user: Any, permission: str) -> Self:
        """Records about which this user decides who sees them. That is not seeing them: a restricted one may stay
        closed to the lead of its team."""
        if not user.has_perm(permission):
            return self.none()
        return self.all() if user.has_perm("contacts.view_all_teams") else self.filter(team_id=user.team_id)

    def active(self) -> Self:
        return self.filter(status=ContactStatus.ACTIVE)


class Contact(models.Model):
    """Somebody we may have to answer. Holds what R-CON-01 lists and nothing else (R-CON-05).

    Phones are E.164 (`+14035550142`); `…_typed` is how the specialist typed them. Empty text is "", never NULL.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("reference"), max_length=20, unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="contacts")
    sensitivity = models.CharField(max_length=12, choices=Sensitivity, default=Sensitivity.STANDARD)
    status = models.CharField(max_length=12, choices=ContactStatus, default=ContactStatus.ACTIVE)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    materials_only = models.BooleanField(_("materials by e-mail only"), default=False)

    name = models.CharField(_("full name"), max_length=200, blank=True)
    name_latin = models.CharField(_("name in Latin letters"), max_length=200, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    organisation_type = models.CharField(_("type of organisation"), max_length=20, choices=OrganisationType, blank=True)
    organisation_other = models.CharField(_("kind of organisation"), max_length=80, blank=True)
    category = models.CharField(_("category"), max_length=24, choices=Category)
    third_party_kind = models.CharField(_("kind of third party"), max_length=12, choices=ThirdPartyKind, blank=True)
    category_other = models.CharField(_("category in words"), max_length=80, blank=True)
    language = models.CharField(_("preferred language"), max_length=8, blank=True)
    citizenship = models.CharField(_("citizenship"), max_length=2, blank=True)
    origin_country = models.CharField(_("country of origin"), max_length=2, blank=True)

    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    email_state = models.CharField(max_length=12, choices=EmailState, default=EmailState.NONE)
    email_fingerprint = models.CharField(max_length=64, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    phone_ext = models.CharField(_("extension"), max_length=10, blank=True)
    phone_typed = models.CharField(max_length=40, blank=True)
    mobile = models.CharField(_("mobile"), max_length=16, blank=True)
    mobile_typed = models.CharField(max_length=40, blank=True)
    fax = models.CharField(_("fax"), max_length=16, blank=True)
    fax_typed = models.CharField(max_length=40, blank=True)

    street = models.CharField(_("street"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    region = models.CharField(_("province or region"), max_length=80, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    residence_country = models.CharField(_("country of residence"), max_length=2, blank=True)

    future_contact = models.CharField(max_length=12, choices=FutureContact, default=FutureContact.NOT_ASKED)
    do_not_contact = models.BooleanField(_("do not contact"), default=False)
    do_not_contact_at = models.DateTimeField(null=True, blank=True)
    do_not_contact_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notice_version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notice_at = models.DateTimeField(_("collection notice given"), null=True, blank=True)
    not_asked_reason = models.CharField(
        _("why future contact was not asked"), max_length=120, blank=True, default="", db_default=""
    )

    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(default=clock.now)
    updated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    last_activity_at = models.DateTimeField(default=clock.now)
    last_call_at = models.DateTimeField(_("last call"), null=True, blank=True, editable=False)  # by a trigger on calls
    version = models.PositiveIntegerField(default=1)
    form_uuid = models.UUIDField(null=True, unique=True, editable=False)  # the same form sent twice makes one contact

    name_folded = models.GeneratedField(
        expression=Fold(Concat(F("name"), Value(" "), F("name_latin"))),
        output_field=models.TextField(),
        db_persist=True,
    )
    organisation_folded = models.GeneratedField(
        expression=Fold(F("organisation")), output_field=models.TextField(), db_persist=True
    )
    sort_name = models.GeneratedField(  # as `display_name` reads in Latin letters; cut, or an index could refuse it
        expression=Left(
            Fold(Coalesce(NullIf(F("name_latin"), Value("")), NullIf(F("name"), Value("")), F("organisation"))), 60
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    words = models.GeneratedField(
        expression=Words(Concat(F("name"), Value(" "), F("name_latin"), Value(" "), F("organisation"))),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    numbers = models.GeneratedField(
        expression=Digits(Concat(F("phone"), Value(" "), F("mobile"), Value(" "), F("fax"))),
        output_field=models.TextField(),
        db_persist=True,
    )

    part_of = ""  # "merge" while one is written

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="contact_words"),
            GinIndex(OpClass("numbers", "gin_trgm_ops"), name="contact_numbers"),
            GinIndex(Words(F("organisation")), name="contact_organisation_words", condition=~Q(organisation="")),
            models.Index(OpClass(Lower("email"), "text_pattern_ops"), name="contact_email"),
            models.Index(fields=["phone"], name="contact_phone"),
            models.Index(fields=["mobile"], name="contact_mobile"),
            models.Index(fields=["fax"], name="contact_fax"),
            GinIndex(
                OpClass(Fold("name"), "gin_trgm_ops"),
                OpClass(Fold("name_latin"), "gin_trgm_ops"),
                name="contact_names_alike",
            ),
            models.Index(fields=["email_fingerprint"], name="contact_email_fingerprint"),
            models.Index(fields=["team", "-last_activity_at", "-id"], name="contact_team_recent"),
            models.Index(fields=["-last_activity_at", "-id"], name="contact_recent"),
            # The list: each order, and each filter in the usual order (performance notes §8.3)
            models.Index(fields=["sort_name", "id"], condition=IS_ACTIVE, name="contact_by_name"),
            models.Index(fields=["-created_at", "-id"], condition=IS_ACTIVE, name="contact_by_created"),
            models.Index(fields=["last_call_at", "id"], condition=IS_ACTIVE, name="contact_by_call"),
            *[recent_with(field, f"contact_by_{field}") for field in ["category", "future_contact"]],
            *[
                recent_with(field, f"contact_by_{field}", ~Q(**{field: ""}))
                for field in ["origin_country", "residence_country", "organisation_type", "language"]
            ],
            recent_with("do_not_contact", "contact_not_to_contact", Q(do_not_contact=True)),
            recent_with("sensitivity", "contact_restricted", Q(sensitivity=Sensitivity.RESTRICTED)),
        ]
        constraints = [
            models.CheckConstraint(  # INV-01
                name="contact_address_needs_agreement",
                condition=Q(future_contact=FutureContact.AGREED) | all_empty(ADDRESS_FIELDS),
                violation_error_message=_(
                    "An address may be recorded only when the client has asked to be contacted in the future. "
                    "Remove the address or record the client's agreement."
                ),
            ),
            models.CheckConstraint(  # INV-02
                name="contact_do_not_contact_excludes_agreement",
                condition=~Q(do_not_contact=True, future_contact=FutureContact.AGREED),
                violation_error_message=_("This client asked not to be contacted. No outbound contact can be planned."),
            ),
            models.CheckConstraint(  # INV-03
                name="contact_materials_only_is_minimal",
                condition=Q(materials_only=False)
                | (
                    all_empty(["organisation", "fax", "citizenship", "origin_country", *ADDRESS_FIELDS])
                    & ~Q(future_contact=FutureContact.AGREED)
                ),
                violation_error_message=_(
                    "For an e-mail-only request only an e-mail address and a phone number are recorded."
                ),
            ),
            models.CheckConstraint(  # INV-04
                name="contact_has_a_channel",
                condition=~Q(status=ContactStatus.ACTIVE) | ~all_empty(CHANNEL_FIELDS),
                violation_error_message=_(
                    "Record at least one way to reach the client (e-mail, phone, mobile or fax)."
                ),
            ),
            models.CheckConstraint(  # INV-05
                name="contact_other_category_described",
                condition=~Q(category=Category.OTHER) | ~Q(category_other=""),
                violation_error_message=_("Describe the category in a few words."),
            ),
            models.CheckConstraint(  # INV-05
                name="contact_third_party_kind_fits",
                condition=Q(third_party_kind="") | Q(category=Category.THIRD_PARTY),
                violation_error_message=_("Only a third party is a lawyer, a consultant or another third party."),
            ),
            *[
                models.CheckConstraint(  # INV-06
                    name=f"contact_{field}_is_e164",
                    condition=Q(**{f"{field}__regex": E164}),
                    violation_error_message=_("Enter a full phone number including the country code."),
                )
                for field in ["phone", "mobile", "fax"]
            ],
            models.CheckConstraint(
                name="contact_merged_says_into_whom",
                condition=Q(status=ContactStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=ContactStatus.MERGED) & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(name="contact_category_known", condition=Q(category__in=Category.values)),
            models.CheckConstraint(name="contact_status_known", condition=Q(status__in=ContactStatus.values)),
            models.CheckConstraint(name="contact_sensitivity_known", condition=Q(sensitivity__in=Sensitivity.values)),
            models.CheckConstraint(
                name="contact_future_contact_known", condition=Q(future_contact__in=FutureContact.values)
            ),
            models.CheckConstraint(
                name="contact_do_not_contact_says_when",
                condition=Q(do_not_contact=False) | Q(do_not_contact_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} (#{self.pk})"  # never the name: this text stays in the audit for ever (T-04)

    def get_absolute_url(self) -> str:
        return reverse("contacts:detail", args=[self.uid])

    @property
    def display_name(self) -> str:
        return self.name or self.name_latin or self.organisation or self._nameless()

    def _nameless(self) -> str:
        return str(_("Merged record") if self.status == ContactStatus.MERGED else _("Name not recorded"))

    @property
    def has_address(self) -> bool:
        return any(getattr(self, field) for field in ADDRESS_FIELDS)

    def get_additional_data(self) -> dict[str, str] | None:
        """For the history: what a change belongs to, which the timeline tells instead."""
        return {"part_of": self.part_of} if self.part_of else None


auditlog.register(
    Contact,
    include_fields=[
        "ref", "team", "sensitivity", "status", "merged_into", "materials_only", "organisation_type", "category",
        "third_party_kind", "language", "citizenship", "origin_country", "email_state", "future_contact",
        "do_not_contact", "notice_version", "not_asked_reason", *PERSONAL_FIELDS,
    ],
    mask_fields=PERSONAL_FIELDS,
)  # fmt: skip
