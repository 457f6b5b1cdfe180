"""Stopping and resuming, and what the senders say of themselves."""

import pytest
from django.db import connection

from audit.actor import acting_as
from audit.models import LogEntry
from i2a import clock
from outbox import engine, health
from outbox.models import SenderHealth, SendingState
from outbox.smtp import MailServer
from outbox.switches import AlreadySo, resume_sending, stop_sending
from tests.factories import MessageFactory, UserFactory
from tests.live import free_port
from tests.outbox.steps import drain, promotion

STOP = "INSERT INTO outbox_sendingstate (mailing, is_stopped, reason, changed_at) VALUES ('', true, 'x', now())"
pytestmark = pytest.mark.xdist_group("workshop")


@pytest.fixture
def on(committed):
    """Nothing is stopped when the test begins, and the senders have said nothing."""
    SendingState.objects.all().delete()
    SenderHealth.objects.all().delete()
    yield committed
    SendingState.objects.all().delete()
    SenderHealth.objects.all().delete()


def stop(**changes) -> SendingState:
    return stop_sending(**{"reason": "Wrong words", "by": None, "now": clock.now(), **changes})


def resume(**changes) -> SendingState:
    return resume_sending(**{"reason": "Mended", "by": None, "now": clock.now(), **changes})


def state_of(message) -> str:
    message.refresh_from_db()
    return message.state


def test_nothing_leaves_while_sending_is_stopped_and_everything_after(on, smtp):
    message = MessageFactory()

    stop()
    assert not drain()
    assert (state_of(message), message.events.count(), smtp.connections) == ("queued", 0, 0)
    resume()
    drain()

    assert state_of(message) == "sent"


def test_one_mailing_is_stopped_and_the_others_leave(on, smtp):
    stopped, other = promotion(purpose_key="event:E-1"), promotion(purpose_key="event:E-2")

    stop(mailing="event:E-1")
    drain()

    assert (state_of(stopped), state_of(other)) == ("queued", "sent")


def test_a_stop_is_seen_in_the_step_that_begins_to_send(on, smtp, monkeypatch):
    message, offer = MessageFactory(), MailServer.offer

    def stop_after_offering(self, **envelope):
        answer = offer(self, **envelope)
        with engine.side_connection() as side, side.cursor() as cursor:
            cursor.execute(STOP)
        return answer

    monkeypatch.setattr(MailServer, "offer", stop_after_offering)
    drain()

    assert (state_of(message), smtp.received) == ("queued", [])
    assert "DATA" not in smtp.commands


def test_who_stopped_it_and_why_is_in_the_history(on):
    grant = UserFactory()

    with acting_as(grant):
        state = stop(by=grant)

    entry = LogEntry.objects.get_for_object(state).latest("pk")
    assert (entry.actor, entry.changes["is_stopped"], entry.changes["reason"][1]) == (
        grant,
        ["False", "True"],
        "Wrong words",
    )


def test_stopping_twice_is_told_and_keeps_the_first_reason(on):
    stop(reason="First")

    with pytest.raises(AlreadySo):
        stop(reason="Second")
    assert SendingState.objects.get().reason == "First"


def test_without_a_tick_for_two_minutes_there_is_an_alarm(on):
    assert health.health().code == "no tick"
    health.ticked()
    assert health.health().code == "ok"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_senderhealth SET ticked_at = clock_timestamp() - interval '121 seconds'")
    assert health.health().code == "no tick"


def test_a_stop_is_said(on):
    health.ticked()
    stop()

    assert health.health().code == "stopped"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"EMAIL_HOST": ""}, "not configured"),
        ({"EMAIL_HOST_USER": "i2a", "EMAIL_HOST_PASSWORD": "wrong"}, "sign-in refused"),
        ({"EMAIL_PORT": None}, "unreachable"),
    ],
)
def test_why_no_mail_leaves_is_said_plainly_and_nothing_is_lost(on, smtp, settings, changes, code):
    message = MessageFactory()
    health.ticked()
    good = {name: getattr(settings, name) for name in changes}
    for name, value in changes.items():
        setattr(settings, name, free_port() if value is None else value)

    drain()
    assert (health.health().code, state_of(message), message.attempts) == (code, "queued", 0)
    for name, value in good.items():
        setattr(settings, name, value)
    drain()

    assert (health.health().code, state_of(message)) == ("ok", "sent")


def test_a_trouble_keeps_the_moment_it_began(on):
    health.note(health.Trouble.UNREACHABLE)
    began = SenderHealth.objects.get().trouble_since
    health.note(health.Trouble.UNREACHABLE)

    assert SenderHealth.objects.get().trouble_since == began
