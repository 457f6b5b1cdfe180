"""May we? The reasons in the order of R-CNS-08."""

import pytest

from contacts.choices import Channel, FutureContact, Purpose
from contacts.gate import answers_of, badge_of, verdict, with_answers
from contacts.ledger import in_force, ledger_of
from contacts.models import ConsentEvent, Contact
from tests.factories import LONG_AGO, ContactFactory

pytestmark = pytest.mark.django_db


def reason(contact, purpose=Purpose.SEMINAR, channel=Channel.EMAIL):
    return verdict(contact, purpose, channel).reason


def enter(contact, status):
    ConsentEvent.objects.create(
        contact=contact, purpose=Purpose.SEMINAR, channel=Channel.EMAIL, status=status, basis="none", source="import",
        language="en", at=LONG_AGO, email_fingerprint=contact.email_fingerprint,
    )  # fmt: skip


def test_an_agreement_allows_what_was_agreed_to_and_carries_its_proof():
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])

    found = verdict(contact, Purpose.SEMINAR, Channel.EMAIL)

    assert found.is_allowed
    assert found.event == ConsentEvent.objects.get(contact=contact)


def test_an_agreement_allows_nothing_else():
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])

    assert reason(contact, Purpose.TRADE_MISSION) == "no consent"
    assert reason(contact, channel=Channel.PHONE) == "no consent"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("refused", "consent refused"),
        ("withdrawn", "consent withdrawn"),
        ("unconfirmed", "consent unconfirmed"),
        ("legacy", "legacy consent"),
        ("cancelled", "no consent"),
    ],
)
@pytest.mark.usefixtures("impossible_rows")
def test_every_other_answer_forbids_in_its_own_words(status, expected):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    enter(contact, status)

    assert reason(contact) == expected


def test_the_first_failing_reason_is_told():
    contact = ContactFactory()
    steps = ["no consent"]
    contact.email_state = "not_working"
    steps.append(reason(contact))
    contact.email = ""
    steps.append(reason(contact))
    contact.do_not_contact = True
    steps.append(reason(contact))
    contact.status = "merged"
    steps.append(reason(contact))

    assert steps == ["no consent", "address not working", "no e-mail", "do not contact", "record merged or anonymised"]


def test_a_consent_follows_the_address_it_was_given_for():
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    contact.email_fingerprint = "0" * 64

    assert reason(contact) == "consent unconfirmed"
    assert badge_of(contact).label == "Not confirmed for this address"


def test_phone_contact_needs_no_address():
    contact = ContactFactory(email="", phone="+14035550142")

    assert reason(contact, channel=Channel.PHONE) == "no consent"


@pytest.mark.parametrize(
    ("traits", "label"),
    [
        ({}, "Not asked yet"),
        ({"agrees_to": [Purpose.SEMINAR]}, "May be contacted"),
        ({"declines": True}, "Declined"),
        ({"do_not_contact": True, "do_not_contact_at": LONG_AGO}, "Do not contact"),
        ({"agrees_to": [Purpose.SEMINAR], "email": "", "phone": "+14035550142"}, "No e-mail address"),
        ({"future_contact": FutureContact.AGREED}, "Agreed, without a purpose"),
    ],
)
@pytest.mark.usefixtures("impossible_rows")
def test_the_badge_says_it_in_two_words(traits, label):
    assert badge_of(ContactFactory(**traits)).label == label


def test_badges_of_a_list_cost_no_further_query(django_assert_num_queries):
    ContactFactory.create_batch(5, agrees_to=[Purpose.SEMINAR])

    with django_assert_num_queries(1):
        labels = {badge_of(contact).label for contact in with_answers(Contact.objects.all())}

    assert labels == {"May be contacted"}


def test_the_ledger_and_the_states_agree():
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR, Purpose.TRADE_MISSION])
    enter(contact, "withdrawn")

    assert in_force(ledger_of(contact)) == answers_of(contact)
