"""Forms of the pages of past calls: filter the list, void a call. Correcting one is in `calls.forms.correct`."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calls.models import Call, Topic
from contacts.choices import Category
from contacts.note_field import GuardedForm, NoteField

ANY = ("", _("Any"))
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
DAY_UNKNOWN = _("Choose a day between 2000 and 2100.")


def day_field(**kwargs: Any) -> forms.DateField:
    return forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(EARLIEST, DAY_UNKNOWN), MaxValueValidator(LATEST, DAY_UNKNOWN)],
        error_messages={"invalid": DAY_UNKNOWN},
        **kwargs,
    )


class CallFilterForm(forms.Form):
    """What the list shows. It lives in the address, so nothing personal may be asked here (R-SEC-01)."""

    first_day = day_field(label=_("From"))
    last_day = day_field(label=pgettext_lazy("time", "To"))
    category = forms.ChoiceField(choices=[ANY, *Category.choices], required=False, label=_("Category"))
    topic = forms.ModelChoiceField(Topic.objects.none(), required=False, empty_label=ANY[1], label=_("Topic"))
    outside_hours = forms.BooleanField(required=False, label=_("Outside hours only"))
    voided = forms.BooleanField(required=False, label=_("Voided calls"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.order_by("position", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("first_day") and cleaned.get("last_day") and cleaned["first_day"] > cleaned["last_day"]:
            del cleaned["first_day"]
            self.add_error("last_day", _("Choose a day that is not before the first one."))
        return cleaned

    def conditions(self) -> dict[str, Any]:
        """What to filter by, as `calls.records.list_calls` takes it. Fields with errors filter nothing."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def active(self) -> list[tuple[str, str]]:
        """The filters in use: name of the parameter, and what it says in words."""
        return [(name, self._say(name)) for name in self.fields if self.cleaned_data.get(name)]

    def _say(self, name: str) -> str:
        value, label = self.cleaned_data[name], str(self.fields[name].label)
        if value is True:
            return label
        if isinstance(value, date):
            return f"{label} {value:%Y-%m-%d}"
        return str(dict(Category.choices).get(value, getattr(value, "label", value)))


class VoidForm(GuardedForm):
    reason = NoteField(
        max_length=200,
        label=_("Reason"),
        help_text=_("What is wrong with this record. Without names or numbers of callers."),
        error_messages={"required": _("A reason is required to void a call.")},
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = call.contact
