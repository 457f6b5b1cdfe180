import json

import pytest

from audit.actor import acting_as_system
from audit.masking import mask
from audit.models import LogEntry
from contacts.choices import FutureContact
from contacts.models import Contact
from contacts.models.contact import ADDRESS_FIELDS, PERSONAL_FIELDS
from i2a import clock

pytestmark = pytest.mark.django_db
FORMER = {
    **{field: f"secret {field}" for field in PERSONAL_FIELDS},
    "email": "secret@example.org",
    "phone": "+14035550142",
    "phone_ext": "204",
    "mobile": "+639175550118",
    "fax": "+442079460123",
    "postal_code": "T1R 0Z9",
    "residence_country": "CA",
}


@pytest.mark.parametrize("value", ["a", "Make-Believe Road 14", "x" * 10_000, ["a"], {"a": "b"}, 0, False, '["a"]'])
def test_nothing_of_a_value_is_left(value):
    assert mask(value) == "***"


@pytest.mark.parametrize("value", [None, "", "None", [], {}, "[]", "{}", "null"])
def test_nothing_stays_nothing(value):
    assert mask(value) == ""


def test_no_word_of_a_contact_is_in_its_history_even_after_it_was_erased(team):
    with acting_as_system("test"):
        contact = Contact.objects.create(
            ref="P-2026-000001", team=team, category="employer", future_contact=FutureContact.AGREED, **FORMER
        )
        for field in ADDRESS_FIELDS:
            setattr(contact, field, "")
        contact.future_contact = FutureContact.DECLINED
        contact.updated_at = clock.now()
        contact.save()

    written = json.dumps([[entry.object_repr, entry.changes] for entry in LogEntry.objects.all()])
    assert not [value for field, value in FORMER.items() if len(value) > 3 and value in written]
    created, changed = LogEntry.objects.filter(content_type__model="contact").order_by("pk")
    assert created.changes["street"] == ["", "***"]
    assert changed.changes["street"] == ["***", ""]
    assert changed.changes["future_contact"] == ["agreed", "declined"]


@pytest.fixture
def team():
    from tests.factories import TeamFactory

    return TeamFactory()
