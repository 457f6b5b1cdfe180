"""Numbers of the world, in any spelling (R-CON-09, T-08, story 12)."""

import pytest

from contacts.phones import NotPossible, read_number, to_edit

SAME_NUMBER = [
    ("+971 50 555 0147", "CA"),
    ("00971 50 555 0147", "CA"),
    ("00971-50-555-0147", "UA"),
    ("011 971 50 555 0147", "CA"),
    ("011 971 50 555 0147", "US"),
    ("٠٥٠٥٥٥٠١٤٧", "AE"),
    ("050 555 0147", "AE"),
    ("۰۵۰۵۵۵۰۱۴۷", "AE"),
    ("\u202d+971505550147\u202c", "CA"),  # as a phone copies it
    ("＋９７１ ５０ ５５５ ０１４７", "CA"),
]


@pytest.mark.parametrize(("typed", "country"), SAME_NUMBER)
def test_every_spelling_reads_as_the_same_number(typed, country):
    assert read_number(typed, country).e164 == "+971505550147"


def test_011_dials_abroad_from_north_america_only():
    assert read_number("011 4982 5555", "AR").e164.startswith("+54")


@pytest.mark.parametrize(
    "typed",
    [
        "403-555-0142 x204",
        "403-555-0142x204",
        "403 555 0142 ext. 204",
        "403 555 0142 ext 204",
        "(403) 555-0142, poste 204",
        "403.555.0142 Extension 204",
        "403 555 0142 #204",
    ],
)
def test_extensions_in_english_and_french(typed):
    number = read_number(typed)

    assert (number.e164, number.extension) == ("+14035550142", "204")


@pytest.mark.parametrize(
    "typed",
    ["12345", "555-0117", "911", "abc", "1-800-FLOWERS", "+", "x204", "9" * 10_000, "\x00", "\ud800", "+999 1234567"],
)
def test_what_is_no_full_number_is_refused(typed):
    with pytest.raises(NotPossible):
        read_number(typed)


def test_a_number_no_country_gives_out_is_possible_but_not_valid():
    number = read_number("+971 10 555 0147")

    assert (number.is_valid, number.country) == (False, "AE")


def test_the_british_trunk_zero_is_left_out():
    assert read_number("+44 (0)20 7946 0958").e164 == "+442079460958"


@pytest.mark.parametrize("e164", ["+14035550142", "+971505550147", "+80012345678"])
@pytest.mark.parametrize("country", ["CA", "AE", "UA"])
def test_a_stored_number_reads_back_as_itself_from_the_form(e164, country):
    number = read_number(to_edit(e164, "204"), country)

    assert (number.e164, number.extension) == (e164, "204")
