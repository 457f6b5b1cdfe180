"""Numbers that must not, or need not, stand in free text (R-NOT-01, N7, T-14, F5)."""

import re
from pathlib import Path

import pytest

from contacts.guard import Kind, Severity, findings, masked
from contacts.guard import numbers as in_numbers
from contacts.guard import patterns as in_patterns

CORPUS = Path(__file__).with_name("guard_corpus.tsv")


def corpus():
    """(what the guard has to say, or "-"; an invented note)."""
    return [line.split("\t") for line in CORPUS.read_text(encoding="utf-8").splitlines()]


def kinds(text, **known):
    return [finding.kind for finding in findings(text, **known)]


def test_it_finds_at_least_98_of_100_numbers():
    with_number = [(kind, text) for kind, text in corpus() if kind != "-"]

    missed = [text for kind, text in with_number if kind not in kinds(text)]

    assert len(with_number) >= 100
    assert len(missed) <= 0.02 * len(with_number), missed


def test_it_raises_at_most_2_false_alarms_in_100_notes():
    without = [text for kind, text in corpus() if kind == "-"]

    alarms = [text for text in without if findings(text)]

    assert len(without) >= 100
    assert len(alarms) <= 0.02 * len(without), alarms


@pytest.mark.parametrize(
    ("text", "kind", "severity"),
    [
        ("client SIN 046 454 286", Kind.SIN, Severity.REFUSE),
        ("046-454-286", Kind.SIN, Severity.REFUSE),
        ("SIN 046454286", Kind.SIN, Severity.REFUSE),
        ("046454286 (NAS)", Kind.SIN, Severity.REFUSE),
        ("046454286", Kind.POSSIBLE_SIN, Severity.WARN),
        ("SIN 046454287", Kind.POSSIBLE_SIN, Severity.WARN),
        ("4111 1111 1111 1111", Kind.CARD, Severity.REFUSE),
        ("4111111111111111", Kind.CARD, Severity.REFUSE),
        ("UCI 1122-3344", Kind.UCI, Severity.WARN),
        ("passport AB123456", Kind.PASSPORT, Severity.WARN),
        ("PHN 12345-6789", Kind.HEALTH, Severity.WARN),
        ("born 12 March 1985", Kind.BIRTH_DATE, Severity.WARN),
        ("lives at T1R 0Z9", Kind.POSTAL_CODE, Severity.WARN),
    ],
)
def test_what_it_refuses_and_what_it_warns_of(text, kind, severity):
    assert [(finding.kind, finding.severity) for finding in findings(text)] == [(kind, severity)]


@pytest.mark.parametrize(
    "text",
    [
        "046454287",  # nine digits alone that fail the Luhn test
        "4111 1111 1111 1112",  # a card number that fails it
        "000 000 000",
        "C-2026-000123 and P-2026-000045",
        "$046 454 286",
    ],
)
def test_what_it_lets_pass(text):
    assert findings(text) == []


@pytest.mark.parametrize(
    "typed", ["٠٤٦ ٤٥٤ ٢٨٦", "０４６　４５４　２８６", "046\u00a0454\u202f286", "046–454—286", "0\u200b46−454‑286"]
)
def test_digits_dashes_and_spaces_of_every_kind_count(typed):
    assert kinds(typed) == [Kind.SIN]


@pytest.mark.parametrize("phone", ["+48046454286", "046 454 286", "+46454286"])
def test_a_number_that_may_be_the_contact_s_own_phone_is_never_refused(phone):
    assert findings("Call 046 454 286", phones_of_contact=[phone]) == []


def test_a_number_that_starts_with_plus_is_never_refused():
    assert findings("+48 501 234 567 and +63 917 555 0143") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("+046 454 286", Kind.POSSIBLE_SIN),
        ("SIN + 046 454 286", Kind.POSSIBLE_SIN),
        ("+1 046 454 286", Kind.POSSIBLE_SIN),
        ("+4111 1111 1111 1111", Kind.POSSIBLE_CARD),
    ],
)
def test_behind_a_plus_even_what_no_phone_can_be_needs_no_more_than_a_reason(text, kind):
    assert [(finding.kind, finding.severity) for finding in findings(text)] == [(kind, Severity.WARN)]


@pytest.mark.parametrize("text", ["+63 917 555 0143 046 454 286", "Ask for +1, 046 454 286"])
def test_a_plus_does_not_protect_the_number_after_its_own(text):
    assert kinds(text) == [Kind.SIN]


def test_a_sin_behind_an_international_number_is_found():
    text = "+63 917 555 0143, SIN 046 454 286"

    assert [text[finding.start : finding.end] for finding in findings(text)] == ["046 454 286"]


def test_a_postal_code_is_fine_where_an_address_may_be_kept():
    assert findings("Moving to T1R 0Z9", address_allowed=True) == []


def test_it_says_where_in_the_text_as_it_was_typed():
    text = "Nummer ٠٤٦\u200b ٤٥٤ ٢٨٦ !"

    (finding,) = findings(text)

    assert text[finding.start : finding.end] == "٠٤٦\u200b ٤٥٤ ٢٨٦"


def test_a_finding_does_not_carry_the_number():
    assert "286" not in repr(findings("Good day, client SIN 046 454 286"))


def test_masking_takes_out_what_is_refused_and_nothing_else():
    text = "SIN 046 454 286, passport AB123456"

    assert masked(text, findings(text)) == "SIN ••• ••• •••, passport AB123456"


HOSTILE = ["1" * 50_000, "A1" * 25_000, "SIN " * 12_500, "12 mar " * 7_000, " " * 50_000, "-" * 50_000, "1-" * 25_000]


def patterns():
    values = [*vars(in_numbers).values(), *vars(in_patterns).values()]
    return [value for value in values if isinstance(value, re.Pattern)]


def test_every_pattern_is_of_bounded_length():
    """No unbounded repetition but of spaces between two words: then no text makes a pattern try for long (F5)."""
    for pattern in patterns():
        unbounded = re.findall(r"(?<!\\)[*+]", re.sub(r"\\s[*+]", "", re.sub(r"\[[^]]*]", "x", pattern.pattern)))
        assert not unbounded, pattern.pattern


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:7])
def test_hostile_text_is_read_to_its_end(text):
    for pattern in patterns():
        assert sum(1 for _match in pattern.finditer(text)) <= len(text)


def test_where_findings_overlap_the_graver_one_stays_and_the_order_is_that_of_the_text():
    text = "T1R 0Z9, SIN 046 454 286, passport AB123456, T2P 1J9"

    kept = [Kind.POSTAL_CODE, Kind.SIN, Kind.PASSPORT, Kind.POSTAL_CODE]
    assert kinds(text) == kept
    assert kinds(f"{text} " * 500) == kept * 500
