"""The forms around somebody acting for somebody else (F25)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.choices import Authority
from contacts.edit_form import OUT_OF_DATE
from contacts.forms import chips
from contacts.models.representation import (
    ENDS_FIRST,
    LONGEST,
    OTHER_MISSING,
    REASON_MISSING,
    SCOPE_MISSING,
    TOO_LONG,
)
from contacts.note_field import GuardedForm, NoteField

DAY_MISSING = _("Choose a day.")


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": DAY_MISSING, "invalid": DAY_MISSING},
    )


class RepresentationForm(GuardedForm):
    authority = chips(
        Authority.choices, label=_("Authority"), error_messages={"required": _("Choose what shows the authority.")}
    )
    authority_other = NoteField(label=_("Which document"), max_length=80, required=False)
    scope = NoteField(
        label=_("What for"),
        max_length=200,
        help_text=_("As in: questions about the work permit. No numbers of documents."),
        error_messages={"required": SCOPE_MISSING},
    )
    starts_on = day_field(_("From"))
    until = day_field(_("Until"), _("The last day. At most 24 months; it ends by itself."))
    form_uuid = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("authority") != Authority.OTHER:
            cleaned["authority_other"] = ""
        elif not cleaned.get("authority_other") and "authority_other" not in self.errors:
            self.add_error("authority_other", OTHER_MISSING)
        starts_on, until = cleaned.get("starts_on"), cleaned.get("until")
        if starts_on and until and until < starts_on:
            self.add_error("until", ENDS_FIRST)
        elif starts_on and until and until - starts_on > timedelta(days=LONGEST):
            self.add_error("until", TOO_LONG)
        return cleaned


class EndRepresentationForm(GuardedForm):
    reason = NoteField(label=_("Why it ends"), max_length=200, error_messages={"required": REASON_MISSING})
    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    )
