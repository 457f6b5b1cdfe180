"""The one answer to "may we?" (design §4, R-CNS-08): for a badge, a preview, an audience, the sender."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, TextChoices
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
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
from contacts.models import ConsentEvent, ConsentState, Contact, Suppression
from contacts.models.suppression import EVERY_PURPOSE

ANSWER = {
    "purpose": "purpose",
    "channel": "channel",
    "id": "event_id",
    "status": "event__status",
    "email_fingerprint": "event__email_fingerprint",
    "at": "event__at",
    "minor_understands": "event__minor_understands",
}
EVENT_FIELDS = ["id", "status", "at", "email_fingerprint", "minor_understands"]  # in the order of the model
Answers = Mapping[tuple[str, str], ConsentEvent]


class Reason(TextChoices):
    """Why not, in the order in which they are looked for. The values are what a message stores."""

    NOT_ACTIVE = "record merged or anonymised", _("Record merged or anonymised")
    DO_NOT_CONTACT = "do not contact", _("Do not contact")
    NO_EMAIL = "no e-mail", _("No e-mail address")
    ADDRESS_NOT_WORKING = "address not working", _("E-mail address not working")
    SUPPRESSED = "address suppressed", _("Address suppressed")
    NO_CONSENT = "no consent", _("Not asked yet")
    REFUSED = "consent refused", _("Declined")
    WITHDRAWN = "consent withdrawn", _("Withdrawn")
    UNCONFIRMED = "consent unconfirmed", _("Not confirmed for this address")
    LEGACY = "legacy consent", _("Agreed in the old system only")
    LAPSED = "consent lapsed", _("Agreement lapsed")
    MINOR = "minor not confirmed", _("May be under 18, not confirmed")


OF_STATUS = {
    ConsentStatus.REFUSED: Reason.REFUSED,
    ConsentStatus.WITHDRAWN: Reason.WITHDRAWN,
    ConsentStatus.UNCONFIRMED: Reason.UNCONFIRMED,
    ConsentStatus.LEGACY: Reason.LEGACY,
    ConsentStatus.LAPSED: Reason.LAPSED,
    ConsentStatus.CANCELLED: Reason.NO_CONSENT,
}


@dataclass(frozen=True)
class Verdict:
    """`reason` is the first that failed, "" when allowed; `event` is the agreement that allows it, for the proof."""

    reason: str
    event: ConsentEvent | None = None

    @property
    def is_allowed(self) -> bool:
        return not self.reason


@dataclass(frozen=True)
class Badge:
    label: str | Promise
    tone: str
    icon: str


@dataclass(frozen=True)
class Stop:
    """A withdrawal of the address a contact has, by themselves or by somebody who shares it."""

    purpose: str
    at: datetime
    is_own: bool


def with_answers(contacts: "QuerySet[Contact]") -> "QuerySet[Contact]":
    """Contacts of a list with what the gate asks about them, in the same query."""
    states = ConsentState.objects.filter(contact=OuterRef("pk"))
    return with_stops(contacts).annotate(consent_answers=ArraySubquery(states.values_list(JSONObject(**ANSWER))))


def with_stops(contacts: "QuerySet[Contact]") -> "QuerySet[Contact]":
    """The same for suppressions alone, where the answers come from somewhere else."""
    stops = Suppression.objects.filter(fingerprint=OuterRef("email_fingerprint"))
    row = JSONObject(purpose="purpose", at="at", contact="contact_id")
    return contacts.annotate(address_stops=ArraySubquery(stops.values_list(row)))


def answers_of(contact: Contact) -> Answers:
    """The newest answer per purpose and channel, one query, or none after `with_answers`."""
    if hasattr(contact, "consent_answers"):
        return {(answer["purpose"], answer["channel"]): event_of(answer) for answer in contact.consent_answers}
    return {(state.purpose, state.channel): state.event for state in contact.consent_states.select_related("event")}


def event_of(answer: dict[str, Any]) -> ConsentEvent:
    """The event with the fields the gate looks at; the others are fetched when somebody asks for them."""
    values = answer | {"at": datetime.fromisoformat(answer["at"])}
    return ConsentEvent.from_db("default", EVENT_FIELDS, [values[name] for name in EVENT_FIELDS])


def stops_of(contact: Any) -> list[Stop]:
    """Withdrawals of the address, one query, or none after `with_answers` or `with_stops`."""
    if not contact.email_fingerprint:
        return []
    if not hasattr(contact, "address_stops"):
        stops = Suppression.objects.filter(fingerprint=contact.email_fingerprint)
        rows = stops.values("purpose", "at", "contact_id")
        return [Stop(row["purpose"], row["at"], row["contact_id"] == contact.pk) for row in rows]
    return [
        Stop(row["purpose"], datetime.fromisoformat(row["at"]), row["contact"] == contact.pk)
        for row in contact.address_stops
    ]


def verdict(
    contact: Contact,
    purpose: Purpose,
    channel: Channel,
    *,
    answers: Answers | None = None,
    stops: list[Stop] | None = None,
) -> Verdict:
    """Whether `contact` may be contacted for `purpose` by `channel` now. Requested information does not ask here."""
    reason = about_record(contact) or (about_email(contact) if channel == Channel.EMAIL else "")
    if reason:
        return Verdict(reason)
    event = (answers_of(contact) if answers is None else answers).get((purpose, channel))
    if channel == Channel.EMAIL and is_suppressed(purpose, event, stops_of(contact) if stops is None else stops):
        return Verdict(Reason.SUPPRESSED)
    if event is None:
        return Verdict(Reason.NO_CONSENT)
    if event.status != ConsentStatus.GRANTED:
        return Verdict(OF_STATUS[ConsentStatus(event.status)])
    if channel == Channel.EMAIL and event.email_fingerprint != contact.email_fingerprint:
        return Verdict(Reason.UNCONFIRMED)  # consent follows the address it was given for (R-CNS-06)
    if event.minor_understands is False:
        return Verdict(Reason.MINOR)
    return Verdict("", event)


def is_suppressed(purpose: str, event: ConsentEvent | None, stops: list[Stop]) -> bool:
    """A withdrawal of the address yields only to a later agreement. Of one's own, the ledger says more."""
    about_it = [stop for stop in stops if stop.purpose in (purpose, EVERY_PURPOSE)]
    if event is not None and event.status == ConsentStatus.GRANTED:
        return any(stop.at >= event.at for stop in about_it)
    return any(not stop.is_own for stop in about_it)


def follows_address(contact: Contact) -> bool:
    """Whether there is an agreement by e-mail that a new address makes, or has made, unconfirmed (R-CNS-06)."""
    live = {ConsentStatus.GRANTED, ConsentStatus.UNCONFIRMED}
    return any(key[1] == Channel.EMAIL and event.status in live for key, event in answers_of(contact).items())


def is_unconfirmed(contact: Contact, answers: Answers | None = None) -> bool:
    """Whether an agreement by e-mail waits for the client to confirm it for the address they have now."""
    known = answers_of(contact) if answers is None else answers
    return any(key[1] == Channel.EMAIL and known[key].status == ConsentStatus.UNCONFIRMED for key in known)


def about_record(contact: Contact) -> str:
    if contact.status != ContactStatus.ACTIVE:
        return Reason.NOT_ACTIVE
    return Reason.DO_NOT_CONTACT if contact.do_not_contact else ""


def about_email(contact: Contact) -> str:
    if not contact.email:
        return Reason.NO_EMAIL
    return Reason.ADDRESS_NOT_WORKING if contact.email_state == EmailState.NOT_WORKING else ""


def badge_of(contact: Contact, *, answers: Answers | None = None) -> Badge:
    """Future contact in two words, as every list and page shows it. Surveys are another question."""
    if contact.do_not_contact:
        return Badge(_("Do not contact"), "stop", "stop")
    known = answers_of(contact) if answers is None else answers
    stops = stops_of(contact)
    verdicts = [
        verdict(contact, purpose, channel, answers=known, stops=stops)
        for purpose, channel in product(FUTURE_CONTACT_PURPOSES, Channel)
    ]
    if any(found.is_allowed for found in verdicts):
        return Badge(_("May be contacted"), "ok", "check")
    if contact.future_contact == FutureContact.AGREED:
        return Badge(_why_unreachable(verdicts), "warn", "warn")
    if contact.future_contact == FutureContact.DECLINED:
        return Badge(_("Declined"), "line", "")
    if any(found.reason == Reason.LAPSED for found in verdicts):
        return Badge(Reason.LAPSED.label, "line", "")
    return Badge(_("Not asked yet"), "line", "")


def _why_unreachable(verdicts: list[Verdict]) -> str | Promise:
    """Agreed, and yet nothing may be sent: the most useful reason is the one about the agreement itself."""
    reasons = {found.reason for found in verdicts}
    useful = [
        Reason.NO_EMAIL, Reason.ADDRESS_NOT_WORKING, Reason.SUPPRESSED, Reason.UNCONFIRMED, Reason.LEGACY, Reason.MINOR,
    ]  # fmt: skip
    return next((reason.label for reason in useful if reason in reasons), _("Agreed, without a purpose"))
