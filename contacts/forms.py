"""The caller's part of a form. The call form and the edit page build on it; each writes the row through a service."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import phones
from contacts.choices import Category, OrganisationType, ThirdPartyKind
from contacts.countries import CountryField, country_name
from contacts.emails import OneEmailField
from contacts.languages import LANGUAGES
from contacts.models import Contact
from contacts.models.contact import ADDRESS_FIELDS, CHANNEL_FIELDS
from contacts.names import NameField, TextField
from contacts.number_fields import NumberField, NumberTick, NumberTickField

NUMBER_FIELDS = ["phone", "mobile", "fax"]
# R-CON-04: e-mail and phone, and a name if they give one. The category is a fact of the call, asked of everybody.
MATERIALS_FIELDS = [
    "name", "category", "third_party_kind", "category_other", "email", "phone", "phone_country", "phone_confirmed",
    "notice_given",
]  # fmt: skip
ABOUT_THE_CALL = ["category", "third_party_kind", "category_other", "citizenship", "origin_country"]
SOMEBODY = ["name", "name_latin", "organisation", *CHANNEL_FIELDS, *ADDRESS_FIELDS]  # one of them makes a contact
STATISTICS = ["citizenship", "origin_country"]
ADDRESS_REFUSED = gettext_lazy(
    "An address may be recorded only when the client has asked to be contacted in the future. "
    "Remove the address or record the client's agreement."
)
MATERIALS_REFUSED = gettext_lazy("For an e-mail-only request only an e-mail address and a phone number are recorded.")
NO_CHANNEL = gettext_lazy("Record at least one way to reach the client (e-mail, phone, mobile or fax).")
READ_ONLY = gettext_lazy(
    "You may read this record, not change it. Its details stay as they are; tell its team what is different."
)
NOTICE_MISSING = gettext_lazy("Read the collection notice to the client before recording contact information.")

# Known organisations come into the list that `contacts/_organisation_list.html` draws.
OFFERS_ORGANISATIONS = {
    "data-i2a-combobox": "known-organisations",
    "autocomplete": "off",
    "dir": "auto",
    "hx-post": reverse_lazy("contacts:organisations"),
    "hx-params": "organisation",
    "hx-trigger": "input changed delay:200ms",
    "hx-target": "#known-organisations",
    "hx-sync": "this:replace",
    "data-i2a-organisation": "",
}


class OrganisationTypeSelect(forms.Select):
    """ "Other" reveals the line that asks which (`.revealed-f`, static/css/app.css)."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value == OrganisationType.OTHER:
            option["attrs"]["data-i2a-reveals"] = "f"
        return option


def chips(choices: Iterable[tuple[str, Any]], **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **kwargs)


class CallerForm(forms.Form):
    """Who calls and how to reach them. Everything is optional but the category, until somebody is described.

    Fields that may not be recorded are not rendered, and refused when they are posted all the same (R-CON-03, 04).
    """

    name = NameField(label=gettext_lazy("Full name"), max_length=200, required=False)
    name_latin = NameField(label=gettext_lazy("Name in Latin letters"), max_length=200, required=False)
    organisation = TextField(
        label=gettext_lazy("Organisation"), max_length=200, required=False, widget=forms.TextInput(OFFERS_ORGANISATIONS)
    )
    organisation_type = forms.ChoiceField(
        label=gettext_lazy("Type of organisation"),
        choices=[("", gettext_lazy("Not stated")), *OrganisationType.choices],
        widget=OrganisationTypeSelect,
        required=False,
    )
    organisation_other = TextField(label=gettext_lazy("Kind of organisation"), max_length=80, required=False)
    category = chips(
        Category.choices,
        label=gettext_lazy("Category of caller"),
        error_messages={"required": gettext_lazy("Select the client category.")},
    )
    third_party_kind = chips(ThirdPartyKind.choices, label=gettext_lazy("Kind of third party"), required=False)
    category_other = TextField(label=gettext_lazy("Category in a few words"), max_length=80, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Preferred language"),
        choices=[("", gettext_lazy("Not stated")), *LANGUAGES.items()],
        required=False,
    )

    email = OneEmailField(label=gettext_lazy("E-mail"), required=False)
    phone = NumberField(label=gettext_lazy("Phone"))
    phone_country = CountryField(label=gettext_lazy("Country"), is_calling=True, initial=phones.HOME)
    phone_confirmed = NumberTickField()
    mobile = NumberField(label=gettext_lazy("Mobile"))
    mobile_confirmed = NumberTickField()
    fax = NumberField(label=gettext_lazy("Fax"))
    fax_confirmed = NumberTickField()

    citizenship = CountryField(label=gettext_lazy("Citizenship"))
    origin_country = CountryField(label=gettext_lazy("Country of origin"))

    street = TextField(label=gettext_lazy("Street"), max_length=120, required=False)
    unit = TextField(label=gettext_lazy("Unit"), max_length=20, required=False)
    city = TextField(label=gettext_lazy("City"), max_length=80, required=False)
    region = TextField(label=gettext_lazy("Province or region"), max_length=80, required=False)
    postal_code = TextField(label=gettext_lazy("Postal code"), max_length=20, required=False)
    residence_country = CountryField(label=gettext_lazy("Country of residence"))

    notice_given = forms.BooleanField(label=gettext_lazy("Collection notice given"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        contact: Contact | None = None,
        materials_only: bool = False,
        may_have_address: bool = False,
        is_hidden: bool = False,
        is_read_only: bool = False,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, initial=initial_from(contact) | (initial or {}), **kwargs)
        self.contact, self.materials_only, self.may_have_address = contact, materials_only, may_have_address
        self.is_hidden = is_hidden  # the caller has a record that the specialist may not see: nobody is described here
        self.is_read_only = is_read_only  # the specialist may see the record, not change it
        self.not_offered = self._not_offered()
        for name in self.not_offered:
            del self.fields[name]
        self.numbers: dict[str, phones.Number] = {}

    def _not_offered(self) -> list[str]:
        if self.is_hidden or self.is_read_only:
            return [name for name in self.fields if name not in ABOUT_THE_CALL]
        names = [name for name in self.fields if self.materials_only and name not in MATERIALS_FIELDS]
        names += [name for name in ADDRESS_FIELDS if not self.may_have_address and name not in names]
        has_notice = self.contact is not None and self.contact.notice_version_id is not None
        if has_notice and not self.may_become_full:
            names.append("notice_given")
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.is_hidden:
            self._refuse_what_was_not_offered()
        for name in NUMBER_FIELDS:
            if name in self.fields:
                self._read_number(name)
        self._check_category()
        if self.describes_somebody():
            self._check_channel()
            self._check_notice()
        return cleaned

    def describes_somebody(self) -> bool:
        """Whether a contact is to be kept: there is one, or materials go to one, or something personal was typed
        (D-06)."""
        if self.is_hidden:
            return False
        return self.contact is not None or self.materials_only or any(self._posted(name) for name in SOMEBODY)

    @property
    def names_of_somebody(self) -> str:
        """The fields that make it a contact: until one is filled in, neither notice nor agreement is missing."""
        return "" if self.contact else " ".join(SOMEBODY)

    @property
    def may_become_full(self) -> bool:
        """Materials went to this contact, and this is a new call: with a new notice there may be more (R-CON-04)."""
        return self.contact is not None and self.contact.materials_only and not self.materials_only

    @property
    def becomes_full(self) -> bool:
        """Ask after `is_valid()`."""
        has_more = self._says_more() or any(self._posted(name) for name in STATISTICS)
        return self.may_become_full and bool(self.cleaned_data.get("notice_given")) and has_more

    def contact_values(self) -> dict[str, Any]:
        """Columns of Contact as they are to be stored, for `create_contact` and `change_contact`.

        Only what was offered: a column that is missing here keeps its value. Ask after `is_valid()`.
        """
        if self.is_read_only:
            return {}
        columns = {field.name for field in Contact._meta.get_fields()}
        if self.may_become_full and not self.becomes_full:
            columns &= {*MATERIALS_FIELDS}  # what is said for the statistics is kept on the call only
        values = {name: value for name, value in self.cleaned_data.items() if name in columns}
        if self.becomes_full:
            values["materials_only"] = False
        for name, number in self.numbers.items():
            values |= {name: number.e164, f"{name}_typed": self._spelling(name, number)}
        if "phone" in values:
            values["phone_ext"] = self.numbers["phone"].extension if "phone" in self.numbers else ""
        for name in NUMBER_FIELDS:
            if name in values and name not in self.numbers:
                values |= {name: "", f"{name}_typed": ""}
        return values

    @property
    def confirmations(self) -> list[forms.BoundField]:
        """The ticks to draw: one for each number that looks wrong."""
        return [self[f"{name}_confirmed"] for name in self.numbers if self._tick(name).number]

    def _posted(self, name: str) -> str:
        """What was posted under this name, offered or not, as trimmed text."""
        return str(self.data.get(self.add_prefix(name)) or "").strip() if self.is_bound else ""

    def _refuse_what_was_not_offered(self) -> None:
        """What the page had shown of the stored address comes back with a No, and goes: nobody has typed it."""
        shown = {name for name in ADDRESS_FIELDS if self._posted(name) == getattr(self.contact, name, "")}
        posted = {name for name in self.not_offered if self._posted(name)} - {"phone_country", "notice_given"} - shown
        if self.is_read_only and posted:
            self.add_error(None, READ_ONLY)
        elif self.materials_only and posted:
            self.add_error(None, MATERIALS_REFUSED)
        elif posted:
            self.add_error(None, ADDRESS_REFUSED)

    def _read_number(self, name: str) -> None:
        typed = self.cleaned_data.get(name) or ""
        if not typed:
            return
        try:
            number = phones.read_number(typed, self.cleaned_data.get("phone_country") or phones.HOME)
        except phones.NotPossible:
            self.add_error(name, _("Enter a full phone number including the country code."))
            return
        if number.extension and name != "phone":
            self.add_error(name, _("Leave out the extension; only the phone has one."))
            return
        self.numbers[name] = number
        if not number.is_valid and not self._is_stored(name, number):
            self._ask_to_confirm(name, number)

    def _ask_to_confirm(self, name: str, number: phones.Number) -> None:
        self._tick(name).number = number.e164
        if self.cleaned_data.get(f"{name}_confirmed") == number.e164:
            return
        country = country_name(number.country) or number.e164
        self.add_error(name, _("This number does not look valid for %(country)s. Save anyway?") % {"country": country})

    def _tick(self, name: str) -> NumberTick:
        widget = self.fields[f"{name}_confirmed"].widget
        assert isinstance(widget, NumberTick)
        return widget

    def _is_stored(self, name: str, number: phones.Number) -> bool:
        return self.contact is not None and getattr(self.contact, name) == number.e164

    def _spelling(self, name: str, number: phones.Number) -> str:
        """As typed; a number that stayed the same keeps the spelling of the day it was recorded."""
        if self.contact is not None and self._is_stored(name, number):
            return str(getattr(self.contact, f"{name}_typed"))
        return phones.as_typed(self.cleaned_data[name])

    def _check_category(self) -> None:
        """What category and type do not ask for is dropped; what they ask for must be there (R-CON-01, R-CON-02)."""
        cleaned = self.cleaned_data
        category = cleaned.get("category")
        if category != Category.THIRD_PARTY:
            cleaned["third_party_kind"] = ""
        elif not cleaned.get("third_party_kind"):
            self._ask_for("third_party_kind", _("Select the kind of third party."))
        if category != Category.OTHER:
            cleaned["category_other"] = ""
        elif not cleaned.get("category_other"):
            self._ask_for("category_other", _("Describe the category in a few words."))
        if "organisation_other" in self.fields and cleaned.get("organisation_type") != OrganisationType.OTHER:
            cleaned["organisation_other"] = ""
        elif "organisation_other" in self.fields and not cleaned.get("organisation_other"):
            self._ask_for("organisation_other", _("Describe the kind of organisation in a few words."))

    def _ask_for(self, name: str, message: str) -> None:
        if name not in self.errors:
            self.add_error(name, ValidationError(message, code="required"))

    def _check_channel(self) -> None:
        if self.materials_only and self.contact is None:
            if not self._posted("email"):
                self._ask_for("email", _("Type the e-mail address the materials go to."))
            return
        kept = [name for name in CHANNEL_FIELDS if name not in self.fields and getattr(self.contact, name, "")]
        if not kept and not any(self._posted(name) for name in CHANNEL_FIELDS):
            self.add_error("email", NO_CHANNEL)

    def _says_more(self) -> bool:
        """They agreed to future contact, or more was typed than is recorded for materials only."""
        more = (name for name in self.fields if name not in [*MATERIALS_FIELDS, *STATISTICS])
        return self.may_have_address or any(self._posted(name) for name in more)

    def _check_notice(self) -> None:
        if self.may_become_full and not self._says_more():
            return
        if "notice_given" in self.fields and not self.cleaned_data.get("notice_given"):
            self.add_error("notice_given", NOTICE_MISSING)


def initial_from(contact: Contact | None) -> dict[str, Any]:
    """A contact as it stands in the form."""
    if contact is None:
        return {}
    initial = {name: getattr(contact, name) for name in CallerForm.base_fields if hasattr(contact, name)}
    initial |= {name: phones.to_edit(getattr(contact, name)) for name in NUMBER_FIELDS}
    initial["phone"] = phones.to_edit(contact.phone, contact.phone_ext)
    return initial
