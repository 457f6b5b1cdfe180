"""The forms of the register: a moment to look at, a reason to take it out, why somebody's access ends."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from i2a.clock import EDMONTON


def reason_field(label: Any, required: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=200, help_text=help_text, error_messages={"required": required})


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    messages = {"required": _("Choose a day."), "invalid": _("Write the day like this: 2026-11-23.")}
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=messages, **kwargs)


class AsAtForm(forms.Form):
    """The register at the end of a past day; today means now."""

    as_at = day_field(_("As at the end of"), required=False)

    def moment(self, now: datetime) -> datetime:
        day = self.cleaned_data.get("as_at") if self.is_valid() else None
        if day is None or day >= now.astimezone(EDMONTON).date():
            return now
        return datetime.combine(day, time.max, EDMONTON)


class ExportForm(forms.Form):
    reason = reason_field(
        _("Reason"), _("State why this export is necessary."), _("What the file is for, and who gets it.")
    )


class EndForm(forms.Form):
    """Two clicks: why, and the button."""

    REASONS = [
        ("", _("Choose a reason")),
        ("Left the branch", _("Left the branch")),
        ("Changed duties", _("Changed duties")),
        ("Security concern", _("Security concern")),
        ("Not needed any more", _("Not needed any more")),
    ]
    reason = forms.ChoiceField(
        label=_("Reason"), choices=REASONS, error_messages={"required": _("Say why the access ends.")}
    )
