"""When somebody last called, on the contact, however the calls are written."""

from datetime import timedelta

import pytest

from calls.models import Call
from tests.factories import LONG_AGO, CallFactory, ContactFactory

pytestmark = pytest.mark.django_db


def last_call(contact):
    contact.refresh_from_db()
    return contact.last_call_at


def test_the_newest_call_counts():
    contact = ContactFactory()
    assert contact.last_call_at is None

    CallFactory(contact=contact, started_at=LONG_AGO + timedelta(days=2))
    CallFactory(contact=contact, started_at=LONG_AGO)

    assert last_call(contact) == LONG_AGO + timedelta(days=2)


def test_a_call_is_activity_and_never_makes_a_contact_look_older():
    contact = ContactFactory(last_activity_at=LONG_AGO + timedelta(days=1))

    CallFactory(contact=contact, started_at=LONG_AGO)
    assert last_call(contact) == LONG_AGO
    assert contact.last_activity_at == LONG_AGO + timedelta(days=1)

    CallFactory(contact=contact, started_at=LONG_AGO + timedelta(days=2))
    contact.refresh_from_db()
    assert contact.last_activity_at == LONG_AGO + timedelta(days=2)


def test_a_voided_call_does_not_count():
    contact = ContactFactory()
    call = CallFactory(contact=contact)

    call.status, call.void_reason, call.voided_at = "voided", "Logged twice.", call.ended_at
    call.save()

    assert last_call(contact) is None


def test_calls_that_move_to_another_contact_are_its_calls_from_then_on():
    old, new = ContactFactory(), ContactFactory()
    call = CallFactory(contact=old)

    Call.objects.filter(pk=call.pk).update(contact=new)

    assert last_call(old) is None
    assert last_call(new) == call.started_at
