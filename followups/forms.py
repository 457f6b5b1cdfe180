from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.note_field import GuardedForm, NoteField
from followups.models import FollowUp

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

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = follow_up.contact
