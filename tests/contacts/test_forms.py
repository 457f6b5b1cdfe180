"""The caller's part of a form: what it accepts from the whole world, and what it refuses in which words."""

import pytest
from django.http import QueryDict

from contacts.forms import CallerForm

ALL_NUMBERS = [  # story 12
    ("+63 917 555 0143", "CA", "+639175550143"),
    ("00971 50 555 0147", "CA", "+971505550147"),
    ("011 86 139 5550 0199", "CA", "+8613955500199"),
    ("+234 803 555 0121", "CA", "+2348035550121"),
    ("+52 55 5555 0186", "CA", "+525555550186"),
    ("+55 11 95555-0134", "CA", "+5511955550134"),
    ("+91 98555 50123", "CA", "+919855550123"),
    ("٠٥٠٥٥٥٠١٤٧", "AE", "+971505550147"),
    ("780 555 0117", "CA", "+17805550117"),
    ("403-555-0142 x204", "CA", "+14035550142"),
]


def posted(**fields: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({"category": "employer", "notice_given": "on", "phone_country": "CA"} | fields)
    return data


@pytest.mark.parametrize(("typed", "country", "e164"), ALL_NUMBERS)
def test_numbers_of_the_world_are_kept_as_e164_and_as_typed(typed, country, e164):
    form = CallerForm(posted(phone=typed, phone_country=country))

    assert form.is_valid(), form.errors
    assert form.contact_values()["phone"] == e164
    assert form.contact_values()["phone_typed"] == typed


def test_an_extension_stands_beside_the_number():
    form = CallerForm(posted(phone="403-555-0142 poste 204"))

    assert form.is_valid()
    assert form.contact_values()["phone_ext"] == "204"
