"""Why a contact matches what was typed, in words beside the match (F4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from contacts.shapes import NumberPart, Shape


@dataclass(frozen=True)
class Reason:
    """ "Phone ends" 0142. `term` is what was found, for `<mark>`; it may be empty."""

    label: str
    term: str = ""

    @property
    def html(self) -> SafeString:
        return format_html("{} <mark>{}</mark>", self.label, self.term) if self.term else format_html("{}", self.label)


def one_line(reasons: list[Reason]) -> SafeString:
    return format_html_join(" · ", "{}", ((reason.html,) for reason in reasons))


def reasons_for(row: Any, shape: Shape) -> Iterator[Reason]:
    if row.is_former:
        yield Reason(_("Known from a merged record"))
    for part in shape.numbers:
        yield from number_reasons(row, part)
    if shape.email or shape.full_email:
        yield from email_reasons(row, shape)
    if shape.reference:
        yield Reason(_("Reference"), shape.reference)
    if shape.words:
        yield from word_reasons(row, shape.words, row.asked)


def email_reasons(row: Any, shape: Shape) -> Iterator[Reason]:
    if row.email.lower() == shape.full_email:
        yield Reason(_("Same e-mail"))
    elif shape.email and row.email.lower().startswith(shape.email):
        yield Reason(_("E-mail starts"), shape.email)


def number_reasons(row: Any, part: NumberPart) -> Iterator[Reason]:
    stored = row.numbers.split()
    ending = next((key for key in part.keys if any(number.endswith(key) for number in stored)), "")
    inside = next((key for key in part.keys if key in row.numbers), "")
    if part.full in stored:
        yield Reason(_("Same phone number"))
    elif ending:
        yield Reason(_("Phone ends"), ending)
    elif inside:
        yield Reason(_("Phone contains"), inside)
    elif part.is_one_word:
        yield from word_reasons(row, part.typed, part.typed)


def word_reasons(row: Any, typed: str, asked: str) -> Iterator[Reason]:
    """Each word by the field it begins a word of; as typed, where typing and folding give the same number of words.

    A word that begins none was found by a similar one of the dictionary.
    """
    folded = asked.split()
    shown = typed.split() if len(typed.split()) == len(folded) else folded
    labels = {"name": _("Name starts"), "organisation": _("Organisation starts"), "": _("Spelled like")}
    fields = [field_of(row, key) for key in folded]
    for field, label in labels.items():
        if words := [word for word, place in zip(shown, fields, strict=True) if place == field]:
            yield Reason(label, " ".join(words))


def field_of(row: Any, key: str) -> str:
    """Where a word begins with `key`: "name", "organisation", or "" for nowhere."""
    for field in ["name", "organisation"]:
        if any(word.startswith(key) for word in getattr(row, f"{field}_folded").split()):
            return field
    return ""
