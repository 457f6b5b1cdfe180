from django import forms
from django.utils.translation import gettext_lazy as _

from followups.models import FollowUp

HOW_ANSWERED = _("Record how the client was answered.")


class CloseForm(forms.Form):
    """How the client was answered (R-FUP-03)."""

    method = forms.ChoiceField(
        label=_("Answered by"),
        choices=FollowUp.Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": HOW_ANSWERED, "invalid_choice": HOW_ANSWERED},
    )
    outcome = forms.CharField(
        label=_("What the answer was"),
        max_length=FollowUp._meta.get_field("outcome").max_length,
        help_text=_("In a few words. No passport, SIN or file numbers."),
        error_messages={"required": HOW_ANSWERED},
    )
