"""What somebody agreed to after two records became one: the strictest answer wins (R-CON-07, N4, P7)."""

import pytest

from contacts.choices import Channel, FutureContact, Purpose
from contacts.gate import verdict
from contacts.models import ConsentEvent
from contacts.services import contacts
from i2a import clock
from tests.contacts.steps import HOME, allowed, answer, merge, must_not_be_contacted
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db
EVERY_KEY = [(purpose, channel) for purpose in Purpose for channel in Channel]


def test_do_not_contact_on_either_wins(team_lead):
    for winner, loser in [
        (ContactFactory(agrees_to=list(Purpose)[:3]), must_not_be_contacted(ContactFactory())),
        (must_not_be_contacted(ContactFactory()), ContactFactory(agrees_to=list(Purpose)[:3])),
    ]:
        merge(winner, loser, team_lead, ["email"])

        assert winner.do_not_contact
        assert winner.future_contact == FutureContact.DECLINED
        assert not any(allowed(winner, *key) for key in EVERY_KEY)


def test_an_agreement_for_the_same_address_survives_a_record_that_was_never_asked(team_lead):
    for agreed_is_winner in (True, False):
        agreed = ContactFactory(email="info@example.org", agrees_to=[Purpose.SEMINAR])
        silent = ContactFactory(email="Info@example.org")

        winner, loser = (agreed, silent) if agreed_is_winner else (silent, agreed)
        merge(winner, loser, team_lead)

        assert allowed(winner)
        assert verdict(winner, Purpose.SEMINAR, Channel.EMAIL).event.at == agreed.consent_events.get().at


def test_an_agreement_for_another_address_does_not_cover_this_one(team_lead):
    winner, loser = ContactFactory(), ContactFactory(agrees_to=[Purpose.SEMINAR])

    merge(winner, loser, team_lead)

    assert verdict(winner, Purpose.SEMINAR, Channel.EMAIL).reason == "consent unconfirmed"


def test_an_agreement_to_be_phoned_does_not_cover_another_number(team_lead):
    winner, loser = ContactFactory(phone="+14035550142"), ContactFactory(phone="+14035550143")
    answer(loser, FutureContact.AGREED, channels=[Channel.PHONE])

    merge(winner, loser, team_lead)

    assert not allowed(winner, channel=Channel.PHONE)


def test_a_no_for_a_purpose_ends_it_on_every_channel(team_lead):
    winner = ContactFactory(phone="+14035550142")
    answer(winner, FutureContact.AGREED, purposes=[Purpose.SEMINAR, Purpose.TRADE_MISSION])
    loser = ContactFactory(phone="+14035550142")
    answer(loser, FutureContact.AGREED, purposes=[Purpose.SEMINAR], channels=[Channel.PHONE])
    answer(loser, FutureContact.DECLINED)

    merge(winner, loser, team_lead)

    assert not allowed(winner)
    assert not allowed(winner, Purpose.TRADE_MISSION)


def test_the_address_goes_with_the_agreement(team_lead):
    winner = ContactFactory(agrees_to=[Purpose.SEMINAR])
    winner = contacts.change_contact(contact=winner, values=HOME, version=winner.version, by=None, now=clock.now())

    merge(winner, ContactFactory(declines=True), team_lead)

    assert (winner.future_contact, winner.street) == (FutureContact.DECLINED, "")


def test_new_events_say_whom_they_came_with(team_lead):
    winner, loser = ContactFactory(), ContactFactory(declines=True)

    record = merge(winner, loser, team_lead)

    events = ConsentEvent.objects.filter(contact=winner)
    assert {event.correction_reason for event in events} == {f"Merged with {loser.ref}"}
    assert sorted(event.pk for event in events) == record.moved["consents"]
