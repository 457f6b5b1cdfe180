"""Writing a note and amending one (R-NOT-01)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.edit_form import OUT_OF_DATE
from contacts.models import Contact, NoteRevision
from contacts.models.notes import MAX_NOTE
from contacts.note_field import GuardedForm, NoteField, ReasonField
from i2a.conflicts import Difference


class TextOfNote(GuardedForm):
    body = NoteField(
        max_length=MAX_NOTE,
        rows=6,
        reason="reason",
        label=_("Note"),
        error_messages={
            "required": _("Write the note."),
            "max_length": _("A note may have at most 4,000 characters."),
        },
    )
    reason = ReasonField()

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact


class NoteForm(TextOfNote):
    form_uuid = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    )


class AmendForm(TextOfNote):
    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    )

    def __init__(self, *args: Any, newest: NoteRevision, **kwargs: Any) -> None:
        initial = {"body": newest.body, "reason": newest.override_reason, "version": newest.note.version}
        super().__init__(*args, initial=initial, **kwargs)

    def differences(self, newest: NoteRevision) -> list[Difference]:
        """Ask after `is_valid()`."""
        mine = self.cleaned_data
        pairs = [("body", newest.body), ("reason", newest.override_reason)]
        return [
            Difference(label=self.fields[name].label or name, mine=mine[name], theirs=theirs, is_mine=True)
            for name, theirs in pairs
            if mine[name] != theirs
        ]

    def on_top_of(self, newest: NoteRevision) -> "AmendForm":
        """The same entries, ready to be saved over `newest`."""
        entries = {"body": self.cleaned_data["body"], "reason": self.cleaned_data["reason"]}
        return AmendForm(entries | {"version": str(newest.note.version)}, contact=self.contact, newest=newest)
