"""What a stranger types to register for an event: as little as it takes to keep a seat for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import phones
from contacts.edit_form import OUT_OF_DATE
from contacts.emails import OneEmailField
from contacts.names import NameField
from contacts.number_fields import NumberField

ONE_OF_BOTH = gettext_lazy("Give an e-mail address or a phone number, so that we can reach you.")
BROWSER_KNOWS = {"name": "name", "email": "email", "phone": "tel"}


class PublicForm(forms.Form):
    """`form_uuid` makes one registration of the same form sent twice."""

    name = NameField(
        label=gettext_lazy("Your name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter your name.")},
    )
    email = OneEmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("An e-mail address or a phone number: one is enough."),
    )
    phone = NumberField(
        label=gettext_lazy("Phone"),
        help_text=gettext_lazy("From outside Canada and the United States with + and the country code."),
    )
    language = forms.ChoiceField(
        choices=[("en", "English"), ("fr", "Français")],
        widget=forms.RadioSelect,
        label=gettext_lazy("We answer you in"),
        error_messages={"required": gettext_lazy("Choose a language.")},
    )
    form_uuid = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, known_as in BROWSER_KNOWS.items():
            self.fields[name].widget.attrs["autocomplete"] = known_as

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = cleaned.get("phone", "")
        if typed:
            self._read_number(typed)
        elif "email" not in self.errors and not cleaned.get("email"):
            self.add_error("email", ONE_OF_BOTH)
        return cleaned

    def _read_number(self, typed: str) -> None:
        try:
            number = phones.read_number(typed)
        except phones.NotPossible:
            self.add_error("phone", _("Enter a full phone number including the country code."))
            return
        self.cleaned_data |= {"phone": number.e164, "phone_typed": phones.as_typed(typed)}

    def columns(self) -> dict[str, str]:
        """Of `FormEntry`. Ask after `is_valid()`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "form_uuid"}
