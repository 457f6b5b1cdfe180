"""What the mail server says, and what becomes of the message."""

import threading
import time
from datetime import timedelta

import pytest

from audit.models import LogEntry
from contacts.models import Contact
from i2a import clock
from outbox import engine, outcomes, rendering
from outbox.models import Message, MessageEvent
from outbox.smtp import Answer, Outcome
from tests.factories import MessageFactory
from tests.live import free_port
from tests.outbox.smtp_double import DROP, MailServerDouble
from tests.outbox.steps import drain, make_due, promotion, reap

pytestmark = pytest.mark.xdist_group("workshop")


def test_a_busy_server_is_tried_again_after_pauses_that_grow(committed, smtp):
    message = MessageFactory()
    smtp.answers["rcpt"] = ["451 4.7.1 grey"] * 3
    pauses = []

    for _ in range(4):
        make_due(message)
        drain()
        message.refresh_from_db()
        pauses.append(message.not_before - message.events.latest("pk").at)
        if len(pauses) == 1:
            assert (message.state, message.reason, message.smtp_code) == ("queued", "server busy", "451 4.7.1")

    assert pauses[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert (message.state, message.attempts, len(smtp.received)) == ("sent", 4, 1)


def test_a_pause_is_never_longer_than_four_hours():
    assert outcomes.pause_after(1) == timedelta(seconds=30)
    assert outcomes.pause_after(9) == timedelta(seconds=7680)
    assert outcomes.pause_after(10) == outcomes.pause_after(10_000) == timedelta(hours=4)


def test_after_72_hours_it_gives_up(committed, smtp):
    message = MessageFactory()
    MessageEvent.objects.create(
        message=message, state="claimed", at=clock.now() - timedelta(hours=72), actor_label="system:drain"
    )
    smtp.answers["rcpt"] = ["451 later"]

    drain()

    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "gave up")


@pytest.mark.parametrize(
    ("reply", "code", "is_marked"),
    [
        ("550 5.1.1 No such mailbox", "550 5.1.1", True),
        ("550 unknown", "550", True),
        ("553 what is that", "553", True),
        ("550 5.7.1 relaying denied", "550 5.7.1", False),
        ("552 5.2.2 mailbox full", "552 5.2.2", False),
        ("554 no", "554", False),
    ],
)
def test_a_refused_recipient_fails_at_once_and_marks_a_wrong_address(committed, smtp, reply, code, is_marked):
    message = MessageFactory()
    smtp.answers["rcpt"] = [reply]

    drain()
    make_due(message)
    drain()

    message.refresh_from_db()
    contact = Contact.objects.get(pk=message.contact_id)
    assert (message.state, message.smtp_code) == ("failed", code)
    assert contact.email_state == ("not_working" if is_marked else "ok")
    assert contact.version == (2 if is_marked else 1)
    assert smtp.received == []
    if is_marked:
        entry = LogEntry.objects.get_for_object(contact).latest("pk")
        assert (entry.changes, entry.actor_label) == ({"email_state": ["ok", "not_working"]}, "system:drain")


def test_an_address_corrected_meanwhile_is_not_blamed_for_the_old_one(committed):
    message = MessageFactory()
    token, _claimed = engine.claim_due(limit=1, now=clock.now())
    Contact.objects.filter(pk=message.contact_id).update(email="corrected@example.org")

    outcomes.settle(message, token, Answer(Outcome.REFUSED, "550 5.1.1", blames_address=True))

    message.refresh_from_db()
    assert message.state == "failed"
    assert Contact.objects.get(pk=message.contact_id).email_state == "ok"


def test_a_refused_mail_fails_and_leaves_the_address_alone(committed, smtp):
    message = MessageFactory()
    smtp.answers["dot"] = ["554 5.6.0 spam"]

    drain()

    message.refresh_from_db()
    assert (message.state, message.reason, message.smtp_code) == ("failed", "mail refused", "554 5.6.0")
    assert Contact.objects.get(pk=message.contact_id).email_state == "ok"


def test_a_mail_deferred_after_its_end_is_tried_again(committed, smtp):
    message = MessageFactory()
    smtp.answers["dot"] = ["450 4.2.0 later"]

    drain()
    make_due(message)
    drain()

    message.refresh_from_db()
    assert (message.state, message.attempts, len(smtp.received)) == ("sent", 2, 1)


def test_a_refused_sender_is_our_fault_and_the_mail_waits(committed, smtp):
    message = MessageFactory()
    smtp.answers["mail"] = ["550 5.7.1 sender not allowed"]

    drain()

    message.refresh_from_db()
    assert (message.state, message.smtp_code) == ("queued", "550 5.7.1")
    assert Contact.objects.get(pk=message.contact_id).email_state == "ok"


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_a_connection_lost_before_the_mail_costs_nothing(committed, smtp, step):
    lost, next_one = MessageFactory.create_batch(2)
    smtp.answers[step] = [DROP]

    drain()
    make_due(lost)
    drain()

    assert {message.state for message in Message.objects.filter(pk__in=[lost.pk, next_one.pk])} == {"sent"}
    assert len(smtp.received) == 2


def test_a_cut_before_the_final_dot_is_known_as_not_accepted(committed, smtp, monkeypatch):
    message = promotion()
    larger_than_any_buffer = rendering.Rendered(b"Subject: x\r\n\r\n" + b"a line\r\n" * 2_500_000, sha256="0" * 64)
    smtp.answers["body"] = [DROP]

    with monkeypatch.context() as patched:
        patched.setattr(rendering, "render", lambda *arguments: larger_than_any_buffer)
        drain()

    message.refresh_from_db()
    assert (message.state, message.reason) == ("queued", "connection cut")
    make_due(message)
    drain()
    message.refresh_from_db()
    assert (message.state, len(smtp.received)) == ("sent", 1)


def test_information_without_an_answer_is_repeated_with_the_same_message_id(committed, smtp):
    message = MessageFactory()
    smtp.answers["dot"] = [DROP]

    drain()
    message.refresh_from_db()
    assert (message.state, message.reason) == ("queued", "no answer")
    make_due(message)
    drain()

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)
    assert [mail.mail["Message-ID"] for mail in smtp.received] == [message.message_id] * 2


def test_a_server_that_falls_silent_is_not_waited_for(committed, smtp, settings):
    message = promotion()
    settings.EMAIL_TIMEOUT = 0.5
    smtp.silence = threading.Event()
    started = time.monotonic()

    drain()

    took = time.monotonic() - started
    smtp.silence.set()
    message.refresh_from_db()
    assert (message.state, message.reason) == ("ambiguous", "no answer")
    assert took < 10


def test_promotion_without_an_answer_waits_for_a_person(committed, smtp):
    message = promotion()
    smtp.answers["dot"] = [DROP]

    drain()
    reap()
    drain()

    message.refresh_from_db()
    assert (message.state, message.reason, len(smtp.received)) == ("ambiguous", "no answer", 1)


def test_a_stale_connection_is_renewed(committed, smtp):
    MessageFactory.create_batch(3)
    smtp.answers["mail"] = ["250 OK", "421 4.4.2 idle too long", "250 OK", DROP]

    drain()

    assert (len(smtp.received), smtp.connections) == (3, 3)


# No mail server


def test_a_server_that_cannot_be_reached_changes_nothing_and_the_next_tick_sends(committed, settings):
    message = MessageFactory()
    settings.EMAIL_PORT = free_port()

    more = drain()

    message.refresh_from_db()
    assert (more, message.state, message.attempts, message.events.count()) == (False, "queued", 0, 0)
    double = MailServerDouble(settings.EMAIL_PORT)
    drain()
    double.stop()
    message.refresh_from_db()
    assert message.state == "sent"


def test_four_hours_without_a_mail_server_cost_no_attempt_and_everything_leaves_afterwards(committed, settings):
    """M8: 24 looks ten minutes apart; the pauses of a mail do not grow for what the server's absence did."""
    ours = Message.objects.filter(pk__in=[message.pk for message in MessageFactory.create_batch(30)])
    settings.EMAIL_PORT = free_port()
    start = clock.now()

    for look in range(24):
        clock.set_demo_time(start + timedelta(minutes=10 * look), stand_still=True)
        drain()
    waiting = ours.filter(state="queued", attempts=0).count()
    double = MailServerDouble(settings.EMAIL_PORT)
    drain()
    double.stop()

    assert waiting == len(double.script.received) == 30
    assert not ours.exclude(state="sent").exists()


@pytest.mark.parametrize(("step", "reply"), [("connect", "554 not today"), ("ehlo", DROP)])
def test_a_server_that_does_not_let_us_in_changes_nothing(committed, smtp, step, reply):
    message = MessageFactory()
    smtp.answers[step] = [reply]

    drain()

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 0)


def test_a_wrong_password_changes_nothing(committed, smtp, settings):
    message = MessageFactory()
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "i2a", "wrong"

    drain()

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 0)


def test_a_server_that_goes_away_gives_back_what_was_claimed(committed, smtp, monkeypatch):
    messages = MessageFactory.create_batch(3)
    smtp.answers["mail"] = ["250 OK", "421 closing"]
    smtp.answers["connect"] = ["220 ready", "421 closing"]

    drain()

    states = Message.objects.filter(pk__in=[m.pk for m in messages]).order_by("pk").values_list("state", "attempts")
    assert list(states) == [("sent", 1), ("queued", 0), ("queued", 0)]
    assert messages[2].events.latest("pk").detail == "server unreachable"
