"""The lookup: find a caller by whatever the specialist can type while the phone is at the ear (R-CAL-09).

What was typed is routed by its shape to an indexed column, never to `icontains`: four or more digits to the numbers,
`@` to the e-mail address, everything else to the words of names and organisation. All parts of a query must match.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat, Lower
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from audit.models import AccessEvent
from audit.services import record_access
from contacts import gate
from contacts.emails import keyed_digest
from contacts.folding import Fold, HasWords, Prefixes, Unindexed
from contacts.gate import Badge
from contacts.models import Contact
from contacts.shapes import NumberPart, Shape, shape_of
from i2a.wall_time import say_day

LIMIT = 8
CANDIDATES = 1_000


@dataclass(frozen=True)
class Reason:
    """Why a contact matches: "Phone ends" 0142. `term` is what was found, for `<mark>`; it may be empty."""

    label: str
    term: str = ""

    @property
    def html(self) -> SafeString:
        return format_html("{} <mark>{}</mark>", self.label, self.term) if self.term else format_html("{}", self.label)


@dataclass(frozen=True)
class Match:
    contact: Contact
    reasons: list[Reason]
    badge: Badge
    is_certain: bool

    @property
    def why(self) -> SafeString:
        """All reasons as one line."""
        return format_html_join(" · ", "{}", ((reason.html,) for reason in self.reasons))

    @property
    def last(self) -> str:
        return _("last on %(day)s") % {"day": say_day(self.contact.last_activity_at)}


@dataclass(frozen=True)
class Found:
    """At most `LIMIT` matches, certain ones first; `hidden_count` is how many certain ones the user may not see."""

    term: str
    matches: list[Match] = field(default_factory=list)
    has_more: bool = False
    hidden_count: int = 0
    is_too_short: bool = False


def search(query: str, user: Any) -> Found:
    """Contacts of `user` that match every part of `query`. Recorded with a keyed fingerprint, never with the text.

    Three queries and the record, however many match.
    """
    shape = shape_of(query)
    if shape.is_empty:
        return Found(shape.term, is_too_short=bool(shape.term))
    contacts = matching(Contact.objects.visible_to(user).active(), shape)
    return recorded(found_in(contacts, shape, hidden_count=hidden_from(user, shape).count() if shape.is_exact else 0))


def prefill(query: str) -> dict[str, str]:
    """What was typed into the lookup, as values of `CallerForm` for a new caller."""
    shape = shape_of(query)
    values = {
        "name": shape.words,
        "phone": shape.numbers[0].typed if shape.numbers else "",
        "email": shape.full_email or shape.email,
    }
    return {name: value for name, value in values.items() if value}


def found_in(contacts: Any, shape: Shape, *, hidden_count: int) -> Found:
    """`contacts` are `annotated`."""
    best_first = contacts.order_by("-is_exact", "-is_suffix", "-last_activity_at", "-pk")
    rows: list[Any] = list(gate.with_answers(best_first)[: LIMIT + 1])
    return Found(
        shape.term,
        matches=[Match(row, list(reasons_for(row, shape)), gate.badge_of(row), row.is_exact) for row in rows[:LIMIT]],
        has_more=len(rows) > LIMIT,
        hidden_count=hidden_count,
    )


def recorded(found: Found) -> Found:
    detail = {"query": keyed_digest(found.term.casefold()), "count": len(found.matches), "hidden": found.hidden_count}
    record_access(kind=AccessEvent.Kind.SEARCHED, object_type="contacts.contact", detail=detail)
    return found


def matching(contacts: "QuerySet[Contact]", shape: Shape) -> "QuerySet[Contact]":
    condition = Q()
    for part in shape.numbers:
        condition &= has_number(part)
    if shape.email:
        condition &= Q(email_lower__startswith=shape.email) | has_address(shape)
    if shape.reference:
        condition &= Q(ref=shape.reference)
    if shape.is_only_words:
        return annotated(likely(contacts, Prefixes(Value(shape.words))), shape)
    if shape.words:
        condition &= Q(HasWords("words", Prefixes(Value(shape.words))))
    return annotated(contacts, shape).filter(condition)


def likely(contacts: "QuerySet[Contact]", asked: Prefixes) -> "QuerySet[Contact]":
    """Matches by words, among which the newest are looked for: of 200 000 people 25 000 may be called "Ma…".

    Any `CANDIDATES` that match, which for most names are all; and those that match among the latest `CANDIDATES`, where
    the newest eight of a common name are. Sorting every match instead takes 10 times as long.
    """
    latest = contacts.order_by("-last_activity_at", "-pk").values("pk")[:CANDIDATES]
    among_latest = Contact.objects.filter(HasWords(Unindexed("words"), asked), pk__in=latest).values("pk")
    return Contact.objects.filter(
        pk__in=contacts.filter(HasWords("words", asked)).values("pk")[:CANDIDATES].union(among_latest)
    )


def annotated(contacts: "QuerySet[Contact]", shape: Shape) -> "QuerySet[Contact]":
    """With `is_exact`, `is_suffix` and `asked`: the folded words, as they are compared."""
    return with_comparable(contacts).annotate(
        is_exact=truth(is_exactly(shape)), is_suffix=truth(ends_with(shape)), asked=Fold(Value(shape.words))
    )


def hidden_from(user: Any, shape: Shape) -> "QuerySet[Contact]":
    """Contacts that have exactly this number or address and are none of the user's business: only to be counted."""
    visible = Contact.objects.visible_to(user).filter(pk=OuterRef("pk"))
    contacts = with_comparable(Contact.objects.active()).filter(is_exactly(shape))
    return contacts.filter(~Exists(visible))


def with_comparable(contacts: "QuerySet[Contact]") -> "QuerySet[Contact]":
    spaced = Concat(Value(" "), "numbers", Value(" "), output_field=TextField())
    return contacts.alias(email_lower=Lower("email"), spaced_numbers=spaced)


def has_number(part: NumberPart) -> Q:
    condition = Q()
    for key in part.keys:
        condition |= Q(numbers__contains=key)
    if part.is_one_word:
        condition |= Q(HasWords("words", Prefixes(Value(part.typed))))
    return condition


def has_address(shape: Shape) -> Q:
    return Q(email_lower=shape.full_email) if shape.full_email else Q()


def is_exactly(shape: Shape) -> Q:
    """`numbers__contains` repeats itself on purpose: it is what the index can answer."""
    condition = has_address(shape)
    for part in shape.numbers:
        if part.full:
            condition |= Q(numbers__contains=part.full, spaced_numbers__contains=f" {part.full} ")
    return condition


def ends_with(shape: Shape) -> Q:
    condition = Q()
    for part in shape.numbers:
        for key in part.keys:
            condition |= Q(spaced_numbers__contains=f"{key} ")
    return condition


def truth(condition: Q) -> Case | Value:
    return Case(When(condition, then=True), default=False, output_field=BooleanField()) if condition else Value(False)


def reasons_for(row: Any, shape: Shape) -> Iterator[Reason]:
    for part in shape.numbers:
        yield from number_reasons(row, part)
    if shape.email or shape.full_email:
        yield from email_reasons(row, shape)
    if shape.reference:
        yield Reason(_("Reference"), shape.reference)
    if shape.words:
        yield from word_reasons(row, shape.words)


def email_reasons(row: Any, shape: Shape) -> Iterator[Reason]:
    if row.email.lower() == shape.full_email:
        yield Reason(_("Same e-mail"))
    elif shape.email and row.email.lower().startswith(shape.email):
        yield Reason(_("E-mail starts"), shape.email)


def number_reasons(row: Any, part: NumberPart) -> Iterator[Reason]:
    stored = row.numbers.split()
    ending = next((key for key in part.keys if any(number.endswith(key) for number in stored)), "")
    inside = next((key for key in part.keys if key in row.numbers), "")
    if part.full in stored:
        yield Reason(_("Same phone number"))
    elif ending:
        yield Reason(_("Phone ends"), ending)
    elif inside:
        yield Reason(_("Phone contains"), inside)
    elif part.is_one_word:
        yield from word_reasons(row, part.typed, asked=part.typed)


def word_reasons(row: Any, typed: str, asked: str = "") -> Iterator[Reason]:
    """Each word by the field it was found in; as typed, where typing and folding give the same number of words."""
    folded = (asked or row.asked).split()
    shown = typed.split() if len(typed.split()) == len(folded) else folded
    in_name, in_organisation = row.name_folded.split(), row.organisation_folded.split()
    by_name = [word for word, key in zip(shown, folded, strict=True) if begins(key, in_name)]
    by_organisation = [
        word
        for word, key in zip(shown, folded, strict=True)
        if begins(key, in_organisation) and not begins(key, in_name)
    ]
    if by_name:
        yield Reason(_("Name starts"), " ".join(by_name))
    if by_organisation:
        yield Reason(_("Organisation starts"), " ".join(by_organisation))


def begins(key: str, words: list[str]) -> bool:
    return any(word.startswith(key) for word in words)
