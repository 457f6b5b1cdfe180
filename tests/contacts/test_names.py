"""Names in any script (R-CON-08, story 11)."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from contacts.names import NameField, TextField

NAMES = [
    "أحمد النجّار الخيالي",
    "王虚构",
    "Nguyễn Thị Ánh Tưởng Tượng",
    "Łukasz Zmyślony",
    "D'Arcy O'Fictional-Smythe",
    "Rekaan",
    "A" * 120,
    "نیم‌فاصله",  # a zero-width non-joiner is part of Persian spelling
    "क्‍ष",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_world_are_kept_as_they_are(name):
    assert NameField(max_length=200).clean(name) == unicodedata.normalize("NFC", name)


def test_composed_and_decomposed_spellings_become_one():
    assert NameField().clean("Zoe\u0308") == NameField().clean("Zoë")


@pytest.mark.parametrize("mark", ["\u202e", "\u202a", "\u2066", "\u2069", "\x00", "\x07", "\ud800", "\r\n", "\u2028"])
def test_marks_that_hide_or_reorder_text_are_refused(mark):
    with pytest.raises(ValidationError, match=r"^\['The name contains characters that are not allowed\.'\]$"):
        NameField().clean(f"Ama{mark}ra")


def test_direction_marks_that_come_along_when_pasting_are_dropped():
    assert NameField().clean("\u200fאבא\u200f ") == "אבא"


def test_a_name_of_invisible_characters_is_no_name():
    assert NameField(required=False).clean("\u200d\u200c") == ""


def test_a_text_that_is_too_long_is_refused_with_both_lengths():
    with pytest.raises(ValidationError, match="Shorten this to 200 characters; it has 10000"):
        TextField(max_length=200).clean("x" * 10_000)


def test_formula_text_is_only_text():
    assert TextField(max_length=200).clean('=HYPERLINK("http://x")') == '=HYPERLINK("http://x")'
