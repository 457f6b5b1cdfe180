"""The lookup: find a caller by whatever the specialist can type while the phone is at the ear (R-CAL-09).

What was typed is routed by its shape to an indexed column, never to `icontains`: four or more digits to the numbers,
`@` to the e-mail address, everything else to the words of names and organisation. All parts of a query must match. Only
when hardly anybody does, a misspelt name is looked for with the words of the dictionary (`contacts.dictionary`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQueryField, TrigramSimilarity
from django.db import connection
from django.db.models import BooleanField, Case, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, Greatest, Lower
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from audit.models import AccessEvent
from audit.services import record_access
from contacts import gate
from contacts.emails import keyed_digest
from contacts.folding import Fold, HasWords, Prefixes, Unindexed, WholeWords
from contacts.former_keys import contacts_known_by
from contacts.gate import Badge
from contacts.models import Contact
from contacts.shapes import NumberPart, Shape, shape_of
from contacts.why import Reason, one_line, reasons_for
from i2a.wall_time import say_day

LIMIT = 8
CANDIDATES = 1_000
FEW = 3  # with fewer matches than these, the name may be misspelt
MISSPELT_CANDIDATES = 500
MOST_HIDDEN = 20
SHOWN = [
    "uid", "name", "name_latin", "organisation", "category", "email", "status", "do_not_contact", "future_contact",
    "email_state", "email_fingerprint", "numbers", "name_folded", "organisation_folded", "last_activity_at",
]  # fmt: skip


@dataclass(frozen=True)
class Match:
    """`is_certain`: the whole number, address or reference that was typed. All others may be somebody else (F4)."""

    contact: Contact
    reasons: list[Reason]
    badge: Badge
    is_certain: bool

    @property
    def why(self) -> SafeString:
        """All reasons as one line."""
        return one_line(self.reasons)

    @property
    def last(self) -> str:
        return _("last on %(day)s") % {"day": say_day(self.contact.last_activity_at)}


@dataclass(frozen=True)
class Found:
    """At most `LIMIT` matches, certain ones first; `hidden_count` is how many there are that the user may not see."""

    term: str
    matches: list[Match] = field(default_factory=list)
    has_more: bool = False
    hidden_count: int = 0
    is_exact: bool = False
    is_too_short: bool = False

    @property
    def certain(self) -> list[Match]:
        return [match for match in self.matches if match.is_certain]

    @property
    def possible(self) -> list[Match]:
        return [match for match in self.matches if not match.is_certain]


def search(query: str, user: Any) -> Found:
    """Contacts of `user` that match every part of `query`. Recorded with a keyed fingerprint, never with the text.

    At most four queries and the record, however many match; six when nobody has the whole number that was typed.
    """
    shape = shape_of(query)
    if shape.is_empty:
        return Found(shape.term, is_too_short=bool(shape.term))
    contacts = Contact.objects.visible_to(user).active()
    rows = exact_rows(contacts, shape) or known_before(contacts, shape) or best_first(matching(contacts, shape), shape)
    if shape.words and len(rows) < FEW:
        rows += misspelt(contacts, shape, known=rows)
    return recorded(found_in(rows, shape, hidden_count=hidden_from(user, shape, shown=rows)))


def prefill(query: str) -> dict[str, str]:
    """What was typed into the lookup, as values of `CallerForm` for a new caller."""
    shape = shape_of(query)
    values = {
        "name": shape.words,
        "phone": shape.numbers[0].typed if shape.numbers else "",
        "email": shape.full_email or shape.email,
    }
    return {name: value for name, value in values.items() if value}


def found_in(rows: list[Any], shape: Shape, *, hidden_count: int) -> Found:
    """`rows` are `annotated`."""
    return Found(
        shape.term,
        matches=[Match(row, list(reasons_for(row, shape)), gate.badge_of(row), row.is_exact) for row in rows[:LIMIT]],
        has_more=len(rows) > LIMIT,
        hidden_count=hidden_count,
        is_exact=shape.is_exact,
    )


def recorded(found: Found) -> Found:
    detail = {"query": keyed_digest(found.term.casefold()), "count": len(found.matches), "hidden": found.hidden_count}
    record_access(kind=AccessEvent.Kind.SEARCHED, object_type="contacts.contact", detail=detail)
    return found


# Who matches


def exact_rows(contacts: "QuerySet[Contact]", shape: Shape) -> list[Any]:
    """Who has the one whole number or address that was typed: then nobody else is looked for.

    The index of digits would read every number of the area code, a hundred thousand of them.
    """
    if not shape.is_one_key:
        return []
    return best_first(annotated(contacts, shape).filter(is_exactly(shape)), shape)


def known_before(contacts: "QuerySet[Contact]", shape: Shape) -> list[Any]:
    """Who had the one whole number or address before a merge. They may have given it up: never a certain match."""
    known = contacts_known_by(shape)
    return best_first(annotated(contacts.filter(pk__in=known), shape, is_former=True), shape) if known else []


def matching(contacts: "QuerySet[Contact]", shape: Shape) -> "QuerySet[Contact]":
    asked = Prefixes(Value(shape.words))
    if shape.is_only_words:
        return annotated(likely(contacts, asked), shape)
    return annotated(contacts, shape).filter(*conditions(shape, asked))


def misspelt(contacts: "QuerySet[Contact]", shape: Shape, *, known: list[Any]) -> list[Any]:
    """Those whose name or organisation is spelled or sounds nearly so, the nearest first."""
    matches = with_comparable(contacts).filter(*conditions(shape, spelled_nearly(shape.words)))
    pks = matches.exclude(pk__in=[row.pk for row in known]).values("pk")[:MISSPELT_CANDIDATES]
    folded = Fold(Value(shape.words))
    nearness = Greatest(TrigramSimilarity("name_folded", folded), TrigramSimilarity("organisation_folded", folded))  # type: ignore[arg-type]
    rows = annotated(Contact.objects.filter(pk__in=pks), shape).order_by(nearness.desc(), "-last_activity_at", "-pk")
    return list(shown(rows)[: LIMIT + 1 - len(known)])


def spelled_nearly(words: str) -> Cast:
    """Asked beforehand: inside the query of contacts it would be worked out again for the plan and for each index, and
    the planner would not know how few of them there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT i2a_misspelt(%s)::text", [words])
        return Cast(Value(cursor.fetchone()[0]), SearchQueryField())


def conditions(shape: Shape, asked: Func) -> Iterator[Q]:
    for part in shape.numbers:
        yield has_number(part)
    if shape.email:
        yield Q(email_lower__startswith=shape.email) | has_address(shape)
    if shape.reference:
        yield Q(ref=shape.reference)
    if shape.words:
        yield Q(HasWords("words", asked))


def likely(contacts: "QuerySet[Contact]", asked: Func) -> "QuerySet[Contact]":
    """Matches by words, among which the newest are looked for: of 200 000 people 25 000 may be called "Ma…".

    Any `CANDIDATES` that match, which for most names are all; and those that match among the latest `CANDIDATES`, where
    the newest eight of a common name are. Sorting every match instead takes 10 times as long.
    """
    latest = contacts.order_by("-last_activity_at", "-pk").values("pk")[:CANDIDATES]
    among_latest = Contact.objects.filter(HasWords(Unindexed("words"), asked), pk__in=latest).values("pk")
    return Contact.objects.filter(
        pk__in=contacts.filter(HasWords("words", asked)).values("pk")[:CANDIDATES].union(among_latest)
    )


def best_first(contacts: "QuerySet[Contact]", shape: Shape) -> list[Any]:
    """Certain ones, then number endings, then the latest; one more than is shown."""
    ranks = ["-is_exact", "-is_suffix"] if shape.numbers or shape.full_email else []
    return list(shown(contacts.order_by(*ranks, "-last_activity_at", "-pk"))[: LIMIT + 1])


def shown(contacts: "QuerySet[Contact]") -> "QuerySet[Contact]":
    return gate.with_answers(contacts.only(*SHOWN))


def annotated(contacts: "QuerySet[Contact]", shape: Shape, *, is_former: bool = False) -> "QuerySet[Contact]":
    """With `is_exact`, `is_suffix`, `is_former` and `asked`: the folded words, as they are compared."""
    return with_comparable(contacts).annotate(
        is_exact=truth(is_exactly(shape)),
        is_suffix=truth(ends_with(shape)),
        is_former=Value(is_former),
        asked=Fold(Value(shape.words)),
    )


def hidden_from(user: Any, shape: Shape, *, shown: list[Any]) -> int:
    """How many contacts are just the one that was typed and none of the user's business: only ever counted.

    Only who knows the whole number or address, or two whole words of the name, learns that there is somebody.
    """
    if not (shape.is_exact or shape.is_name):
        return 0
    others = set(meant_by(shape)) - {row.pk for row in shown}
    return len(others) - Contact.objects.visible_to(user).filter(pk__in=others).count() if others else 0


def named(shape: Shape) -> "QuerySet[Contact]":
    """Everybody with exactly this number or address, or these whole words: for `hidden_from` alone."""
    exactly = is_exactly(shape) if shape.is_exact else Q(HasWords("words", WholeWords(Fold(Value(shape.words)))))
    return with_comparable(Contact.objects.active()).filter(exactly)


def meant_by(shape: Shape) -> list[int]:
    """Who is `named`; when there is nobody, who had this number or address before a merge."""
    return list(named(shape).values_list("pk", flat=True)[:MOST_HIDDEN]) or contacts_known_by(shape)


def hidden_matches(query: str, user: Any) -> list[Contact]:
    """The same records for those who do something about them on the server: no page may show them. Latest first."""
    shape = shape_of(query)
    if not shape.is_exact:
        return []
    matches = list(Contact.objects.filter(pk__in=meant_by(shape)).order_by("-last_activity_at", "-pk"))
    visible = Contact.objects.visible_to(user).filter(pk__in=[match.pk for match in matches])
    seen = set(visible.values_list("pk", flat=True))
    return [match for match in matches if match.pk not in seen]


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
    condition = has_address(shape)
    if shape.reference:
        condition |= Q(ref=shape.reference)
    for part in shape.numbers:
        if part.full:
            number = f"+{part.full}"
            condition |= Q(phone=number) | Q(mobile=number) | Q(fax=number)
    return condition


def ends_with(shape: Shape) -> Q:
    condition = Q()
    for part in shape.numbers:
        for key in part.keys:
            condition |= Q(spaced_numbers__contains=f"{key} ")
    return condition


def truth(condition: Q) -> Case | Value:
    return Case(When(condition, then=True), default=False, output_field=BooleanField()) if condition else Value(False)
