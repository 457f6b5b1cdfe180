from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models.opening import StatedPurpose
from contacts.note_field import GuardedForm, NoteField


class OpeningForm(GuardedForm):
    """Why somebody opens a record that none of their work leads to."""

    purpose = forms.ChoiceField(
        label=_("Why you open it"),
        choices=StatedPurpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why you open the record.")},
    )
    words = NoteField(
        label=_("In a few words"),
        max_length=200,
        required=False,
        help_text=_("As in: the number of a file or request. No names and no numbers of the client."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("purpose") == StatedPurpose.OTHER and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", _("Say in a few words why you open the record."))
        return cleaned
