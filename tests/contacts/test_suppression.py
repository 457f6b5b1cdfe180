"""A withdrawn address binds everybody who has it (R-CNS-06), and withdrawals work in every channel (R-CNS-04)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from contacts.choices import Channel, ConsentStatus, FutureContact, Language, Purpose, Source
from contacts.gate import badge_of, verdict, with_answers
from contacts.gate_sets import Standing, standing
from contacts.models import ConsentEvent, ConsentState, Contact, Suppression
from contacts.services import consents
from contacts.services.contacts import change_contact
from i2a import clock
from tests.factories import ContactFactory, TextVersionFactory

pytestmark = pytest.mark.django_db

SHARED = "info@pennywhistle.example.com"
ADDRESS = {"street": "14 Make-Believe Rd", "city": "Brooks"}


def withdraw(contact, *purposes, source=Source.ONE_CLICK, now=None):
    return consents.withdraw(contact=contact, purposes=purposes or None, source=source, now=now or clock.now())


def agree(contact, *purposes, channels=(Channel.EMAIL,), now=None, minor=None):
    return consents.record_answers(
        contact=contact, answer=FutureContact.AGREED, purposes=purposes, channels=channels,
        text_version=TextVersionFactory(), language=Language.EN, source=Source.CALL, source_ref="C-2026-000009",
        by=None, now=now or clock.now(), minor_understands=minor,
    )  # fmt: skip


def move(contact, email):
    return change_contact(contact=contact, values={"email": email}, version=contact.version, by=None, now=clock.now())


def reason(contact, purpose=Purpose.SEMINAR):
    return verdict(Contact.objects.get(pk=contact.pk), purpose, Channel.EMAIL).reason


def test_a_withdrawal_needs_no_user_and_says_in_which_channel_it_came():
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR, Purpose.TRADE_MISSION])

    (event,) = withdraw(contact, Purpose.SEMINAR)

    assert (event.status, event.source, event.recorded_by) == ("withdrawn", "one_click", None)
    assert reason(contact) == "consent withdrawn"
    assert reason(contact, Purpose.TRADE_MISSION) == ""


def test_a_withdrawal_ends_the_purpose_on_every_channel():
    contact = ContactFactory(phone="+14035550142")
    agree(contact, Purpose.SEMINAR, channels=Channel.values)

    assert {event.channel for event in withdraw(contact, Purpose.SEMINAR)} == {"email", "phone"}


def test_withdrawing_twice_appends_nothing():
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    withdraw(contact)

    assert withdraw(contact) == []


def test_withdrawing_all_ends_surveys_too():
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    consents.record_survey_answer(
        contact=contact, is_agreed=True, text_version=TextVersionFactory(), language=Language.EN, source=Source.CALL,
        source_ref="C-2026-000009", by=None, now=clock.now(),
    )  # fmt: skip

    assert {event.purpose for event in withdraw(contact)} == {"seminar", "survey"}


@pytest.mark.parametrize(
    "source", [Source.CALL, Source.CHAT, Source.WEB_LINK, Source.ONE_CLICK, Source.EMAIL, Source.FAX]
)
def test_the_address_goes_with_the_last_future_purpose_whatever_the_channel(source):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR, Purpose.TRADE_MISSION])
    change_contact(contact=contact, values=ADDRESS, version=contact.version, by=None, now=clock.now())

    withdraw(contact, Purpose.SEMINAR, source=source)
    assert Contact.objects.get(pk=contact.pk).has_address
    withdraw(contact, Purpose.TRADE_MISSION, source=source)

    contact = Contact.objects.get(pk=contact.pk)
    assert not contact.has_address
    assert contact.future_contact == "declined"


def test_a_merged_record_withdraws_with_the_one_it_became_part_of():
    winner = ContactFactory(agrees_to=[Purpose.SEMINAR])
    merged = ContactFactory(agrees_to=[Purpose.SEMINAR])
    Contact.objects.filter(pk=merged.pk).update(status="merged", merged_into=winner)

    withdraw(Contact.objects.get(pk=merged.pk))

    assert reason(winner) == "consent withdrawn"


def test_another_contact_with_the_address_is_suppressed_for_that_purpose_alone():
    aloysius = ContactFactory(email=SHARED, agrees_to=[Purpose.SEMINAR])
    hortense = ContactFactory(email=SHARED.upper(), agrees_to=[Purpose.SEMINAR, Purpose.TRADE_MISSION])

    withdraw(aloysius)

    assert reason(aloysius) == "consent withdrawn"
    assert reason(hortense) == "address suppressed"
    assert reason(hortense, Purpose.TRADE_MISSION) == ""


def test_whoever_was_never_asked_is_suppressed_too():
    withdraw(ContactFactory(email=SHARED, agrees_to=[Purpose.SEMINAR]))

    assert reason(ContactFactory(email=SHARED)) == "address suppressed"


def test_a_contact_that_gets_a_suppressed_address_later_is_bound_by_it():
    withdraw(ContactFactory(email=SHARED, agrees_to=[Purpose.SEMINAR]))

    newcomer = ContactFactory(email=SHARED, agrees_to=[Purpose.SEMINAR])  # agreed LONG_AGO, as an import would say

    assert reason(newcomer) == "address suppressed"
    assert badge_of(newcomer).label == "Address suppressed"


def test_suppression_yields_to_a_later_agreement_of_that_contact_only():
    now = clock.now()
    aloysius = ContactFactory(email=SHARED, agrees_to=[Purpose.SEMINAR])
    hortense = ContactFactory(email=SHARED, agrees_to=[Purpose.SEMINAR])
    withdraw(aloysius, now=now)

    agree(aloysius, Purpose.SEMINAR, now=now + timedelta(minutes=1))

    assert reason(aloysius) == ""
    assert reason(hortense) == "address suppressed"


def test_an_agreement_of_the_same_instant_does_not_outweigh_a_withdrawal():
    now = clock.now()
    withdraw(ContactFactory(email=SHARED, agrees_to=[Purpose.SEMINAR]), now=now)
    hortense = ContactFactory(email=SHARED)
    agree(hortense, Purpose.SEMINAR, now=now)

    assert reason(hortense) == "address suppressed"


def test_the_address_an_unconfirmed_agreement_was_given_for_is_suppressed_with_todays():
    contact = ContactFactory(email="old@example.org", agrees_to=[Purpose.SEMINAR])
    change_contact(
        contact=contact, values={"email": "new@example.org"}, version=contact.version, by=None, now=clock.now()
    )
    contact = Contact.objects.get(pk=contact.pk)

    withdraw(contact)

    old, new = (
        ContactFactory(email=email, agrees_to=[Purpose.SEMINAR]) for email in ["old@example.org", "new@example.org"]
    )
    assert [reason(old), reason(new)] == ["address suppressed", "address suppressed"]


def test_a_refusal_and_a_withdrawal_by_phone_suppress_no_address():
    contact = ContactFactory(phone="+14035550142", declines=True)
    agree(contact, Purpose.SEMINAR, channels=[Channel.PHONE])

    withdraw(contact)

    assert not Suppression.objects.exists()


@pytest.mark.usefixtures("impossible_rows")
def test_raw_sql_suppresses_too():
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    ConsentEvent.objects.bulk_create([
        ConsentEvent(
            contact=contact, purpose="seminar", channel="email", status="withdrawn", basis="none", source="fax",
            language="en", at=clock.now(), email_fingerprint=contact.email_fingerprint,
        )
    ])  # fmt: skip

    assert Suppression.objects.get().fingerprint == contact.email_fingerprint


def test_the_set_form_says_the_same_of_everybody():
    withdraw(ContactFactory(email=SHARED, agrees_to=[Purpose.SEMINAR]))
    ContactFactory(email=SHARED, agrees_to=[Purpose.SEMINAR, Purpose.TRADE_MISSION])
    agree(ContactFactory(email=SHARED), Purpose.SEMINAR)
    agree(ContactFactory(), Purpose.SEMINAR, minor=False)
    agree(ContactFactory(), Purpose.SEMINAR, minor=True)

    for purpose in [Purpose.SEMINAR, Purpose.TRADE_MISSION]:
        found = Contact.objects.filter(standing(Standing.MAY, purpose))
        people = with_answers(Contact.objects.all())
        allowed = [contact for contact in people if verdict(contact, purpose, Channel.EMAIL).is_allowed]
        assert set(found) == set(allowed)
        assert len(allowed) == {"seminar": 2, "trade_mission": 1}[purpose]


def test_a_minor_who_did_not_confirm_gets_nothing():
    contact = ContactFactory()
    agree(contact, Purpose.SEMINAR, minor=False)

    assert reason(contact) == "minor not confirmed"


@pytest.mark.parametrize(
    "statement", ["UPDATE contacts_suppression SET purpose = ''", "DELETE FROM contacts_suppression"]
)
def test_a_suppression_is_never_changed_or_removed(statement):
    withdraw(ContactFactory(agrees_to=[Purpose.SEMINAR]))

    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("values", [{"fingerprint": ""}, {"fingerprint": "a", "purpose": "golf"}])
def test_a_suppression_is_of_an_address_for_a_known_purpose(values):
    with pytest.raises(IntegrityError):
        Suppression.objects.create(at=clock.now(), **values)


# --- consent follows the address ---------------------------------------------------------------------------------


def test_a_new_address_makes_the_agreement_unconfirmed_and_the_old_one_does_not_bring_it_back():
    contact = ContactFactory(email="old@example.org", agrees_to=[Purpose.SEMINAR])

    move(move(contact, "new@example.org"), "old@example.org")

    assert reason(contact) == "consent unconfirmed"
    assert Contact.objects.get(pk=contact.pk).future_contact == "agreed"
    state = ConsentState.objects.get(contact=contact)
    assert (state.status, state.event.correction_reason) == ("unconfirmed", "The e-mail address was changed")


def test_another_spelling_of_the_address_is_the_same_address():
    contact = ContactFactory(email="zoe@example.org", agrees_to=[Purpose.SEMINAR])

    change_contact(
        contact=contact, values={"email": "Zoe@example.org"}, version=contact.version, by=None, now=clock.now()
    )

    assert reason(contact) == ""


def test_an_agreement_by_phone_does_not_follow_the_address():
    contact = ContactFactory(phone="+14035550142")
    agree(contact, Purpose.SEMINAR, channels=[Channel.PHONE])

    change_contact(
        contact=contact, values={"email": "new@example.org"}, version=contact.version, by=None, now=clock.now()
    )

    assert ConsentState.objects.get(contact=contact).status == ConsentStatus.GRANTED
