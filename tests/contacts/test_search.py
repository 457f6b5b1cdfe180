"""The lookup by every kind of thing a specialist types, and by whom (R-CAL-09, R-CON-11)."""

import pytest

from contacts.search import search
from tests.factories import ContactFactory


@pytest.fixture
def olena(specialist):
    return ContactFactory(
        name="Олена Коваленко",
        name_latin="Olena Kovalenko",
        organisation="Prairie Imaginary Foods Ltd.",
        email="olena@prairie-imaginary.example.com",
        phone="+14035550142",
        mobile="+971505550147",
    )


def why(found):
    return [(reason.label, reason.term) for match in found.matches for reason in match.reasons]


@pytest.mark.parametrize(
    ("typed", "reasons"),
    [
        ("0142", [("Phone ends", "0142")]),
        ("٠١٤٢", [("Phone ends", "0142")]),
        ("555 01", [("Phone contains", "55501")]),
        ("403-555-0142", [("Same phone number", "")]),
        ("(403) 555 0142 x204", [("Same phone number", "")]),
        ("011 971 50 555 0147", [("Same phone number", "")]),
        ("00971505550147", [("Same phone number", "")]),
        ("٠٥٠٥٥٥٠١٤٧", [("Phone ends", "505550147")]),
        ("koval", [("Name starts", "koval")]),
        ("KOVAL olena", [("Name starts", "KOVAL olena")]),
        ("коваленко", [("Name starts", "коваленко")]),
        ("koval 0142", [("Phone ends", "0142"), ("Name starts", "koval")]),
        ("imaginary koval", [("Name starts", "koval"), ("Organisation starts", "imaginary")]),
        ("olena@prairie", [("E-mail starts", "olena@prairie")]),
        ("OLENA@Prairie-Imaginary.example.COM", [("Same e-mail", "")]),
    ],
)
def test_a_caller_is_found_and_the_match_says_why(specialist, olena, typed, reasons):
    ContactFactory(name="Somebody Else", email="else@example.net", phone="+17805550999")

    found = search(typed, specialist)

    assert [match.contact for match in found.matches] == [olena]
    assert why(found) == reasons
