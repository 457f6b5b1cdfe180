"""Correcting a contact. Only what the person changed is written, so two can correct different things (R-CAL-11)."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import emails, phones
from contacts.choices import FutureContact, Source
from contacts.countries import CountryField, country_name
from contacts.forms import NUMBER_FIELDS, CallerForm, chips, initial_from
from contacts.gate import follows_address
from contacts.models import Contact
from contacts.reasons import explain
from i2a.conflicts import Difference

NOT_COLUMNS = {
    "version", "seen", "email_confirmed", "phone_country", "notice_given",
    *(f"{name}_confirmed" for name in NUMBER_FIELDS),
}  # fmt: skip
# One entry of a person decides these columns.
DECIDES = {
    "phone": ["phone", "phone_ext", "phone_typed"],
    "mobile": ["mobile", "mobile_typed"],
    "fax": ["fax", "fax_typed"],
    "category": ["category", "third_party_kind", "category_other"],
    "organisation_type": ["organisation_type", "organisation_other"],
}
ANSWER_ABOUT_ADDRESS = gettext_lazy(
    "Say whether the client confirmed it. After No, nothing is sent to the new address."
)
CONFIRMED = [
    (Source.CALL, gettext_lazy("Yes, on the phone")),
    (Source.EMAIL, gettext_lazy("Yes, by e-mail")),
    ("no", gettext_lazy("No")),
]
OUT_OF_DATE = gettext_lazy("This page is out of date. Open it again.")


class EditForm(CallerForm):
    """`seen` is what the page showed when it was opened; what comes back different is what the person changed."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    )
    seen = forms.CharField(widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE})
    email_confirmed = chips(
        CONFIRMED, required=False, label=gettext_lazy("Did the client confirm this consent for the new address?")
    )

    def __init__(self, data: Any = None, *, contact: Contact) -> None:
        super().__init__(
            data,
            contact=contact,
            materials_only=contact.materials_only,
            may_have_address=contact.future_contact == FutureContact.AGREED,
            initial={"version": contact.version, "seen": json.dumps(shown_of(contact))},
        )
        explain(self)
        if not self.asks_about_address():
            del self.fields["email_confirmed"]
        if contact.future_contact == FutureContact.AGREED:
            warning = _("A new address gets no invitations until the client confirms them for it.")
            self.fields["email"].help_text = f"{self.fields['email'].help_text} {warning}"

    def _not_offered(self) -> list[str]:
        return [name for name in super()._not_offered() if name not in {"version", "seen", "email_confirmed"}]

    def asks_about_address(self) -> bool:
        """The e-mail is being typed over, and somebody agreed to be written to at the old one (R-CNS-06)."""
        assert self.contact is not None
        if not self.is_bound or self.contact.do_not_contact or not follows_address(self.contact):
            return False
        typed = self._posted("email").strip()
        with suppress(emails.NotAnAddress):
            typed = emails.fingerprint(emails.normalised(typed)) if typed else ""
        return typed not in ("", self.contact.email_fingerprint)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "email_confirmed" in self.fields and not cleaned.get("email_confirmed"):
            self.add_error("email_confirmed", ANSWER_ABOUT_ADDRESS)
        return cleaned

    def clean_seen(self) -> dict[str, str]:
        seen = self._seen()
        if not seen:
            raise forms.ValidationError(OUT_OF_DATE)
        return seen

    @property
    def is_stale(self) -> bool:
        """Somebody saved after this page was opened."""
        assert self.contact is not None
        posted = self._posted("version")
        return posted.isdecimal() and bool(self._seen()) and posted != str(self.contact.version)

    def changed_values(self) -> dict[str, Any]:
        """The columns to write. Ask after `is_valid()`."""
        names = {column for name in self.changed_names() for column in DECIDES.get(name, [name])}
        return {name: value for name, value in self.contact_values().items() if name in names}

    def changed_names(self) -> list[str]:
        seen = self._seen()
        return [name for name in seen if self._posted(name) != seen[name] and self._was_sent(name)]

    def differences(self, current: Contact) -> list[Difference]:
        """What this person changed and what others changed since, where it is not the same."""
        now, seen, mine = shown_of(current), self._seen(), set(self.changed_names())
        return [
            Difference(
                label=self.base_fields[name].label or name,
                mine=in_words(name, self._posted(name)) if name in mine else str(_("You did not change this")),
                theirs=in_words(name, now[name]),
                is_mine=name in mine,
            )
            for name in now
            if (name in mine and self._posted(name) != now[name]) or (name not in mine and seen.get(name) != now[name])
        ]

    def on_top_of(self, current: Contact) -> "EditForm":
        """The same entries, ready to be saved over `current`: one click writes them, and nothing else."""
        merged = QueryDict(mutable=True)
        offered = EditForm(contact=current).fields
        merged.update(
            shown_of(current) | {name: self._posted(name) for name in self.changed_names() if name in offered}
        )
        merged.update({name: self._posted(name) for name in NOT_COLUMNS if self._posted(name)})
        merged["version"], merged["seen"] = str(current.version), json.dumps(shown_of(current))
        return EditForm(merged, contact=current)

    def _seen(self) -> dict[str, str]:
        """Only what the page can have shown; {} for anything else."""
        try:
            seen = json.loads(self._posted("seen") or "{}")
        except (ValueError, RecursionError):
            return {}
        if not isinstance(seen, dict) or not all(isinstance(value, str) for value in seen.values()):
            return {}
        return {name: seen[name] for name in column_names() if name in seen}

    def _was_sent(self, name: str) -> bool:
        """What was not on the page does not come back; that is not a change. Chips without a choice neither."""
        return self.add_prefix(name) in self.data


def column_names() -> Iterator[str]:
    return (name for name in CallerForm.base_fields if name not in NOT_COLUMNS)


def shown_of(contact: Contact) -> dict[str, str]:
    initial = initial_from(contact)
    return {name: str(initial[name] or "") for name in column_names()}


def in_words(name: str, value: str) -> str:
    """A posted or stored value as the conflict page shows it."""
    field = CallerForm.base_fields[name]
    if isinstance(field, CountryField):
        return country_name(value) if len(value) == 2 else value
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type, call-overload]
    return phones.as_typed(value) if name in NUMBER_FIELDS else value[:200]
