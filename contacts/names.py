"""Names and other short texts in any script: one stored form, nothing that could hide or reorder text (R-CON-08)."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BIDI_CONTROLS = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
# Direction marks and the byte order mark come along when text is pasted; they say nothing and would split a word.
SILENT_MARKS = dict.fromkeys([0x200E, 0x200F, 0x061C, 0xFEFF])
LINE_ENDS = str.maketrans({"\r": "\n", "\t": " "})
FORBIDDEN_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}  # control characters, lone surrogates, line and paragraph separators


class ForbiddenCharacter(ValueError):
    """The text holds a control character, a lone surrogate or a bidi override."""


def is_forbidden(character: str) -> bool:
    return character in BIDI_CONTROLS or unicodedata.category(character) in FORBIDDEN_CATEGORIES


def normalised(text: str) -> str:
    """NFC, single spaces, no silent marks; what only consists of invisible characters becomes "" (T-07).

    :raises ForbiddenCharacter: control character, lone surrogate or bidi override inside the text.
    """
    text = text.strip()
    if any(map(is_forbidden, text)):
        raise ForbiddenCharacter
    text = " ".join(unicodedata.normalize("NFC", text.translate(SILENT_MARKS)).split())
    return text if any(unicodedata.category(character) != "Cf" for character in text) else ""


def normalised_lines(text: str) -> str:
    """The same of several lines: tabs become spaces, line ends are one kind, spaces inside a line stay as they are.

    :raises ForbiddenCharacter: as `normalised`.
    """
    lines = text.replace("\r\n", "\n").translate(LINE_ENDS).split("\n")
    for line in lines:
        normalised(line)
    return unicodedata.normalize("NFC", "\n".join(line.rstrip() for line in lines).strip())


class TextField(forms.CharField):
    """One line of text. Refuses what `normalised` refuses, in words; never raises anything else."""

    forbidden: str | Promise = _("This contains characters that are not allowed.")

    def __init__(self, **kwargs: Any) -> None:
        messages = {"max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d.")}
        kwargs["error_messages"] = messages | kwargs.get("error_messages", {})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        try:
            return normalised(str(value)) if value not in self.empty_values else ""
        except ForbiddenCharacter:
            raise ValidationError(str(self.forbidden), code="forbidden_characters") from None


class NameField(TextField):
    """The name of a person."""

    forbidden = _("The name contains characters that are not allowed.")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"dir": "auto", "autocomplete": "off", "spellcheck": "false"}
