"""What may not stand in free text, and what may only for a reason (R-NOT-01, N7, T-14).

The text is read as a person reads it: digits of every script, every kind of dash and space, nothing invisible. Every
pattern is of bounded length, so that no text takes long (reliability F5). Values found here are never logged.
"""

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import phonenumbers
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.identifiers import passes_luhn, words_near


class Kind(models.TextChoices):
    """The label ends the sentence "This looks like …"."""

    SIN = "sin", _("a Social Insurance Number")
    CARD = "card", _("a payment card number")
    POSSIBLE_SIN = "possible_sin", _("a number that may be a Social Insurance Number")
    POSSIBLE_CARD = "possible_card", _("a number that may be a payment card number")
    HEALTH = "health", _("an Alberta health number")
    UCI = "uci", _("a client number of the federal immigration department (UCI)")
    PASSPORT = "passport", _("a passport number")
    BIRTH_DATE = "birth_date", _("a date of birth")
    POSTAL_CODE = "postal_code", _("a postal code, and no address may be kept")


class Severity(Enum):
    REFUSE = "refuse"
    WARN = "warn"


REFUSED = {Kind.SIN, Kind.CARD}
BEHIND_PLUS = {Kind.SIN: Kind.POSSIBLE_SIN, Kind.CARD: Kind.POSSIBLE_CARD}  # never refused (requirements 0.5)


@dataclass(frozen=True)
class Finding:
    """Where in the text something was found. What it is stays in the text."""

    kind: Kind
    start: int
    end: int

    @property
    def severity(self) -> Severity:
        return Severity.REFUSE if self.kind in REFUSED else Severity.WARN


@dataclass(frozen=True)
class Number:
    """Groups of digits that belong together: "046 454 286". `groups` are their lengths."""

    digits: str
    groups: tuple[int, ...]
    start: int
    end: int
    is_behind_plus: bool = False


JOINT = r"[ \-./_]{1,3}"  # between groups of one number
DIGITS = re.compile(r"(?<!\d)\d{1,19}(?!\d)")
IS_JOINT = re.compile(JOINT)
CARDS = [  # leading digits and lengths that issuers use
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|2[2-7]|6(?:011|4[4-9]|5)|35(?:2[89]|[3-8])|81"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"3(?:0[0-5]|[68])"), {14}),
    (re.compile(r"62"), {16, 17, 18, 19}),
]
LONGEST_CARD = 19
LONGEST_PHONE = 15

SIN_WORDS = re.compile(r"\b(?:s\.?i\.?n|n\.?a\.?s)\b|social\s+insurance|assurance\s+sociale", re.IGNORECASE)
HEALTH_WORDS = re.compile(
    r"\b(?:ahcip|phn|ulin|health\s+(?:care\s+)?(?:card|number|no|insurance)|carte\s+sant)", re.IGNORECASE
)
UCI_WORDS = re.compile(r"\b(?:uci|iuc|(?:unique\s+)?client\s+(?:id\b|identifi))", re.IGNORECASE)
PASSPORT_WORDS = re.compile(r"\bpass?e?ports?\b|\btravel\s+document\b|titre\s+de\s+voyage", re.IGNORECASE)
BIRTH_WORDS = re.compile(r"\b(?:born|d\.?o\.?b|birth|birth\s*da(?:te|y)|n[ée]e?\s+le|naissance)\b", re.IGNORECASE)
FILE_WORDS = re.compile(
    r"\b(?:file|application|lmia|eimt|reference|ref|case|form|job|offer|order|invoice|flight|room|noc|cnp|dossier|demande|"
    r"référence|formulaire|vol|tracking|receipt|confirmation|licen[cs]e)\b",
    re.IGNORECASE,
)
MONEY_BEFORE = re.compile(r"(?:[$€£¥]|\b(?:cad|usd|eur|inr|php|rs))\s?$", re.IGNORECASE)
MONEY_AFTER = re.compile(r"\s?(?:[$€£¥]|(?:cad|usd|eur|inr|php|dollars?|pesos?|rupees?|euros?)\b)", re.IGNORECASE)
BUSINESS_NUMBER_AFTER = re.compile(r"\s?R[CPTZMR]\s?\d{4}(?!\d)", re.IGNORECASE)

MONTH = r"(?:jan|feb|f[ée]v|mar|apr|avr|may|mai|jun|juin|jul|juil|aug|ao[uû]|sept?|oct|nov|dec|d[ée]c)[a-zéû]{0,6}\.?"
FULL_DATE = re.compile(
    r"(?<![\w])(?:"
    r"(?P<year_first>[12]\d{3})[-/. ]{1,2}\d{1,2}[-/. ]{1,2}\d{1,2}"
    r"|\d{1,2}[-/. ]{1,2}\d{1,2}[-/. ]{1,2}(?P<year_last>[12]\d{3})"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er)?[ -]{{1,2}}(?:of )?{MONTH}[ ,-]{{1,3}}(?P<year_after_month>[12]\d{{3}})"
    rf"|{MONTH}[ -]{{1,2}}\d{{1,2}}(?:st|nd|rd|th)?[ ,-]{{1,3}}(?P<year_after_day>[12]\d{{3}})"
    r"|(?P<run>19\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
    r")(?!\d)",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?<![\w-])(?:19\d\d|20[0-2]\d)(?![\w-])")
UCI = re.compile(r"(?<![\w-])(?:\d{4}-\d{4}|\d{2}-\d{4}-\d{4})(?![\w-])")
UCI_BY_WORD = re.compile(
    rf"(?<!\w)(?:\d{{2}}{JOINT}\d{{4}}{JOINT}\d{{4}}|\d{{4}}{JOINT}\d{{4}}|\d{{8}}|\d{{10}})(?!\w)"
)
PASSPORT = re.compile(r"(?<![\w-])(?:[A-Z]{1,2}[ ]?\d{6,8}|[A-Z]\d{6}[A-Z]{2}|[A-Z]\d{7}[A-Z])(?![\w-])")
PASSPORT_BY_WORD = re.compile(
    r"(?<![\w-])(?:[A-Z]{0,3}[ -]?\d{5,9}[A-Z]{0,2}|\d{2}[A-Z]{2}\d{5})(?![\w-])", re.IGNORECASE
)
POSTAL_CODE = re.compile(
    r"(?<!\w)[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d(?!\w)", re.IGNORECASE
)


def findings(text: str, *, phones_of_contact: Iterable[str] = (), address_allowed: bool = False) -> list[Finding]:
    """What the guard objects to, in the order of the text; where two overlap, the graver one.

    `phones_of_contact` are their numbers in any spelling: a number that may be one of these is none of ours to judge.
    """
    plain, places = as_read(text)
    phones = {digits for typed in phones_of_contact if len(digits := re.sub(r"\D", "", as_read(typed)[0])) >= 5}
    found = [
        Finding(kind, places[start], places[end - 1] + 1)
        for kind, start, end in (*about_numbers(plain, phones), *about_patterns(plain, phones))
        if kind != Kind.POSTAL_CODE or not address_allowed
    ]
    return without_overlaps(found)


def masked(text: str, found: Iterable[Finding]) -> str:
    """`text` with dots instead of what is refused, for places where it may not be kept even for a minute."""
    characters = list(text)
    for finding in found:
        if finding.severity is Severity.REFUSE:
            for place in range(finding.start, finding.end):
                characters[place] = "•" if characters[place].isalnum() else characters[place]
    return "".join(characters)


def as_read(text: str) -> tuple[str, list[int]]:
    """The text with 0-9 for digits of every script, "-" for dashes, " " for spaces; and where each character was."""
    plain, places = [], []
    for place, character in enumerate(text):
        if (shown := character_as_read(character)) is not None:
            plain.append(shown)
            places.append(place)
    return "".join(plain), places


def character_as_read(character: str) -> str | None:
    """One character, None for an invisible one."""
    if character.isascii():
        return " " if character.isspace() else character
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category in {"Cf", "Mn"}:
        return None
    if category == "Pd" or character in "−⁃·•‧":
        return "-"
    if category in {"Zs", "Zl", "Zp"}:
        return " "
    compatible = unicodedata.normalize("NFKC", character)
    return compatible if len(compatible) == 1 else character


def about_numbers(plain: str, phones: set[str]) -> Iterator[tuple[Kind, int, int]]:
    has_words = bool(SIN_WORDS.search(plain) or HEALTH_WORDS.search(plain))
    for number in numbers_in(plain):
        if len(number.groups) > 3 and len(number.digits) == 9 and not has_words:
            continue  # loose digits; only words could make a number of them
        kind = kind_of(number, plain)
        if kind and not is_phone(number, phones):
            yield BEHIND_PLUS.get(kind, kind) if number.is_behind_plus else kind, number.start, number.end


def kind_of(number: Number, plain: str) -> Kind | None:
    """SIN, card, health number, or nothing."""
    if len(number.digits) != 9:
        return Kind.CARD if is_card(number.digits) else None
    is_near = words_near(SIN_WORDS, plain, number.start, number.end)
    is_sin = passes_luhn(number.digits)
    if is_near:
        return Kind.SIN if is_sin else Kind.POSSIBLE_SIN
    if number.groups == (5, 4) or words_near(HEALTH_WORDS, plain, number.start, number.end):
        return Kind.HEALTH
    if number.groups not in {(3, 3, 3), (9,)} or not is_sin or is_something_else(number, plain):
        return None
    return Kind.SIN if len(number.groups) == 3 else Kind.POSSIBLE_SIN


def is_something_else(number: Number, plain: str) -> bool:
    """ "$123 456 782", "W123456782", and the business number of an employer with its programme."""
    after = plain[number.end : number.end + 12]
    before = plain[max(0, number.start - 5) : number.start]
    is_code = before[-1:].isalpha() or after[:1].isalpha()
    return bool(
        is_code or MONEY_BEFORE.search(before) or MONEY_AFTER.match(after) or BUSINESS_NUMBER_AFTER.match(after)
    )


def is_card(digits: str) -> bool:
    issued = any(len(digits) in lengths and start.match(digits) for start, lengths in CARDS)
    return issued and passes_luhn(digits)


def numbers_in(plain: str) -> Iterator[Number]:
    """Every run of neighbouring groups of 9 or 13 to 19 digits, but for those of a phone that starts with "+"."""
    for chain in chains_in(plain):
        sizes = [end - start for start, end in chain]
        digits = "".join(plain[start:end] for start, end in chain)
        phone_end, plus_end = ends_behind_plus(plain, chain)
        offset = 0  # in `digits`
        for first in range(len(chain)):
            total = 0
            for last in range(first, len(chain)):
                total += sizes[last]
                if total > LONGEST_CARD:
                    break
                start, end = chain[first][0], chain[last][1]
                if (total == 9 or total >= 13) and end > phone_end:
                    groups = tuple(sizes[first : last + 1])
                    yield Number(digits[offset : offset + total], groups, start, end, start < plus_end)
            offset += sizes[first]


def chains_in(plain: str) -> Iterator[list[tuple[int, int]]]:
    """Groups of digits, each chain those that only joints divide."""
    groups = [match.span() for match in DIGITS.finditer(plain)]
    chain = groups[:1]
    for before, group in pairwise(groups):
        if not IS_JOINT.fullmatch(plain, before[1], group[0]):
            yield chain
            chain = []
        chain.append(group)
    if chain:
        yield chain


def ends_behind_plus(plain: str, chain: list[tuple[int, int]]) -> tuple[int, int]:
    """Where the phone ends that "+" begins; and before where a number counts as begun by it. 0, 0 without one."""
    start = chain[0][0]
    if plain[max(0, start - 2) : start].strip()[-1:] != "+":
        return 0, 0
    digits = ""
    phone_end = 0
    for a, b in chain:
        digits += plain[a:b]
        if len(digits) > LONGEST_PHONE:
            break
        if is_possible_phone("+" + digits):
            phone_end = b
    return phone_end, chain[0][1] if phone_end else chain[-1][1]


def is_possible_phone(number: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def is_phone(number: Number, phones: set[str]) -> bool:
    """The same digits, with or without country code and leading zeros."""
    digits = number.digits.lstrip("0")
    return len(digits) >= 6 and any(phone.endswith(digits) for phone in phones)


def about_patterns(plain: str, phones: set[str]) -> Iterator[tuple[Kind, int, int]]:
    for kind, start, end in (*ucis(plain), *passports(plain), *birth_dates(plain)):
        digits = re.sub(r"\D", "", plain[start:end])
        if kind == Kind.BIRTH_DATE or not is_phone(Number(digits, (), start, end), phones):
            yield kind, start, end
    for match in POSTAL_CODE.finditer(plain):
        yield Kind.POSTAL_CODE, *match.span()


def ucis(plain: str) -> Iterator[tuple[Kind, int, int]]:
    for match in UCI.finditer(plain):
        if not is_years_or_times(match[0]):
            yield Kind.UCI, *match.span()
    for match in UCI_BY_WORD.finditer(plain):
        if words_near(UCI_WORDS, plain, *match.span()):
            yield Kind.UCI, *match.span()


def is_years_or_times(text: str) -> bool:
    """ "2019-2024", "2026-1187" and "0900-1630"."""
    halves = text.split("-")
    years = 1900 <= int(halves[0]) <= 2100
    times = all(int(half[:2]) <= 24 and int(half[2:] or 60) in {0, 15, 30, 45} for half in halves)
    return len(halves) == 2 and (years or times)


def passports(plain: str) -> Iterator[tuple[Kind, int, int]]:
    for match in PASSPORT.finditer(plain):
        if not words_near(FILE_WORDS, plain, match.start(), match.start()):
            yield Kind.PASSPORT, *match.span()
    for match in PASSPORT_BY_WORD.finditer(plain):
        if words_near(PASSPORT_WORDS, plain, *match.span()) and not FULL_DATE.fullmatch(match[0]):
            yield Kind.PASSPORT, *match.span()


def birth_dates(plain: str) -> Iterator[tuple[Kind, int, int]]:
    """A date beside a word about birth; and a full date of the last century, which is hardly ever anything else."""
    for match in FULL_DATE.finditer(plain):
        year = next(part for part in match.groups() if part)[:4]
        if year.startswith("19") or words_near(BIRTH_WORDS, plain, *match.span()):
            yield Kind.BIRTH_DATE, *match.span()
    for match in YEAR.finditer(plain):
        if words_near(BIRTH_WORDS, plain, match.start(), match.start(), within=12):
            yield Kind.BIRTH_DATE, *match.span()


def without_overlaps(found: list[Finding]) -> list[Finding]:
    """In the order of the text. The order of `Kind` is the order of gravity."""
    rank = {kind: place for place, kind in enumerate(Kind)}
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda each: (rank[each.kind], each.start)):
        place = bisect(kept, finding.start, key=lambda each: each.start)
        is_clear_before = place == 0 or kept[place - 1].end <= finding.start
        if is_clear_before and (place == len(kept) or finding.end <= kept[place].start):
            kept.insert(place, finding)
    return kept
