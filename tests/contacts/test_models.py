"""The rules the database keeps about contacts, tried with raw SQL as the role of the web process (INV-01 to INV-06)."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from contacts.choices import Purpose
from contacts.models import ConsentEvent, ConsentState, Contact
from i2a.constraints import message_for
from tests.factories import ContactFactory, TeamFactory

pytestmark = pytest.mark.django_db

ADDRESS_RULE = (
    "An address may be recorded only when the client has asked to be contacted in the future. "
    "Remove the address or record the client's agreement."
)
MATERIALS_RULE = "For an e-mail-only request only an e-mail address and a phone number are recorded."
CHANNEL_RULE = "Record at least one way to reach the client (e-mail, phone, mobile or fax)."
NUMBER_RULE = "Enter a full phone number including the country code."


@pytest.mark.parametrize(
    ("change", "constraint", "message"),
    [
        ("street = '14 Make-Believe Rd'", "contact_address_needs_agreement", ADDRESS_RULE),
        ("residence_country = 'CA'", "contact_address_needs_agreement", ADDRESS_RULE),
        ("postal_code = 'T1R 0Z9', future_contact = 'declined'", "contact_address_needs_agreement", ADDRESS_RULE),
        (
            "do_not_contact = true, do_not_contact_at = '2026-11-20', future_contact = 'agreed'",
            "contact_do_not_contact_excludes_agreement",
            "This client asked not to be contacted. No outbound contact can be planned.",
        ),
        ("materials_only = true, organisation = 'X'", "contact_materials_only_is_minimal", MATERIALS_RULE),
        ("materials_only = true, fax = '+14035550142'", "contact_materials_only_is_minimal", MATERIALS_RULE),
        ("materials_only = true, citizenship = 'PH'", "contact_materials_only_is_minimal", MATERIALS_RULE),
        ("materials_only = true, future_contact = 'agreed'", "contact_materials_only_is_minimal", MATERIALS_RULE),
        ("email = ''", "contact_has_a_channel", CHANNEL_RULE),
        ("category = 'other'", "contact_other_category_described", "Describe the category in a few words."),
        (
            "third_party_kind = 'lawyer'",
            "contact_third_party_kind_fits",
            "Only a third party is a lawyer, a consultant or another third party.",
        ),
        ("phone = '403-555-0142'", "contact_phone_is_e164", NUMBER_RULE),
        ("mobile = '+0123456789'", "contact_mobile_is_e164", NUMBER_RULE),
        ("fax = '+12345'", "contact_fax_is_e164", NUMBER_RULE),
    ],
)
def test_the_database_refuses_and_the_person_reads_why(change, constraint, message):
    contact = ContactFactory()

    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE contacts_contact SET {change} WHERE id = %s", [contact.pk])

    assert constraint in str(refusal.value)
    assert message_for(refusal.value) == message


def test_an_insert_is_held_to_the_same_rules():
    team = TeamFactory()

    with pytest.raises(IntegrityError, match="contact_address_needs_agreement"), transaction.atomic():
        Contact.objects.bulk_create([Contact(team=team, ref="P-2026-999999", email="a@example.org", city="Brooks",
                                             category="employer")])  # fmt: skip


def test_no_column_takes_null_in_place_of_nothing():
    contact = ContactFactory()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE contacts_contact SET street = NULL WHERE id = %s", [contact.pk])


@pytest.mark.parametrize("statement", ["UPDATE {} SET status = 'granted'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_ledger_cannot_be_edited(statement):
    ContactFactory(agrees_to=[Purpose.SEMINAR])

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("contacts_consentevent"))


@pytest.mark.usefixtures("impossible_rows")
def test_the_newest_answer_is_the_state():
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    first = ConsentEvent.objects.get(contact=contact)
    ConsentEvent.objects.create(
        contact=contact, purpose="seminar", channel="email", status="withdrawn", basis="none", source="web_link",
        language="en", at=first.at,
    )  # fmt: skip

    state = ConsentState.objects.get(contact=contact)

    assert state.status == "withdrawn"


def test_an_agreement_needs_the_words_that_were_read():
    contact = ContactFactory()

    with pytest.raises(IntegrityError, match="consent_event_granted_in_read_words"), transaction.atomic():
        ConsentEvent.objects.create(
            contact=contact, purpose="seminar", channel="email", status="granted", basis="express", source="call",
            language="en", at=contact.created_at,
        )  # fmt: skip


def test_the_text_of_a_contact_is_its_reference():
    contact = ContactFactory(ref="P-2026-000045", name="Nobody May See This")

    assert str(contact) == f"P-2026-000045 (#{contact.pk})"
