"""Two contacts side by side, or a contact and what was typed: the same fields in words, and whether they differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.choices import Category, OrganisationType, ThirdPartyKind
from contacts.countries import country_name
from contacts.languages import language_name
from contacts.models import Contact
from contacts.models.contact import ADDRESS_FIELDS
from i2a.phone_text import phone_text


@dataclass(frozen=True)
class Part:
    """What a person decides as one: the first column says most, the others belong to it."""

    name: str
    label: str | Promise
    columns: tuple[str, ...]
    is_mono: bool = False


PARTS = [
    Part("name", _("Full name"), ("name",)),
    Part("name_latin", _("Name in Latin letters"), ("name_latin",)),
    Part("organisation", _("Organisation"), ("organisation", "organisation_type", "organisation_other")),
    Part("category", _("Category"), ("category", "third_party_kind", "category_other")),
    Part("email", _("E-mail"), ("email", "email_state", "email_fingerprint"), is_mono=True),
    Part("phone", _("Phone"), ("phone", "phone_ext", "phone_typed"), is_mono=True),
    Part("mobile", _("Mobile"), ("mobile", "mobile_typed"), is_mono=True),
    Part("fax", _("Fax"), ("fax", "fax_typed"), is_mono=True),
    Part("language", _("Preferred language"), ("language",)),
    Part("citizenship", _("Citizenship"), ("citizenship",)),
    Part("origin_country", _("Country of origin"), ("origin_country",)),
    Part("address", _("Address"), tuple(ADDRESS_FIELDS)),
]
SHADOWS = {
    "email_state",
    "email_fingerprint",
    "phone_typed",
    "mobile_typed",
    "fax_typed",
}  # decide nothing by themselves


@dataclass(frozen=True)
class Row:
    """One part of both, in words. Exactly one of the flags is true, or none when both are the same."""

    part: Part
    left: str
    right: str
    is_different: bool = False
    is_only_left: bool = False
    is_only_right: bool = False


def rows_of(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[Row]:
    """Parts that are recorded on one side at least."""
    return list(_rows(left, right))


def _rows(left: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[Row]:
    for part in PARTS:
        said, other = words_of(part, left), words_of(part, right)
        if said or other:
            yield Row(
                part,
                said,
                other,
                is_different=bool(said and other and not is_same(part, left, right)),
                is_only_left=not other,
                is_only_right=not said,
            )


def is_same(part: Part, left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    telling = [name for name in part.columns if name not in SHADOWS]
    return all((left.get(name) or "") == (right.get(name) or "") for name in telling)


def columns_of(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for part in PARTS for name in part.columns}


def words_of(part: Part, values: Mapping[str, Any]) -> str:
    """As it stands on a page; "" for nothing."""
    words = (WORDS.get(name, str)(values.get(name) or "") for name in part.columns if name not in SHADOWS)
    return ", ".join(word for word in words if word)


def choice_words(choices: Any) -> Any:
    return lambda code: str(choices(code).label) if code else ""


WORDS: dict[str, Any] = {
    "category": choice_words(Category),
    "third_party_kind": choice_words(ThirdPartyKind),
    "organisation_type": choice_words(OrganisationType),
    "language": language_name,
    "citizenship": country_name,
    "origin_country": country_name,
    "residence_country": country_name,
    "phone": lambda number: phone_text(number) if number else "",
    "mobile": lambda number: phone_text(number) if number else "",
    "fax": lambda number: phone_text(number) if number else "",
    "phone_ext": lambda extension: f"x{extension}" if extension else "",
}
