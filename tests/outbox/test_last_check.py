"""The question asked once more, just before a mail leaves."""

import threading

import pytest
from django.db import OperationalError, transaction

from audit.models import AccessEvent
from contacts.choices import FutureContact, Purpose
from contacts.models import Contact
from i2a import clock
from outbox.services import AlreadyLeft, cancel_queued
from tests.factories import ContactFactory, MessageFactory, answer_about_future_contact
from tests.outbox.steps import drain, in_state, promotion, withdraw
from tests.threads import beside

pytestmark = pytest.mark.xdist_group("workshop")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email": "new@example.org"}, "address changed"),
        ({"email_state": "not_working"}, "address not working"),
        ({"email": "", "phone": "+17805550142"}, "no e-mail"),
        ({"status": "anonymised"}, "record merged or anonymised"),
    ],
)
def test_information_is_withheld_when_the_person_changed_meanwhile(committed, smtp, changes, reason):
    message = MessageFactory()
    Contact.objects.filter(pk=message.contact_id).update(**changes)

    drain()

    message.refresh_from_db()
    assert (message.state, message.reason, smtp.received) == ("withheld", reason, [])
    event = AccessEvent.objects.get(kind="email_withheld", object_uid=message.uid)
    assert (event.detail["reason"], event.actor_label) == (reason, "system:drain")


def test_information_goes_to_people_who_want_no_other_contact(committed, smtp):
    message = MessageFactory(contact=ContactFactory(do_not_contact=True, do_not_contact_at=clock.now()))

    drain()

    message.refresh_from_db()
    assert message.state == "sent"


def test_promotion_whose_consent_ended_after_it_was_queued_is_withheld(committed, smtp):
    """N1: end the consent between queue and send."""
    message = promotion()
    withdraw(message.contact)

    drain()

    message.refresh_from_db()
    assert (message.state, message.reason, smtp.received) == ("withheld", "consent withdrawn", [])


def test_a_newer_agreement_does_not_stand_in_for_the_one_it_rests_on(committed, smtp):
    message = promotion()
    answer_about_future_contact(message.contact, FutureContact.AGREED, [Purpose.SEMINAR])

    drain()

    message.refresh_from_db()
    assert (message.state, message.reason) == ("withheld", "other consent")


def test_promotion_with_consent_leaves(committed, smtp):
    message = promotion()

    drain()

    message.refresh_from_db()
    assert message.state == "sent"


def test_nobody_can_change_the_person_between_the_question_and_the_answer(committed, smtp):
    message = MessageFactory()
    smtp.silence = threading.Event()

    with beside(drain):
        committed.wait_until(lambda: smtp.received, seconds=10)
        with pytest.raises(OperationalError, match="could not obtain lock"), transaction.atomic():
            Contact.objects.select_for_update(nowait=True).get(pk=message.contact_id)
        smtp.silence.set()

    with transaction.atomic():
        Contact.objects.select_for_update(nowait=True).get(pk=message.contact_id)


def test_what_is_being_sent_cannot_be_taken_back(committed):
    message = in_state(MessageFactory(), "claimed")

    with pytest.raises(AlreadyLeft):
        cancel_queued(message=message, reason="Undone", now=clock.now())
