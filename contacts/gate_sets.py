"""The gate for sets of contacts: what `contacts.gate.badge_of` says of one, as conditions for many.

Each contact is in exactly one `Standing`, for future contact as a whole or for one purpose; a test compares both forms.
"""

from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from contacts.choices import (
    FUTURE_CONTACT_PURPOSES,
    Channel,
    ConsentStatus,
    ContactStatus,
    EmailState,
    FutureContact,
    Purpose,
)
from contacts.gate import OF_STATUS, Reason
from contacts.models import ConsentState, Contact, Suppression, UnusableAgreement
from contacts.models.suppression import EVERY_PURPOSE
from contacts.models.unusable import ANY_PURPOSE

AGREED = [ConsentStatus.GRANTED, ConsentStatus.UNCONFIRMED, ConsentStatus.LEGACY]
DECLINED = [ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN]


class Standing(TextChoices):
    MAY = "may", _("May be contacted")
    AGREED = "agreed", _("Agreed, but nothing may be sent")
    DECLINED = "declined", _("Declined")
    NOT_ASKED = "not_asked", _("Not asked yet")
    DO_NOT_CONTACT = "do_not_contact", _("Do not contact")


def standing(which: Standing, purpose: Purpose | None = None) -> Q:
    """Active contacts of which the gate says `which`, about `purpose` or about future contact as a whole."""
    if which == Standing.DO_NOT_CONTACT:
        return Q(do_not_contact=True)
    if which == Standing.AGREED:  # few among all who agreed: the database keeps a list of them
        return Q(Exists(UnusableAgreement.objects.filter(contact=OuterRef("pk"), purpose=purpose or ANY_PURPOSE)))
    reached = may_be_reached([purpose] if purpose else FUTURE_CONTACT_PURPOSES)
    if which == Standing.MAY:
        return Q(reached, do_not_contact=False)
    answered = answered_about(purpose, which) if purpose else Q(future_contact=FutureContact(which.value))
    return Q(~reached, do_not_contact=False) & answered


def may_be_reached(purposes: list[Purpose]) -> Exists:
    """By any channel, for any of `purposes`: what `contacts.gate.verdict` asks after the record itself.

    Bare, so that PostgreSQL can make a join of it or of its contrary.
    """
    by_email = (
        Q(channel=Channel.EMAIL, event__email_fingerprint=OuterRef("email_fingerprint"))
        & ~Exact(OuterRef("email"), Value(""))
        & ~Exact(OuterRef("email_state"), Value(EmailState.NOT_WORKING))
        & ~suppressed()
    )
    states = ConsentState.objects.filter(purpose__in=purposes, status=ConsentStatus.GRANTED)
    states = states.exclude(event__minor_understands=False)
    return Exists(states.filter(Q(channel=Channel.PHONE) | by_email, contact=OuterRef("pk")))


def suppressed() -> Exists:
    """Of a state whose agreement is for the contact's own address: that address was withdrawn since."""
    stops = Suppression.objects.filter(
        Q(purpose=OuterRef("purpose")) | Q(purpose=EVERY_PURPOSE),
        fingerprint=OuterRef("event__email_fingerprint"),
        at__gte=OuterRef("event__at"),
    )
    return Exists(stops)


def answered_about(purpose: Purpose, which: Standing) -> Q:
    """DECLINED or NOT_ASKED. Agreeing by one channel outweighs declining another."""

    def has(statuses: list[ConsentStatus]) -> Exists:
        return Exists(ConsentState.objects.filter(contact=OuterRef("pk"), purpose=purpose, status__in=statuses))

    if which == Standing.DECLINED:
        return Q(has(DECLINED)) & ~Q(has(AGREED))
    return ~Q(has(AGREED + DECLINED))


def with_refusal(contacts: "QuerySet[Contact]", purpose: Purpose, *more: When) -> "QuerySet[Any]":
    """Contacts with what `contacts.gate.verdict` says of e-mail for `purpose`: in `refusal` the first failing reason or
    "", in `agreement` the event of the answer. Each stays one row. `more` rules are asked after those of the gate.

    All rules are one CASE: PostgreSQL works an expression out anew wherever its name stands.
    """
    answer = FilteredRelation(
        "consent_states", condition=Q(consent_states__purpose=purpose, consent_states__channel=Channel.EMAIL)
    )
    rules = [
        When(~Q(status=ContactStatus.ACTIVE), then=Value(Reason.NOT_ACTIVE)),
        When(do_not_contact=True, then=Value(Reason.DO_NOT_CONTACT)),
        When(email="", then=Value(Reason.NO_EMAIL)),
        When(email_state=EmailState.NOT_WORKING, then=Value(Reason.ADDRESS_NOT_WORKING)),
        When(stopped(purpose), then=Value(Reason.SUPPRESSED)),
        When(answer__status__isnull=True, then=Value(Reason.NO_CONSENT)),
        *[When(answer__status=status, then=Value(reason)) for status, reason in OF_STATUS.items()],
        When(~Q(answer__event__email_fingerprint=F("email_fingerprint")), then=Value(Reason.UNCONFIRMED)),
        When(answer__event__minor_understands=False, then=Value(Reason.MINOR)),
        *more,
    ]
    refusal = Case(*rules, default=Value(""), output_field=CharField())
    return contacts.annotate(answer=answer, agreement=F("answer__event_id"), refusal=refusal)


def stopped(purpose: Purpose) -> Q:
    """The set form of `contacts.gate.is_suppressed`. The bare question first: PostgreSQL asks it for all at once."""
    of_address = Suppression.objects.filter(fingerprint=OuterRef("email_fingerprint"))
    about_it = of_address.filter(purpose__in=[purpose, EVERY_PURPOSE])
    since = Exists(about_it.filter(at__gte=OuterRef("answer__event__at")))
    by_another = Exists(about_it.exclude(contact=OuterRef("pk")))
    agreed = Q(answer__status=ConsentStatus.GRANTED)
    other_answer = Q(answer__status__isnull=True) | ~agreed
    return ~Q(email_fingerprint="") & Q(Exists(about_it)) & (agreed & Q(since) | other_answer & Q(by_another))
