"""Is this somebody we know? A question to a person, never a refusal: families and offices share phones and mailboxes
(R-CON-07).

A page that saves a contact calls `ask` before the save and `Question.record` after it, in one transaction, and draws
`contacts/_duplicates.html`; `contacts/_duplicates_while_typing.html` inside the form asks earlier.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import connection
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import AccessEvent
from audit.services import record_access
from contacts import comparing, emails, gate, names, phones
from contacts.comparing import Row
from contacts.emails import fingerprint, keyed_digest
from contacts.folding import Alike, Fold
from contacts.forms import NUMBER_FIELDS
from contacts.gate import Badge
from contacts.models import Contact, DuplicateDecision
from contacts.note_field import GuardedForm, NoteField
from contacts.search import MOST_HIDDEN

SHOWN = 5
ALIKE = 0.6  # trigram similarity of folded names
FEWEST_LETTERS = 4
ASKED_ABOUT = ["name", "name_latin", "email", *NUMBER_FIELDS]
PURPOSE = "duplicate"  # why those who may be the same are shown (N11)


@dataclass(frozen=True)
class Match:
    """Somebody who may be the same. `rows` compare what was typed with the record."""

    contact: Contact
    reasons: list[str]
    badge: Badge
    is_certain: bool
    rows: list[Row]


@dataclass(frozen=True)
class Found:
    """At most `SHOWN` of each kind. `hidden_count` are certain matches out of reach: only counted; the lookup finds
    them by `reach`, the first e-mail address or number that one of them has."""

    certain: list[Match]
    possible: list[Match]
    hidden_count: int
    reach: str = ""

    def __bool__(self) -> bool:
        return bool(self.certain or self.possible or self.hidden_count)

    @property
    def matches(self) -> list[Match]:
        return self.certain + self.possible

    @property
    def seen(self) -> str:
        """What the person was shown: somebody who appears later is asked about again."""
        uids = ",".join(sorted(str(match.contact.uid) for match in self.matches))
        return keyed_digest(f"{uids}+{self.hidden_count}")[:32]


class CreateAnywayForm(GuardedForm):
    """The answer to the question: why it is somebody else."""

    duplicates_seen = forms.CharField(widget=forms.HiddenInput)
    duplicate_reason = NoteField(label=gettext_lazy("Why a second record is needed"), max_length=200)

    def __init__(self, data: Any = None, *, found: Found) -> None:
        was_seen = data is not None and data.get("duplicates_seen") == found.seen
        typed = data.get("duplicate_reason", "") if data is not None and not was_seen else ""
        super().__init__(data if was_seen else None, initial={"duplicates_seen": found.seen, "duplicate_reason": typed})
        self.fields["duplicate_reason"].error_messages["required"] = _("Say why a second record is needed.")
        self.fields["duplicate_reason"].help_text = _("As in: a colleague in the same office. Nothing personal.")


@dataclass(frozen=True)
class Question:
    """`is_new`: there is no record yet, so an existing one can be used instead."""

    found: Found
    form: CreateAnywayForm
    is_new: bool

    @property
    def is_answered(self) -> bool:
        return self.form.is_bound and self.form.is_valid()

    def record(self, *, contact: Contact, by: Any, now: datetime) -> DuplicateDecision:
        reason = self.form.cleaned_data["duplicate_reason"]
        decision = DuplicateDecision.objects.create(contact=contact, reason=reason, by=by, at=now)
        decision.others.set([match.contact for match in self.found.matches])
        return decision


def ask(values: Mapping[str, Any], *, data: Any, user: Any, contact: Contact | None = None) -> Question | None:
    """The question to put before `values` (columns of Contact) are saved, None when nobody is alike.

    `data` is what was posted: it may hold the answer. `contact` is the record being changed; then only what is new in
    it is asked about. Whoever saves the same e-mail address or number at this moment waits until our transaction ends,
    and then meets the question.
    """
    if contact is not None:
        values = {name: value for name, value in values.items() if getattr(contact, name) != value}
    values = {**dict.fromkeys(ASKED_ABOUT, ""), **values}
    lock_channels(values)
    found = look(values, user=user, contact=contact)
    if not found:
        return None
    question = Question(found, CreateAnywayForm(data, found=found), is_new=contact is None)
    if not question.is_answered:
        for match in found.matches:
            record_access(
                kind=AccessEvent.Kind.VIEWED,
                object_type="contacts.contact",
                object_uid=match.contact.uid,
                detail={"purpose": PURPOSE},
            )
    return question


def look(values: Mapping[str, Any], *, user: Any, contact: Contact | None = None) -> Found:
    """Contacts with the same e-mail address or number (certain), or a similar name (possible). Recorded."""
    everybody = Contact.objects.active().exclude(pk=contact.pk) if contact else Contact.objects.active()
    visible = Contact.objects.visible_to(user).filter(pk=OuterRef("pk"))
    same = everybody.filter(has_same_channel(values))
    within_reach = same.filter(Exists(visible)).order_by("-last_activity_at", "-pk")
    certain = [match_of(row, values) for row in gate.with_answers(within_reach)[:SHOWN]]
    possible = [match_of(row, values) for row in alike(everybody.filter(Exists(visible)), values)[: SHOWN * 2]]
    known = {match.contact.pk for match in certain}
    hidden = list(same.filter(~Exists(visible)).values_list("email_fingerprint", *NUMBER_FIELDS)[:MOST_HIDDEN])
    found = Found(
        certain,
        [match for match in possible if match.contact.pk not in known and not match.is_certain][:SHOWN],
        hidden_count=len(hidden),
        reach=reach_of(hidden, values),
    )
    detail = {"duplicates": len(found.matches), "hidden": found.hidden_count}
    record_access(kind=AccessEvent.Kind.SEARCHED, object_type="contacts.contact", detail=detail)
    return found


def reach_of(hidden: list[Any], values: Mapping[str, Any]) -> str:
    """Which of the typed address and numbers one of the `hidden` has; "" when there are none."""
    known = {channel for row in hidden for channel in row}
    if values["email"] and fingerprint(values["email"]) in known:
        return str(values["email"])
    return next((number for number in numbers_in(values) if number in known), "")


def has_same_channel(values: Mapping[str, Any]) -> Q:
    numbers = numbers_in(values)
    condition = Q(email_fingerprint=fingerprint(values["email"])) if values["email"] else Q(pk__in=[])
    for name in NUMBER_FIELDS if numbers else []:
        condition |= Q(**{f"{name}__in": numbers})
    return condition


def numbers_in(values: Mapping[str, Any]) -> list[str]:
    return sorted({values[name] for name in NUMBER_FIELDS if values[name]})


def alike(contacts: "QuerySet[Contact]", values: Mapping[str, Any]) -> "QuerySet[Contact]":
    """The most similar first, found by the trigram index of both names."""
    typed = [values[name] for name in ("name", "name_latin") if is_telling(values[name])]
    if not typed:
        return contacts.none()
    with connection.cursor() as cursor:  # what `%` means, until the transaction ends
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
    pairs = [(Fold(F(column)), Fold(Value(name))) for name in typed for column in ("name", "name_latin")]
    condition = Q()
    for pair in pairs:
        condition |= Q(Alike(*pair))
    similarities = [Func(*pair, function="similarity") for pair in pairs]
    closest = Greatest(*similarities)
    return gate.with_answers(contacts.filter(condition).annotate(closeness=closest).order_by("-closeness", "-pk"))


def is_telling(name: str) -> bool:
    """Whether a name is long enough to be compared by its letters."""
    letters = [letter for letter in name if letter.isalnum()]
    return len(letters) >= (FEWEST_LETTERS if name.isascii() else 2)


def match_of(row: Contact, values: Mapping[str, Any]) -> Match:
    numbers = set(numbers_in(values))
    reasons = []
    if values["email"] and row.email_fingerprint == fingerprint(values["email"]):
        reasons.append(_("Same e-mail"))
    if numbers & {getattr(row, name) for name in NUMBER_FIELDS}:
        reasons.append(_("Same phone number"))
    rows = comparing.rows_of(values, comparing.columns_of(row))
    return Match(row, reasons or [_("Similar name")], gate.badge_of(row), is_certain=bool(reasons), rows=rows)


def lock_channels(values: Mapping[str, Any]) -> None:
    """Saves of the same address or number come one after the other, until the transaction ends."""
    keys = [fingerprint(values["email"])] if values["email"] else []
    keys += [keyed_digest(number) for number in numbers_in(values)]
    locks = sorted(int(key[:15], 16) for key in keys)
    if locks:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [locks])


def while_typing(data: Any, *, user: Any) -> Found:
    """The same for a form that is not finished: what cannot be read yet is left out."""
    values: dict[str, Any] = dict.fromkeys(ASKED_ABOUT, "")
    for name in ("name", "name_latin"):
        try:
            values[name] = names.normalised(data.get(name, ""))[:200]
        except names.ForbiddenCharacter:
            continue
    for name in NUMBER_FIELDS:
        try:
            values[name] = phones.read_number(data.get(name, ""), data.get("phone_country") or phones.HOME).e164
        except phones.NotPossible:
            continue
    with suppress(emails.NotAnAddress):
        values["email"] = emails.normalised(data.get("email", ""))
    return look(values, user=user)
