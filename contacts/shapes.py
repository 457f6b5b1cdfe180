"""What kind of thing was typed into the lookup: digits of a number, an e-mail address, a reference, words."""

import re
import unicodedata
from dataclasses import dataclass

from contacts import emails, phones
from contacts.names import SILENT_MARKS, is_forbidden

MAX_QUERY = 100
FEWEST_DIGITS = 4
REFERENCE = re.compile(r"P-\d{4}-\d{6,}", re.IGNORECASE)
NUMBER = re.compile(r"(?<!\w)\+?[ ]?\(?[0-9][0-9\s().\-/‐-―−]*[0-9](?!\w)")


@dataclass(frozen=True)
class NumberPart:
    """A run of digits: a stored number must contain one of `keys`; `full` is the whole number, if this is one."""

    typed: str
    keys: tuple[str, ...]
    full: str = ""

    @property
    def is_one_word(self) -> bool:
        """Plain digits may also begin a word of a name: "1234567 Alberta Ltd."."""
        return self.typed.isdigit()


@dataclass(frozen=True)
class Shape:
    """`term` is the query as it can be shown and fingerprinted."""

    term: str
    words: str = ""
    numbers: tuple[NumberPart, ...] = ()
    email: str = ""
    full_email: str = ""
    reference: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing to look for yet: one Latin letter would match half of all names."""
        return not (self.numbers or self.email or self.reference or has_enough_letters(self.words))

    @property
    def is_only_words(self) -> bool:
        return bool(self.words) and not (self.numbers or self.email or self.reference)

    @property
    def is_name(self) -> bool:
        """Nothing but at least two words: somebody was named, not only begun."""
        return self.is_only_words and len(self.words.split()) > 1

    @property
    def is_exact(self) -> bool:
        """Only a full phone number or e-mail address was typed, so that a match is certain."""
        return not self.words and bool(self.full_email or any(part.full for part in self.numbers))

    @property
    def is_one_key(self) -> bool:
        """One whole number or one whole address, and nothing else."""
        return self.is_exact and len(self.numbers) + bool(self.email) == 1


def shape_of(query: str) -> Shape:
    """Never raises, whatever is typed."""
    term = storable(query)
    if REFERENCE.fullmatch(term):
        return Shape(term, reference=term.upper())
    tokens = term.split()
    address = next((token for token in tokens if "@" in token.strip("@")), "")
    rest = phones.ascii_digits(" ".join(token for token in tokens if token != address))
    numbers = tuple(part for found in NUMBER.finditer(rest) if (part := number_part(found[0])))
    words = NUMBER.sub(lambda found: " " if number_part(found[0]) else found[0], without_extension(rest))
    return Shape(
        term,
        words=" ".join(words.split()),
        numbers=numbers,
        email=address.lower(),
        full_email=full_address(address),
    )


def has_enough_letters(words: str) -> bool:
    """Two Latin letters or digits, or one of another script, where a letter may be a name."""
    return bool(re.search(r"[^\W_]{2}", words)) or any(not c.isascii() and c.isalnum() for c in words)


def storable(query: str) -> str:
    """NFC, one line, without what PostgreSQL or a reader could stumble over, cut to a sensible length."""
    text = unicodedata.normalize("NFC", query.translate(SILENT_MARKS)[: MAX_QUERY * 2])
    return " ".join("".join(" " if is_forbidden(character) else character for character in text).split())[:MAX_QUERY]


def without_extension(rest: str) -> str:
    """ "403-555-0142 x204" looks up the number."""
    number, extension = phones.split_extension(rest)
    return number if extension and sum(map(str.isdigit, number)) >= FEWEST_DIGITS else rest


def number_part(typed: str) -> NumberPart | None:
    """How a stored number (digits of E.164) may contain what was typed; None for fewer than four digits."""
    dialled = phones.SEPARATORS.sub("", phones.TRUNK_ZERO.sub("", typed)).lstrip("+")
    if len(dialled) < FEWEST_DIGITS:
        return None
    keys = {dialled}
    if dialled.startswith("0") and len(dialled) >= 7:  # a prefix for abroad or within a country, which E.164 has not
        keys = {dialled.lstrip("0")}
        if dialled.startswith("011"):
            keys.add(dialled[3:])
    full = full_number(typed)
    keys = {key for key in keys | {full} if len(key) >= FEWEST_DIGITS} or {dialled}
    fewest = tuple(sorted(key for key in keys if not any(other in key for other in keys - {key})))
    return NumberPart(typed.strip(), fewest, full)


def full_number(typed: str) -> str:
    """The digits of E.164, "" when this is only a part of a number."""
    try:
        return phones.read_number(typed).e164.removeprefix("+")
    except phones.NotPossible:
        return ""


def full_address(address: str) -> str:
    try:
        return emails.normalised(address).lower()
    except emails.NotAnAddress:
        return ""
