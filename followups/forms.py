from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.edit_form import OUT_OF_DATE
from contacts.note_field import GuardedForm, NoteField
from followups.models import FollowUp
from i2a.conflicts import Difference

HOW_ANSWERED = _("Record how the client was answered.")


class CloseForm(GuardedForm):
    """How the client was answered (R-FUP-03)."""

    method = forms.ChoiceField(
        label=_("Answered by"),
        choices=FollowUp.Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": HOW_ANSWERED, "invalid_choice": HOW_ANSWERED},
    )
    outcome = NoteField(
        label=_("What the answer was"),
        max_length=200,
        help_text=_("In a few words. No passport, SIN or file numbers."),
        error_messages={"required": HOW_ANSWERED},
    )

    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    )

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": follow_up.version}, **kwargs)
        self.follow_up, self.contact = follow_up, follow_up.contact

    def differences(self) -> list[Difference]:
        """Between these entries and what is saved. Ask after `is_valid()`."""
        saved, mine = self.follow_up, self.cleaned_data
        rows = [("method", saved.get_method_display(), FollowUp.Method(mine["method"]).label)]
        rows.append(("outcome", saved.outcome or saved.cancel_reason, mine["outcome"]))
        return [
            Difference(label=self.fields[name].label or name, mine=str(entered), theirs=theirs)
            for name, theirs, entered in rows
            if theirs != entered
        ]

    def on_top(self) -> "CloseForm":
        """The same entries, ready to be saved over what is saved now."""
        entries = {"method": self.cleaned_data["method"], "outcome": self.cleaned_data["outcome"]}
        return CloseForm(entries | {"version": str(self.follow_up.version)}, follow_up=self.follow_up)
