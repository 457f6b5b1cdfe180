"""Clients whose mail came back are phoned (R-INF-02)."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from contacts.choices import EmailState
from contacts.models import Contact
from followups.models import FollowUp, ServiceHours, Verification
from followups.tasks import open_verifications as task
from followups.verifying import NO_OTHER_CONTACT, open_verifications, send_again
from tests.factories import ContactFactory, FollowUpFactory, MessageFactory
from tests.outbox.steps import promotion

MONDAY = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # 10:00 in Edmonton
pytestmark = pytest.mark.django_db


def bounced(contact: Contact | None = None, **columns):
    contact = contact or ContactFactory(phone="+442079460958", email="tariq.fable@exmaple.test")
    return MessageFactory(**{"contact": contact, "state": "bounced", "reason": "came back", **columns})


def test_a_mail_that_came_back_opens_a_follow_up_due_in_a_business_day_with_whoever_sent_it(specialist):
    message = bounced(created_by=specialist)

    open_verifications(now=MONDAY)

    follow_up = FollowUp.objects.get(contact=message.contact)
    assert (follow_up.kind, follow_up.assigned_to, follow_up.team) == ("verify_email", specialist, message.contact.team)
    assert follow_up.due_at == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


def test_every_further_tick_finds_nothing_to_do():
    bounced()
    open_verifications(now=MONDAY)

    assert open_verifications(now=MONDAY) == 0
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize("reason", ["address refused", "gave up"])
def test_an_address_that_the_mail_server_refused_at_once_is_verified_too(reason):
    bounced(state="failed", reason=reason)

    assert open_verifications(now=MONDAY) == 1


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "failed", "reason": "mail refused"},
        {"state": "withheld", "reason": "address not working"},
        {"state": "sent", "sent_at": MONDAY},
    ],
)
def test_nobody_is_phoned_about_anything_else(columns):
    bounced(**columns)

    assert open_verifications(now=MONDAY) == 0


def test_nobody_is_phoned_about_an_invitation():
    promotion(state="bounced", reason="came back")

    assert open_verifications(now=MONDAY) == 0


def test_a_second_mail_joins_the_follow_up_that_is_open():
    first = bounced()
    open_verifications(now=MONDAY)
    bounced(first.contact)

    open_verifications(now=MONDAY)

    assert FollowUp.objects.get().verifications.count() == 2


def test_without_a_number_it_is_undeliverable_and_ends_at_once():
    message = bounced(ContactFactory(phone="", mobile=""))

    open_verifications(now=MONDAY)

    follow_up = FollowUp.objects.get(contact=message.contact)
    assert (follow_up.status, follow_up.cancel_reason) == ("cancelled", NO_OTHER_CONTACT)
    assert open_verifications(now=MONDAY) == 0


def test_a_colleague_who_left_is_not_asked(specialist):
    specialist.is_active = False
    specialist.save()
    bounced(created_by=specialist)

    open_verifications(now=MONDAY)

    assert FollowUp.objects.get().assigned_to is None


def test_without_service_hours_the_mail_is_found_again_later():
    ServiceHours.objects.all().delete()
    bounced()

    assert open_verifications(now=MONDAY) == 1
    assert not FollowUp.objects.exists()


def test_the_task_signs_what_it_does():
    bounced()

    task()

    assert FollowUp.objects.get().created_by is None


def test_one_mail_has_one_verification():
    message, follow_up = bounced(), FollowUpFactory()
    Verification.objects.create(message=message, follow_up=follow_up)

    with pytest.raises(IntegrityError):
        Verification.objects.create(message=message, follow_up=follow_up)


def test_sending_again_corrects_the_address_and_queues_the_same_words(specialist):
    first = bounced(purpose_key="call:C-2026-000007", created_by=specialist)
    second = bounced(first.contact)
    open_verifications(now=MONDAY)
    follow_up = FollowUp.objects.get()
    Contact.objects.filter(pk=first.contact_id).update(email_state="not_working")

    version = first.contact.version
    resent = send_again(
        follow_up=follow_up, email="tariq.fable@example.com", version=version, by=specialist, now=MONDAY
    )

    assert [(pair.new.content_id, pair.new.to_email, pair.new.state) for pair in resent] == [
        (first.content_id, "tariq.fable@example.com", "queued"),
        (second.content_id, "tariq.fable@example.com", "queued"),
    ]
    assert resent[0].new.reference == "C-2026-000007"
    assert Contact.objects.get(pk=first.contact_id).email_state == EmailState.OK


def test_the_same_address_may_work_again(specialist):
    message = bounced()
    open_verifications(now=MONDAY)
    Contact.objects.filter(pk=message.contact_id).update(email_state="not_working")

    send_again(
        follow_up=FollowUp.objects.get(), email=message.to_email, version=message.contact.version, by=specialist,
        now=MONDAY,
    )  # fmt: skip

    assert Contact.objects.get(pk=message.contact_id).email_state == EmailState.OK


def test_what_was_sent_again_can_come_back_again(specialist):
    bounced()
    open_verifications(now=MONDAY)
    follow_up = FollowUp.objects.get()
    version = follow_up.contact.version
    new = send_again(follow_up=follow_up, email="b@example.com", version=version, by=specialist, now=MONDAY)[0].new
    again = bounced(follow_up.contact, purpose_key=f"{new.purpose_key[:20]}:again:1")

    open_verifications(now=MONDAY)

    assert Verification.objects.get(message=again).follow_up == follow_up
