"""One record becomes two again: what was done since stays (F22, D7)."""

from datetime import timedelta

import pytest

from contacts.choices import FutureContact, Purpose
from contacts.models import ContactUserGrant, MergeRecord, MergeSnapshot
from contacts.services import contacts, grants
from contacts.services.unmerging import CannotUndo, why_not
from contacts.tasks import erase_merge_snapshots
from i2a import clock
from tests.contacts.steps import allowed, answer, merge, must_not_be_contacted, undo
from tests.factories import CallFactory, ContactFactory

pytestmark = pytest.mark.django_db


def test_what_was_changed_since_stays(team_lead):
    winner, loser = ContactFactory(name="A. P."), ContactFactory(name="Aloysius P.", organisation="Firm")
    record = merge(winner, loser, team_lead, ["name", "organisation"])
    contacts.change_contact(
        contact=winner, values={"name": "Aloysius Penny"}, version=winner.version, by=team_lead, now=clock.now()
    )

    undo(record, team_lead)

    assert (record.winner.name, record.winner.organisation) == ("Aloysius Penny", "")
    assert (record.loser.name, record.loser.organisation) == ("Aloysius P.", "Firm")


def test_a_call_since_stays_and_the_others_go_back(team_lead, specialist):
    winner, loser = ContactFactory(), ContactFactory()
    before = CallFactory(contact=loser, specialist=specialist)
    record = merge(winner, loser, team_lead)
    since = CallFactory(contact=winner, specialist=specialist)

    undo(record, team_lead)

    before.refresh_from_db()
    assert (before.contact, since.contact) == (loser, winner)


def test_a_withdrawal_since_holds_for_both(team_lead):
    winner = ContactFactory(email="info@example.org", agrees_to=[Purpose.SEMINAR])
    loser = ContactFactory(email="info@example.org", agrees_to=[Purpose.SEMINAR])
    record = merge(winner, loser, team_lead)
    answer(winner, FutureContact.DECLINED)

    undo(record, team_lead)

    assert not allowed(winner)
    assert not allowed(loser)
    assert record.loser.future_contact == FutureContact.DECLINED


def test_do_not_contact_since_holds_for_both(team_lead):
    winner = ContactFactory(email="info@example.org")
    loser = ContactFactory(email="info@example.org", agrees_to=[Purpose.SEMINAR])
    record = merge(winner, loser, team_lead, ["email"])
    answer(winner, FutureContact.DECLINED)
    winner.refresh_from_db()
    must_not_be_contacted(winner)

    undo(record, team_lead)

    assert record.winner.do_not_contact
    assert record.loser.do_not_contact
    assert not allowed(loser)


def test_an_agreement_since_is_not_given_to_the_other(team_lead):
    winner, loser = ContactFactory(email="info@example.org"), ContactFactory(email="info@example.org")
    record = merge(winner, loser, team_lead)
    answer(winner, FutureContact.AGREED)

    undo(record, team_lead)

    assert allowed(winner)
    assert not allowed(loser)


def test_an_address_found_not_to_work_since_works_on_neither(team_lead):
    winner, loser = ContactFactory(), ContactFactory(email="info@example.org")
    record = merge(winner, loser, team_lead, ["email"])
    values = {"email_state": "not_working"}
    contacts.change_contact(contact=winner, values=values, version=winner.version, by=None, now=clock.now())

    undo(record, team_lead)

    assert (record.winner.email_state, record.loser.email_state) == ("ok", "not_working")


def test_a_grant_revoked_since_does_not_come_back(team_lead, specialist):
    winner, loser = ContactFactory(), ContactFactory()
    until = clock.now() + timedelta(days=3)
    grant = grants.grant_access(
        contact=loser, to=specialist, basis="shared", reason="Help", by=team_lead, now=clock.now(), until=until
    )
    record = merge(winner, loser, team_lead)
    grant.refresh_from_db()
    grants.end_access(contact=winner, grant=grant, reason="Done", by=team_lead, now=clock.now())

    undo(record, team_lead)

    assert not ContactUserGrant.objects.exists()


def test_after_thirty_days_it_is_too_late(team_lead):
    record = merge(ContactFactory(), ContactFactory(), team_lead, now=clock.now() - timedelta(days=30))

    with pytest.raises(CannotUndo, match="too late"):
        undo(record, team_lead)


def test_once_undone_is_enough(team_lead):
    record = merge(ContactFactory(), ContactFactory(), team_lead)
    undo(record, team_lead)

    with pytest.raises(CannotUndo, match="undone"):
        undo(record, team_lead)


def test_the_last_merge_is_undone_first(team_lead):
    winner, loser, another, top = (ContactFactory() for _ in range(4))
    first = merge(winner, loser, team_lead)
    second = merge(winner, another, team_lead)
    assert why_not(first, clock.now()) == "later merge"

    undo(second, team_lead)
    winner.refresh_from_db()
    merge(top, winner, team_lead)
    first.refresh_from_db()

    assert why_not(MergeRecord.objects.get(pk=first.pk), clock.now()) == "merged on"


def test_the_values_are_erased_after_thirty_days(team_lead):
    old = merge(ContactFactory(), ContactFactory(), team_lead, now=clock.now() - timedelta(days=30))
    young = merge(ContactFactory(), ContactFactory(), team_lead, now=clock.now() - timedelta(days=29))

    erase_merge_snapshots()

    assert MergeRecord.objects.count() == 2
    assert not MergeSnapshot.objects.filter(record=old).exists()
    assert MergeSnapshot.objects.filter(record=young).exists()
