"""The one field for free text that goes into a record, and the form that has the guard read it (R-NOT-01, N7)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.choices import FutureContact
from contacts.guard import Finding, Kind, Severity, findings, masked
from contacts.models import Contact
from contacts.names import ForbiddenCharacter, TextField, normalised_lines

MAX_REASON = 200
SIN_REFUSED = gettext_lazy("This looks like a Social Insurance Number. It must not be recorded.")
CARD_REFUSED = gettext_lazy("This looks like a payment card number. It must not be recorded.")
Typed = dict[str, list[str]]


class NoteField(TextField):
    """Free text: one line, or several with `rows`. Its form is a `GuardedForm`.

    `reason` names the form's field for "necessary because …"; where there is none, what needs a reason is refused.
    """

    def __init__(self, *, max_length: int, rows: int = 0, reason: str = "", **kwargs: Any) -> None:
        self.rows, self.reason = rows, reason
        if rows:
            kwargs["widget"] = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        if not self.rows or value in self.empty_values:
            return super().to_python(value)
        try:
            return normalised_lines(str(value))
        except ForbiddenCharacter:
            raise ValidationError(str(self.forbidden), code="forbidden_characters") from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength` on several lines: it would cut off pasted text without a word. A counter says it instead."""
        attributes = super().widget_attrs(widget)
        if self.rows:
            attributes["data-i2a-count"] = str(attributes.pop("maxlength"))
        return attributes


class ReasonField(NoteField):
    """ "Necessary because …": why a number that should not be recorded must be."""

    def __init__(self) -> None:
        super().__init__(max_length=MAX_REASON, required=False, label=gettext_lazy("Necessary because"))


class GuardedForm(forms.Form):
    """A form whose `NoteField`s are read by the guard. What was typed stays in the boxes, whatever it finds."""

    contact: Contact | None = None

    def phones_of_contact(self) -> list[str]:
        """Numbers that are known to be the caller's own."""
        return phones_of(self.contact)

    def address_allowed(self) -> bool:
        return self.contact is not None and self.contact.future_contact == FutureContact.AGREED

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, field in self.fields.items():
            if isinstance(field, NoteField) and name in cleaned:
                self._judge(name, field, cleaned[name])
        return cleaned

    @property
    def asks_reason(self) -> bool:
        """Whether to draw the boxes for reasons: one is asked for now, or was given before."""
        with_reason = [(name, f.reason) for name, f in self.fields.items() if isinstance(f, NoteField) and f.reason]
        return any(self.has_error(name, "needs_reason") or self[reason].value() for name, reason in with_reason)

    @classmethod
    def masked(cls, typed: Typed, phones: list[str]) -> tuple[Typed, list[str]]:
        """What was typed without the numbers that may not even be kept in a draft; and what to say about them."""
        kept, said = dict(typed), []
        for name, field in cls.base_fields.items():
            if isinstance(field, NoteField) and typed.get(name):
                *_not_read, text = typed[name]  # of a box that was sent twice, a form reads the last
                found = findings(text, phones_of_contact=phones)
                kept[name] = [masked(text, found)]
                said += [str(refusal(finding)) for finding in found if is_refused(finding)]
        return kept, list(dict.fromkeys(said))

    def _judge(self, name: str, field: NoteField, text: str) -> None:
        """Old text is not judged again by a form that corrects something else."""
        if text and text == self.get_initial_for_field(field, name):
            if field.reason:
                self.cleaned_data[field.reason] = self.get_initial_for_field(self.fields[field.reason], field.reason)
            return
        found = findings(text, phones_of_contact=self.phones_of_contact(), address_allowed=self.address_allowed())
        refused = list(dict.fromkeys(refusal(finding) for finding in found if is_refused(finding)))
        if refused:
            self.add_error(name, [ValidationError(str(message), code="refused_number") for message in refused])
        elif found and not (field.reason and self.cleaned_data.get(field.reason)):
            self.add_error(name, ValidationError(warning(found, can_say_why=bool(field.reason)), code="needs_reason"))
        elif not found and field.reason:
            self.cleaned_data[field.reason] = ""


def phones_of(contact: Contact | None) -> list[str]:
    return [number for number in (contact.phone, contact.mobile, contact.fax) if number] if contact else []


def is_refused(finding: Finding) -> bool:
    return finding.severity is Severity.REFUSE


def refusal(finding: Finding) -> Any:
    return SIN_REFUSED if finding.kind == Kind.SIN else CARD_REFUSED


def warning(found: list[Finding], *, can_say_why: bool) -> str:
    kinds = get_text_list([str(kind.label) for kind in dict.fromkeys(finding.kind for finding in found)], _("and"))
    if can_say_why:
        return _("This looks like %(what)s. Take it out, or say below why it is necessary.") % {"what": kinds}
    return _("This looks like %(what)s. Take it out: only a note can hold it, with a reason.") % {"what": kinds}
