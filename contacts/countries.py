"""Countries as people choose them: ISO 3166 in the language of the page, and "stateless"; no free text (R-CAL-07)."""

import unicodedata
from functools import cache
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django_countries import countries

NOT_STATED = gettext_lazy("Not stated")
STATELESS = "XX"  # ISO 3166 leaves XA to XZ to its users


def country_name(code: str) -> str:
    """ "Ukraine", "Stateless", "" for not stated and for what no list has."""
    return _names(get_language() or "en").get(code, "")


@cache
def _names(language: str) -> dict[str, str]:
    return dict(_choices(language))


@cache
def country_codes() -> frozenset[str]:
    return frozenset(countries.countries) | {STATELESS}


@cache
def _choices(language: str) -> list[tuple[str, str]]:
    """All countries by name."""
    with override(language):
        named = [(code, str(countries.name(code))) for code in countries.countries]
        return [*sorted(named, key=_place), (STATELESS, _("Stateless"))]


@cache
def _calling_choices(language: str) -> list[tuple[str, str]]:
    """The countries that have a calling code, which stands beside the name: "Ukraine +380"."""
    prefixes = {code: phonenumbers.country_code_for_region(code) for code, _name in _choices(language)}
    return [(code, f"{name} +{prefixes[code]}") for code, name in _choices(language) if prefixes[code]]


def _place(choice: tuple[str, str]) -> str:
    """Åland stands with the A."""
    plain = unicodedata.normalize("NFKD", choice[1].casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


@cache
def _options(language: str, is_calling: bool) -> SafeString:
    """The 250 options as HTML, drawn once per language: drawing them by template costs 10 ms a list."""
    choices = _calling_choices(language) if is_calling else _choices(language)
    return format_html_join("", '<option value="{}">{}</option>', choices)


class CountrySelect(forms.Select):
    """A plain select, so that typing the first letters chooses."""

    def __init__(self, *, is_calling: bool, empty_label: str | Promise = NOT_STATED) -> None:
        """`is_calling`: only countries with a calling code, and no `empty_label`."""
        super().__init__()
        self.is_calling, self.empty_label = is_calling, empty_label

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        options = _options(get_language() or "en", self.is_calling)
        if not self.is_calling:
            options = format_html('<option value="">{}</option>', self.empty_label) + options
        if value in country_codes():
            # Safe: the options were escaped when they were drawn, and `value` is one of our own codes.
            chosen = f'value="{value}"'
            options = mark_safe(options.replace(chosen, f"{chosen} selected", 1))  # noqa: S308
        return format_html("<select{}>{}</select>", attributes, options)


class CountryField(forms.CharField):
    """An ISO 3166 code, or "" for not stated."""

    default_error_messages = {"unknown": gettext_lazy("Choose a country from the list.")}

    def __init__(self, *, is_calling: bool = False, empty_label: str | Promise = NOT_STATED, **kwargs: Any) -> None:
        select = CountrySelect(is_calling=is_calling, empty_label=empty_label)
        super().__init__(widget=select, required=False, **kwargs)
        self.validators = []  # the list decides

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if code and code not in country_codes():
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return code
