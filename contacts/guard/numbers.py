"""Social insurance, card and health numbers: runs of digits that have the right length, check digit or words beside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import phonenumbers

from contacts.guard.identifiers import passes_luhn, words_near
from contacts.guard.kinds import Kind

BEHIND_PLUS = {Kind.SIN: Kind.POSSIBLE_SIN, Kind.CARD: Kind.POSSIBLE_CARD}  # never refused (requirements 0.5)

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
MONEY_BEFORE = re.compile(r"(?:[$€£¥]|\b(?:cad|usd|eur|inr|php|rs))\s?$", re.IGNORECASE)
MONEY_AFTER = re.compile(r"\s?(?:[$€£¥]|(?:cad|usd|eur|inr|php|dollars?|pesos?|rupees?|euros?)\b)", re.IGNORECASE)
BUSINESS_NUMBER_AFTER = re.compile(r"\s?R[CPTZMR]\s?\d{4}(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Number:
    """Groups of digits that belong together: "046 454 286". `groups` are their lengths."""

    digits: str
    groups: tuple[int, ...]
    start: int
    end: int
    is_behind_plus: bool = False


def about_numbers(plain: str, phones: set[str]) -> Iterator[tuple[Kind, int, int]]:
    has_words = bool(SIN_WORDS.search(plain) or HEALTH_WORDS.search(plain))
    for number in numbers_in(plain):
        if len(number.groups) > 3 and len(number.digits) == 9 and not has_words:
            continue  # loose digits; only words could make a number of them
        kind = kind_of(number, plain)
        if kind and not is_phone(number.digits, phones):
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


def is_phone(digits: str, phones: set[str]) -> bool:
    """The same digits, with or without country code and leading zeros."""
    digits = digits.lstrip("0")
    return len(digits) >= 6 and any(phone.endswith(digits) for phone in phones)
