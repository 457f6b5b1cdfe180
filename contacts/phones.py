"""Phone numbers of the world (R-CON-09, T-08): typed in any spelling, kept as E.164."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult

HOME = "CA"
SHARES_OUR_PREFIX = {"CA", "US"}  # where 011 dials abroad; elsewhere it can be an area code (requirements 0.5)
MAX_TYPED = 40
SEPARATORS = re.compile(r"[\s().\-/‐-―−·]+")
EXTENSION = re.compile(r"(?<![A-Za-z])(?:ext(?:ension)?|poste|x|#)[\s.:]*(\d{1,10})$", re.IGNORECASE)
TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")  # +44 (0)20 …


class NotPossible(ValueError):
    """No phone number of any country has this shape."""


@dataclass(frozen=True)
class Number:
    """`e164` is `+14035550142`; `is_valid` says whether the country really gives out such numbers."""

    e164: str
    extension: str
    is_valid: bool
    country: str


def read_number(typed: str, country: str = HOME) -> Number:
    """Read a number as a person types it: any digits, separators, `00` or `011` in front, `x204` behind.

    `country` is where the number is local, unless it starts with `+` or a prefix for abroad.

    :raises NotPossible: too short, too long, letters, or an unknown country code.
    """
    digits, extension = split_extension(ascii_digits(typed))
    dialled = with_plus(SEPARATORS.sub("", TRUNK_ZERO.sub("", digits)), country)
    if not re.fullmatch(r"\+?[0-9]{5,17}", dialled):
        raise NotPossible
    try:
        parsed = phonenumbers.parse(dialled, country)
    except phonenumbers.NumberParseException:
        raise NotPossible from None
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    is_possible = phonenumbers.is_possible_number_with_reason(parsed) == ValidationResult.IS_POSSIBLE
    if not is_possible or not re.fullmatch(r"\+[1-9][0-9]{6,14}", e164):
        raise NotPossible  # IS_POSSIBLE_LOCAL_ONLY, seven digits without an area code, is not enough either
    return Number(e164, extension, phonenumbers.is_valid_number(parsed), country_of(parsed, country))


def ascii_digits(typed: str) -> str:
    """The text with the digits of every script as 0-9, without the invisible marks that phones copy along."""
    return "".join(
        str(unicodedata.digit(character)) if unicodedata.category(character) == "Nd" else character
        for character in typed.replace("＋", "+")
        if unicodedata.category(character) not in {"Cf", "Cc", "Cs"}
    ).strip()


def split_extension(typed: str) -> tuple[str, str]:
    """ "403-555-0142 poste 204" is ("403-555-0142", "204")."""
    found = EXTENSION.search(typed)
    return (typed[: found.start()].rstrip(" ,;"), found[1]) if found else (typed, "")


def with_plus(dialled: str, country: str) -> str:
    """`00` and, dialled from North America, `011` mean `+`: the library would read `00971…` as a Canadian number."""
    if dialled.startswith("00"):
        return "+" + dialled[2:]
    if dialled.startswith("011") and country in SHARES_OUR_PREFIX:
        return "+" + dialled[3:]
    return dialled


def country_of(parsed: phonenumbers.PhoneNumber, country: str) -> str:
    """Where the number is from; of a number no country gives out, the country it was typed for. "" for none."""
    region = phonenumbers.region_code_for_number(parsed)
    shared_by = phonenumbers.region_codes_for_country_code(parsed.country_code or 0)
    if region is None and shared_by:
        region = country if country in shared_by else shared_by[0]
    return region if region and region.isalpha() else ""


def as_typed(typed: str) -> str:
    """What is kept beside the E.164 form: one line, nothing invisible, at most 40 characters."""
    visible = "".join(
        character for character in typed if unicodedata.category(character) not in {"Cf", "Cc", "Cs", "Zl", "Zp"}
    )
    return " ".join(visible.split())[:MAX_TYPED]


def to_edit(e164: str, extension: str = "") -> str:
    """A stored number as it stands in a form: with `+`, so it reads back as itself whatever the country picker says."""
    if not e164:
        return ""
    text = phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)
    return f"{text} x{extension}" if extension else text
