"""What is known by its shape or the word beside it: client numbers, passports, dates of birth, postal codes."""

import re
from collections.abc import Iterator

from contacts.guard.identifiers import words_near
from contacts.guard.kinds import Kind
from contacts.guard.numbers import JOINT, is_phone

UCI_WORDS = re.compile(r"\b(?:uci|iuc|(?:unique\s+)?client\s+(?:id\b|identifi))", re.IGNORECASE)
PASSPORT_WORDS = re.compile(r"\bpass?e?ports?\b|\btravel\s+document\b|titre\s+de\s+voyage", re.IGNORECASE)
BIRTH_WORDS = re.compile(r"\b(?:born|d\.?o\.?b|birth|birth\s*da(?:te|y)|n[ée]e?\s+le|naissance)\b", re.IGNORECASE)
FILE_WORDS = re.compile(
    r"\b(?:file|application|lmia|eimt|reference|ref|case|form|job|offer|order|invoice|flight|room|noc|cnp|dossier|demande|"
    r"référence|formulaire|vol|tracking|receipt|confirmation|licen[cs]e)\b",
    re.IGNORECASE,
)

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


def about_patterns(plain: str, phones: set[str]) -> Iterator[tuple[Kind, int, int]]:
    for kind, start, end in (*ucis(plain), *passports(plain), *birth_dates(plain)):
        digits = re.sub(r"\D", "", plain[start:end])
        if kind == Kind.BIRTH_DATE or not is_phone(digits, phones):
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
