"""Withdrawals without a call, and "do not contact": how the client told us, and what they still expect (R-CNS-03)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.choices import Purpose, Source
from contacts.consent_form import many_chips
from contacts.forms import chips
from contacts.ledger import uncapitalised
from contacts.models import ConsentEvent, Contact
from contacts.note_field import GuardedForm, NoteField
from contacts.pending import Fate, Work, works_of

HOW_MISSING = _("Choose how the client told us.")


def how_field() -> forms.ChoiceField:
    told = [Source.CALL, Source.CHAT, Source.EMAIL, Source.FAX]
    labels = [_("On the phone"), _("In a chat"), _("By e-mail"), _("By fax")]
    return chips(
        list(zip(told, labels, strict=True)),
        label=_("How the client told us"),
        error_messages={"required": HOW_MISSING},
    )


def offer_works(form: forms.Form, works: list[Work]) -> None:
    """Work that the client asked for, each to be kept or not; and which of it the page showed: nothing else may end."""
    asked = [(work.key, work.label) for work in works if work.fate == Fate.ASKED]
    for name in ("still_expected", "work_shown"):
        form.fields[name].choices = asked  # type: ignore[attr-defined]
    form.fields["work_shown"].initial = [key for key, _label in asked]


class DoNotContactForm(forms.Form):
    source = how_field()
    still_expected = many_chips([], required=False, label=_("Client still expects this answer"))
    work_shown = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, data: Any = None, *, contact: Contact) -> None:
        super().__init__(data)
        self.works = works_of(contact)
        offer_works(self, self.works)

    def dropped(self) -> set[str]:
        """Ask after `is_valid()`."""
        return set(self.cleaned_data["work_shown"]) - set(self.cleaned_data["still_expected"])


class WithdrawForm(forms.Form):
    """One purpose, several or all. No reason is asked (R-CNS-04)."""

    source = how_field()
    purposes = many_chips(
        [], label=_("What ends"), error_messages={"required": _("Choose what the client no longer wants.")}
    )

    def __init__(self, data: Any = None, *, live: list[str]) -> None:
        super().__init__(data)
        self.fields["purposes"].choices = [(value, Purpose(value).label) for value in live]  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    source = how_field()


class CorrectionForm(GuardedForm):
    """Which entries of one answer were wrong, and why."""

    entries = many_chips([], label=_("Which entries"), error_messages={"required": _("Choose what was wrong.")})
    reason = NoteField(max_length=200, label=_("What was wrong"), error_messages={"required": _("Say what was wrong.")})

    def __init__(self, data: Any = None, *, contact: Contact, events: list[ConsentEvent]) -> None:
        super().__init__(data)
        self.contact = contact
        choices = [
            (str(event.uid), f"{event.get_purpose_display()}, {uncapitalised(str(event.get_channel_display()))}")
            for event in events
        ]
        self.fields["entries"].choices = choices  # type: ignore[attr-defined]
        self.fields["entries"].initial = [value for value, _label in choices]
