"""What the list of contacts shows and in which order. It lives in the address, so it holds codes only (R-SEC-01)."""

from collections.abc import Hashable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from access.models import Team
from contacts.choices import Category, OrganisationType, Purpose
from contacts.countries import CountryField, country_name
from contacts.gate_sets import Standing
from contacts.languages import LANGUAGES

MOST_DRAWN = 200
_drawn: dict[Hashable, SafeString] = {}
ANY = ("", gettext_lazy("Any"))
UNKNOWN_CHOICE = gettext_lazy("Choose one from the list.")


class Sort(TextChoices):
    ACTIVITY_DOWN = "-activity", gettext_lazy("Latest activity first")
    ACTIVITY_UP = "activity", gettext_lazy("Oldest activity first")
    NAME_UP = "name", gettext_lazy("Name, A to Z")
    NAME_DOWN = "-name", gettext_lazy("Name, Z to A")
    CREATED_DOWN = "-created", gettext_lazy("Newest record first")
    CREATED_UP = "created", gettext_lazy("Oldest record first")


class LastCall(TextChoices):
    TODAY = "today", gettext_lazy("Today")
    WEEK = "7days", gettext_lazy("In the last 7 days")
    MONTH = "30days", gettext_lazy("In the last 30 days")
    BEFORE_MONTH = "before30days", gettext_lazy("More than 30 days ago")
    BEFORE_YEAR = "before1year", gettext_lazy("More than a year ago")
    NEVER = "never", gettext_lazy("Never called")


class CountryOf(TextChoices):
    ORIGIN = "origin", gettext_lazy("Origin")
    RESIDENCE = "residence", gettext_lazy("Residence")


# A filter that only says more about another one; it goes when that one goes.
BELONGS_TO = {"country_of": "country", "purpose": "consent"}
CHIPS = ["category", "country", "organisation_type", "consent", "last_call", "language", "team", "restricted"]


def choice(label: Any, choices: Any, *, empty: Any = ANY) -> forms.ChoiceField:
    offered = [empty, *choices] if empty else choices
    return forms.ChoiceField(
        choices=offered, required=False, label=label, error_messages={"invalid_choice": UNKNOWN_CHOICE}
    )


class ContactFilterForm(forms.Form):
    category = choice(gettext_lazy("Category"), Category.choices)
    country = CountryField(label=gettext_lazy("Country"), empty_label=ANY[1])
    country_of = choice(gettext_lazy("Country of"), CountryOf.choices, empty=None)
    organisation_type = choice(gettext_lazy("Type of organisation"), OrganisationType.choices)
    consent = choice(gettext_lazy("Consent"), Standing.choices)
    purpose = choice(
        gettext_lazy("Consent for"), Purpose.choices, empty=("", gettext_lazy("Future contact, any purpose"))
    )
    last_call = choice(gettext_lazy("Last call"), LastCall.choices)
    language = choice(gettext_lazy("Preferred language"), list(LANGUAGES.items()))
    team = choice(gettext_lazy("Team"), [])
    restricted = forms.BooleanField(required=False, label=gettext_lazy("Restricted only"))
    sort = choice(gettext_lazy("Order"), Sort.choices, empty=None)

    def __init__(self, data: QueryDict, *, sees_all_teams: bool) -> None:
        """A filter that makes no sense says so beside its field and filters nothing; unknown names are ignored."""
        super().__init__(data)
        if sees_all_teams:
            teams = [(str(team.pk), team.name) for team in Team.objects.order_by("name", "pk")]
            self.fields["team"].choices = [ANY, *teams]  # type: ignore[attr-defined]
        else:
            del self.fields["team"]
        self.is_valid()

    def clean(self) -> dict[str, Any]:
        """To ask for a purpose alone is to ask who agreed to it."""
        cleaned = super().clean() or {}
        if cleaned.get("purpose") and not cleaned.get("consent"):
            cleaned["consent"] = Standing.MAY.value
        return cleaned

    def boxes(self) -> SafeString:
        """All of it as HTML. Most people ask for few lists, and drawing it takes as long as drawing the list."""
        if self.errors:
            return drawn(self)
        asked = [self.data.get(name, "") for name in self.fields if name != "restricted"]
        teams = self.fields["team"].choices if "team" in self.fields else []  # type: ignore[attr-defined]
        key = (get_language(), *asked, self.cleaned_data["restricted"], *map(tuple, teams))
        if key not in _drawn:
            if len(_drawn) == MOST_DRAWN:
                _drawn.clear()
            _drawn[key] = drawn(self)
        return _drawn[key]

    def query(self, **changes: str) -> str:
        """The filters that count and the order, as they stand in an address; "" for the whole list as it opens."""
        asked: dict[str, Any] = {**self.cleaned_data, **changes}
        for name, owner in BELONGS_TO.items():
            if not asked.get(owner):
                asked[name] = ""
        if asked.get("country_of") == CountryOf.ORIGIN:
            asked["country_of"] = ""
        if asked.get("sort") == Sort.ACTIVITY_DOWN:
            asked["sort"] = ""
        known = {name: "on" if asked.get(name) is True else asked.get(name) for name in self.fields}
        return urlencode({name: value for name, value in known.items() if value})

    def active(self) -> list[tuple[str, str]]:
        """The filters in use: words for a chip, and the address without it."""
        chosen = [name for name in CHIPS if self.cleaned_data.get(name)]
        return [(self._say(name), "?" + (self.query(**{name: ""}) or "view=all")) for name in chosen]

    def _say(self, name: str) -> str:
        value, label = self.cleaned_data[name], str(self.fields[name].label)
        if name == "restricted":
            return label
        if name == "country":
            of_residence = self.cleaned_data.get("country_of") == CountryOf.RESIDENCE
            label = _("Country of residence") if of_residence else _("Country of origin")
            words = country_name(value)
        else:
            words = str(dict(self.fields[name].choices)[value])  # type: ignore[attr-defined]
        if name == "consent" and self.cleaned_data.get("purpose"):
            label = str(Purpose(self.cleaned_data["purpose"]).label)
        return _("%(label)s: %(words)s") % {"label": label, "words": words}


def drawn(filters: ContactFilterForm) -> SafeString:
    return render_to_string("contacts/_filter_boxes.html", {"filters": filters})
