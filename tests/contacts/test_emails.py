"""One e-mail address (R-CON-10), and the fingerprint by which consent follows it."""

import pytest
from django.core.exceptions import ValidationError

from contacts.emails import OneEmailField, fingerprint, normalised


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("zoe@prairie-imaginary.example.com", "zoe@prairie-imaginary.example.com"),
        ("Zoe.Z@Example.COM", "Zoe.Z@example.com"),
        (" zoe+i2a@example.org ", "zoe+i2a@example.org"),
        ("info@BÜCHER.example", "info@bücher.example"),
        ("info@xn--bcher-kva.example", "info@bücher.example"),
        ("o'fictional@example.net", "o'fictional@example.net"),
        ("zoe@example.org. ", "zoe@example.org"),
        ("info@bu\u0308cher.example", "info@bücher.example"),
    ],
)
def test_one_address_has_one_form(typed, stored):
    assert OneEmailField().clean(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "a@example.org, b@example.org",
        "a@example.org;b@example.org",
        "Zoe <zoe@example.org>",
        "zoe@example.org\r\nBcc: all@example.org",
        "zoé@example.org",
        "u\u017fer@example.org",  # a long s, which becomes "user" when folded
        "zoe@ex\u017fample.org",
        "zoe@\uff45xample.org",  # fullwidth e
        "zoe@stra\u00dfe.example",  # an old table reads it as strasse
        "zoe\u202e@example.org",
        "zoe@example.org\u2066",
        "x" * 65 + "@example.org",
        "zoe@" + "d" * 300 + ".org",
        "zoe@localhost",
        "zoe@[192.0.2.1]",
        "zoe@example..org",
        "zoe@example.org..",
        ".zoe@example.org",
        "zoe",
        "@example.org",
        "zoe@",
        "\x00@example.org",
        "\ud800@example.org",
        "zoe@xn--\u00e9.example",
        "<script>@example.org",
        "=1+1@@example.org",
    ],
)
def test_anything_else_is_refused(typed):
    with pytest.raises(ValidationError, match=r"^\['Enter one e-mail address\.'\]$"):
        OneEmailField().clean(typed)


def test_a_fingerprint_is_blind_to_case_and_to_the_spelling_of_the_domain():
    spellings = ["Info@BÜCHER.example", "info@bücher.example", "INFO@xn--bcher-kva.example"]

    assert len({fingerprint(normalised(spelling)) for spelling in spellings}) == 1


def test_a_fingerprint_does_not_show_the_address():
    assert "zoe" not in fingerprint("zoe@example.org")
    assert len(fingerprint("zoe@example.org")) == 64


def test_no_address_has_no_fingerprint():
    assert fingerprint("") == ""
