"""The gate for sets says of everybody what the gate says of one (design §4.6)."""

from datetime import timedelta
from itertools import product

import pytest

from contacts.choices import Channel, ConsentStatus, FutureContact, Purpose
from contacts.gate import badge_of, verdict
from contacts.gate_sets import AGREED, DECLINED, Standing, standing, with_refusal
from contacts.models import ConsentEvent, Contact, Suppression
from tests.factories import LONG_AGO, ContactFactory, TextVersionFactory

pytestmark = pytest.mark.django_db

BADGES = {"May be contacted": "may", "Do not contact": "do_not_contact", "Declined": "declined"}
ASK_AGAIN = {"Not asked yet", "Agreement lapsed"}
RECORDS = [
    {},
    {"email_state": "not_working"},
    {"email": "", "phone": "+14035550142", "email_state": "none"},
    {"future_contact": "agreed"},
    {"future_contact": "declined"},
    {"do_not_contact": True, "do_not_contact_at": LONG_AGO, "future_contact": "declined"},
]


@pytest.fixture
def everybody(impossible_rows):
    """Every record with every answer by every channel, for the address they have and for another one."""
    answers = [*product(ConsentStatus, Channel, ["same", "other"]), None]
    for record, answer in product(RECORDS, answers):
        contact = ContactFactory(**record)
        if answer:
            status, channel, address = answer
            ConsentEvent.objects.create(
                contact=contact, purpose=Purpose.SEMINAR, channel=channel, status=status, basis="express", at=LONG_AGO,
                source="call", language="en", text_version=TextVersionFactory(),
                email_fingerprint=contact.email_fingerprint if address == "same" else "another",
            )  # fmt: skip
    return Contact.objects.all()


def standing_of(contact):
    """As the badge says it. What is not a fixed word is the reason why nothing may be sent to who agreed."""
    said = str(badge_of(contact).label)
    return "not_asked" if contact.future_contact == FutureContact.NOT_ASKED and said in ASK_AGAIN else said


def test_future_contact_as_a_whole_is_what_the_badge_says(everybody):
    expected = {}
    for contact in everybody:
        said = standing_of(contact)
        expected[contact.pk] = said if said == "not_asked" else BADGES.get(said, "agreed")

    found = {contact.pk: which.value for which in Standing for contact in everybody.filter(standing(which))}

    assert found == expected


def test_one_purpose_is_what_the_gate_says_of_it(everybody):
    members = {
        which: set(Contact.objects.filter(standing(which, Purpose.SEMINAR)).values_list("pk", flat=True))
        for which in Standing
    }
    for contact in everybody:
        found = [which for which in Standing if contact.pk in members[which]]
        statuses = {state.status for state in contact.consent_states.filter(purpose=Purpose.SEMINAR)}
        if contact.do_not_contact:
            expected = Standing.DO_NOT_CONTACT
        elif any(verdict(contact, Purpose.SEMINAR, channel).is_allowed for channel in Channel):
            expected = Standing.MAY
        elif statuses & set(AGREED):
            expected = Standing.AGREED
        else:
            expected = Standing.DECLINED if statuses & set(DECLINED) else Standing.NOT_ASKED
        assert found == [expected]


def test_nobody_is_left_out_and_nobody_is_counted_twice(everybody):
    for purpose in [None, *Purpose]:
        found = [contact.pk for which in Standing for contact in everybody.filter(standing(which, purpose))]
        assert sorted(found) == sorted(everybody.values_list("pk", flat=True))


def test_the_first_failing_reason_of_many_is_the_one_of_each(everybody):
    """R-CNS-08: audience, freeze and release ask in sets, a page and the sender ask of one."""
    for place, contact in enumerate(everybody.order_by("pk")):
        if place % 3 == 0 and contact.email_fingerprint:
            by = contact if place % 2 else None
            at = LONG_AGO if place % 4 else LONG_AGO - timedelta(days=1)
            Suppression.objects.create(
                fingerprint=contact.email_fingerprint, purpose="seminar" if place % 5 else "", at=at, contact=by
            )

    expected = {contact.pk: verdict(contact, Purpose.SEMINAR, Channel.EMAIL).reason for contact in everybody}

    assert dict(with_refusal(everybody, Purpose.SEMINAR).values_list("pk", "refusal")) == expected
    assert len(set(expected.values())) > 8
