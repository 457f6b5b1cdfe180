import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from celery import Celery, current_app
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit.actor import acting_as
from audit.models import LogEntry
from outbox import bell, services
from outbox.models import Content, Message
from outbox.rendering import POLICY
from outbox.services import AddressNotWorking, AlreadyLeft, NoEmail, SubjectNotOneLine
from tests.factories import ContactFactory, ContentFactory, MessageFactory

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def queue(contact, **changes) -> Message:
    asked = {
        "content": ContentFactory(),
        "purpose_key": "call:C-2026-000123",
        "not_before": NOW,
        "by": None,
        "now": NOW,
    }
    return services.queue_information(contact=contact, **{**asked, **changes})


# Contents


def test_the_same_words_are_one_row():
    words = {"language": "en", "subject": "Work permits", "text": "Text", "html": "<p>Text</p>"}

    first, second = services.make_content(**words), services.make_content(**words)
    other = services.make_content(**{**words, "language": "fr"})

    assert first == second
    assert other != first
    assert Content.objects.count() == 2


def test_the_digest_does_not_confuse_where_one_part_ends():
    assert services.digest("ab", "c") != services.digest("a", "bc")


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "   ",
        "Permits\r\nBcc: everybody@example.org",
        "Permits\nX: y",
        "Permits\rX",
        "Permits\x00",
        "Permits\x0bX: y",
        "Permits\x85X: y",
        "Permits\u2028X: y",
        "Permits\u2029X: y",
        "Permits\ud800",
        "P" * 201,
    ],
)
def test_a_subject_that_is_not_one_line_is_refused(subject):
    with pytest.raises(SubjectNotOneLine):
        services.make_content(language="en", subject=subject, text="", html="")

    assert not Content.objects.exists()


@given(st.text(min_size=1, max_size=210))
def test_any_subject_is_refused_or_stays_one_header(subject):
    try:
        services.check_subject(subject)
    except SubjectNotOneLine:
        return
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = subject
    parsed = message_from_bytes(mail.as_bytes(), policy=default)
    assert parsed.keys() == ["Subject"]


# Asking for information


def test_information_is_queued_for_the_clients_own_address(specialist):
    contact = ContactFactory(email="tariq.fable@example.org")

    with acting_as(specialist):
        message = queue(contact, by=specialist, not_before=NOW + timedelta(seconds=20))

    message.refresh_from_db()
    assert (message.kind, message.state, message.to_email) == ("information", "queued", "tariq.fable@example.org")
    assert (message.not_before, message.created_at, message.created_by) == (
        NOW + timedelta(seconds=20),
        NOW,
        specialist,
    )
    event = message.events.get()
    assert (event.state, event.at, event.actor_label) == ("queued", NOW, "maya")
    entry = LogEntry.objects.get_for_object(message).get()
    assert (entry.action, entry.actor) == (LogEntry.Action.CREATE, specialist)
    assert "tariq" not in str(entry.changes)


def test_the_message_id_belongs_to_the_row_and_to_our_domain():
    message = queue(ContactFactory())

    assert message.message_id == services.message_id_for(message.uid)
    assert message.message_id.startswith("<")
    assert message.message_id.endswith("@i2a.example.org>")


def test_a_client_without_email_is_refused_in_the_words_of_the_requirement():
    contact = ContactFactory(email="", phone="+380505550112")

    with pytest.raises(NoEmail) as refused:
        queue(contact)

    assert str(refused.value) == "This client has no e-mail address. Offer phone or fax."
    assert not Message.objects.exists()


def test_an_address_that_does_not_work_is_refused():
    with pytest.raises(AddressNotWorking):
        queue(ContactFactory(email_state="not_working"))

    assert not Message.objects.exists()


def test_the_same_request_cannot_be_queued_twice():
    contact = ContactFactory()
    queue(contact)

    with pytest.raises(IntegrityError), transaction.atomic():
        queue(contact)


def test_the_bell_rings_after_the_commit_and_only_if_the_mail_may_leave_now(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as for_later:
        queue(ContactFactory(), not_before=NOW + timedelta(seconds=20))
    with django_capture_on_commit_callbacks() as for_now:
        queue(ContactFactory(), not_before=NOW)

    assert (for_later, for_now) == ([], [bell.ring_drain])


# Taking back


def test_a_queued_message_can_be_taken_back_and_forgets_its_address(specialist):
    message = MessageFactory()

    with acting_as(specialist):
        services.cancel_queued(message=message, reason="Undone right after saving", now=NOW)

    assert (message.state, message.reason, message.to_email) == ("cancelled", "Undone right after saving", "")
    assert message.events.get().actor_label == "maya"
    entry = LogEntry.objects.get_for_object(message).latest("pk")
    assert entry.changes == {
        "state": ["queued", "cancelled"],
        "reason": ["", "Undone right after saving"],
        "to_email": ["***", ""],
    }
    assert entry.actor == specialist


@pytest.mark.parametrize("state", ["claimed", "sending", "sent", "failed", "ambiguous", "withheld"])
def test_a_message_that_has_left_cannot_be_taken_back(state):
    token = "00000000-0000-4000-8000-000000000001"
    message = MessageFactory(state=state, claim_token=token, lease_until=NOW, sent_at=NOW)

    with pytest.raises(AlreadyLeft):
        services.cancel_queued(message=message, reason="Undone", now=NOW)

    message.refresh_from_db()
    assert (message.state, message.events.count()) == (state, 0)


# The broker


@pytest.mark.parametrize("broker", ["redis+socket:///nonexistent/redis.sock", "redis://127.0.0.1:1/0"])
def test_a_broker_that_is_down_breaks_nothing_and_costs_no_time(broker, monkeypatch, caplog):
    monkeypatch.setattr(bell, "current_app", other_app(broker))
    started = time.monotonic()

    assert bell.ring_drain() is False

    assert time.monotonic() - started < 3
    assert "the broker does not answer" in caplog.text


def other_app(broker: str):
    app = Celery("elsewhere", broker=broker, set_as_current=False)
    app.conf.update(
        broker_transport_options=current_app.conf.broker_transport_options,
        task_publish_retry=current_app.conf.task_publish_retry,
    )
    return app
