"""The sender on a real database, with real commits, against a mail server that does what the test wants."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from audit.actor import acting_as_system
from audit.models import AccessEvent, LogEntry
from i2a import clock
from outbox import engine, rendering
from outbox.models import Message, MessageEvent
from outbox.return_path import message_of
from outbox.smtp import MailServer
from tests.factories import ContentFactory, MessageFactory
from tests.outbox.steps import drain, end_lease, in_state, promotion, reap
from tests.threads import at_once, beside

pytestmark = pytest.mark.xdist_group("workshop")
LOSE_CLAIMS = """
UPDATE outbox_message SET state = 'queued', claim_token = NULL, not_before = now() + '1 day' WHERE state = 'claimed'
"""


# All is well


def test_a_due_message_leaves_once_and_says_when(committed, smtp):
    message = MessageFactory()

    drain()
    drain()

    message.refresh_from_db()
    assert (message.state, message.smtp_code, message.attempts, message.reason) == ("sent", "250", 1, "")
    assert message.sent_at is not None
    assert [mail.recipients for mail in smtp.received] == [[message.to_email]]
    assert message_of(smtp.received[0].sender) == message.pk
    assert smtp.received[0].mail["Message-ID"] == message.message_id


def test_every_step_is_in_the_events_and_the_outcome_in_the_audit_signed_by_the_sender(committed, smtp):
    message = MessageFactory()

    drain()

    events = message.events.order_by("pk").values_list("state", "actor_label")
    assert list(events) == [(state, "system:drain") for state in ["claimed", "sending", "sent"]]
    entry = LogEntry.objects.get_for_object(message).get(action=LogEntry.Action.UPDATE)
    assert (entry.changes["state"], entry.changes["sent_at"][0]) == (["sending", "sent"], "None")
    assert entry.actor_label == "system:drain"


def test_a_sent_mail_can_be_proven(committed, smtp):
    message = MessageFactory()

    drain()

    message.refresh_from_db()
    event = AccessEvent.objects.get(kind="email_sent", object_uid=message.uid)
    assert event.detail["content"] == message.content.sha256
    assert event.detail["template"] == message.template_version == rendering.template_version()
    assert event.detail["address"] == message.contact.email_fingerprint
    assert message.to_email not in str(event.detail)
    assert len(message.rendered_sha256) == 64


def test_one_connection_carries_all_mails_of_a_drain(committed, smtp):
    MessageFactory.create_batch(12)

    drain()

    assert len(smtp.received) == 12
    assert smtp.connections == 1


def test_a_line_that_begins_with_a_dot_arrives_whole(committed, smtp):
    MessageFactory(content=ContentFactory(text="Above\n.\n..two\nBelow"))

    drain()

    (received,) = smtp.received
    assert "Above\r\n.\r\n..two\r\nBelow" in received.mail.get_body(["plain"]).get_content()


def test_a_message_waits_for_its_time(committed, smtp):
    message = MessageFactory(not_before=clock.now() + timedelta(seconds=20))

    more = drain()

    message.refresh_from_db()
    assert (more, message.state, smtp.connections) == (False, "queued", 0)


# Nobody sends twice


def test_two_claims_never_share_a_message(committed):
    MessageFactory.create_batch(6)

    _token, first = engine.claim_due(limit=4, now=clock.now())
    _token, second = engine.claim_due(limit=4, now=clock.now())

    assert (len(first), len(second)) == (4, 2)
    assert not set(first) & set(second)


def test_a_claim_waits_for_nobody(committed):
    locked, free = MessageFactory.create_batch(2)
    claimed = []

    with transaction.atomic():
        Message.objects.select_for_update().get(pk=locked.pk)
        at_once(1, lambda: claimed.extend(engine.claim_due(limit=10, now=clock.now())[1]))

    assert claimed == [free.pk]


def test_four_drains_at_once_send_each_mail_once(committed, smtp):
    messages = MessageFactory.create_batch(40)

    at_once(4, drain)

    assert sorted(mail.recipients[0] for mail in smtp.received) == sorted(message.to_email for message in messages)
    assert {message.state for message in Message.objects.filter(pk__in=[m.pk for m in messages])} == {"sent"}


def test_a_lost_claim_stops_the_sender_before_the_first_byte(committed, smtp, monkeypatch):
    message = MessageFactory()
    offer = MailServer.offer

    def lose_the_claim_after_offering(self, **envelope):
        answer = offer(self, **envelope)
        with engine.side_connection() as side, side.cursor() as cursor:
            cursor.execute(LOSE_CLAIMS)
        return answer

    monkeypatch.setattr(MailServer, "offer", lose_the_claim_after_offering)
    drain()

    message.refresh_from_db()
    assert (message.state, smtp.received) == ("queued", [])
    assert "rset" in smtp.commands
    assert "DATA" not in smtp.commands


# Senders that die


def test_a_claim_whose_sender_died_is_queued_again(committed):
    message = in_state(MessageFactory(), "claimed")

    reap()

    message.refresh_from_db()
    assert (message.state, message.claim_token) == ("queued", None)
    event = message.events.latest("pk")
    assert (event.state, event.detail, event.actor_label) == ("queued", "claim expired", "system:tick")


def test_a_claim_within_its_lease_is_left_alone(committed):
    message = in_state(MessageFactory(), "sending")
    Message.objects.filter(pk=message.pk).update(lease_until=clock.now() + timedelta(seconds=60))

    reap()

    message.refresh_from_db()
    assert message.state == "sending"


def test_information_whose_sender_died_halfway_is_sent_again_with_the_same_message_id(committed, smtp):
    message = in_state(MessageFactory(), "sending")

    reap()
    drain()

    message.refresh_from_db()
    assert message.state == "sent"
    assert smtp.received[0].mail["Message-ID"] == message.message_id


def test_promotion_whose_sender_died_halfway_waits_for_a_person(committed, smtp):
    message = in_state(promotion(), "sending")

    reap()
    drain()

    message.refresh_from_db()
    assert (message.state, message.reason, smtp.received) == ("ambiguous", "sender died", [])


def test_information_is_not_repeated_for_ever(committed):
    message = MessageFactory()
    for _ in range(3):
        MessageEvent.objects.create(
            message=message, state="queued", at=clock.now(), actor_label="system:drain", detail="no answer"
        )

    in_state(message, "sending")
    reap()

    message.refresh_from_db()
    assert message.state == "ambiguous"


def test_a_frozen_sender_that_wakes_up_still_brings_the_answer(committed, smtp):
    message = promotion()
    smtp.silence = threading.Event()

    with beside(drain):
        committed.wait_until(lambda: smtp.received, seconds=10)
        end_lease(message)
        reap()
        message.refresh_from_db()
        was = message.state
        smtp.silence.set()

    message.refresh_from_db()
    assert (was, message.state, len(smtp.received)) == ("ambiguous", "sent", 1)


def test_a_known_outcome_survives_the_loss_of_the_database(committed, smtp):
    message = MessageFactory()
    smtp.silence = threading.Event()
    backend = []

    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend.append(cursor.fetchone()[0])
        drain()

    with beside(work):
        committed.wait_until(lambda: smtp.received, seconds=10)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", backend)
        smtp.silence.set()

    message.refresh_from_db()
    assert (message.state, len(smtp.received)) == ("sent", 1)


# One bad mail does not hold up the others


def test_a_mail_that_cannot_be_written_waits_and_the_others_leave(committed, smtp, monkeypatch):
    french, english = MessageFactory(content=ContentFactory(language="fr")), MessageFactory()
    in_force = rendering.wordings_in_force
    monkeypatch.setattr(rendering, "wordings_in_force", lambda now: {"en": in_force(now)["en"]})

    drain()

    french.refresh_from_db()
    english.refresh_from_db()
    assert (french.state, french.reason, french.attempts) == ("queued", "no wording", 1)
    assert french.not_before > clock.now() + timedelta(seconds=20)
    assert english.state == "sent"


def test_a_drain_ends_in_time_and_says_that_there_is_more(committed, smtp, monkeypatch):
    MessageFactory.create_batch(25)
    monkeypatch.setattr(engine, "LONGEST_DRAIN", 0.001)

    more = drain()

    assert more
    assert len(smtp.received) == 1
    assert Message.objects.due(clock.now()).count() == 24


def test_tick_says_whether_anything_is_due(committed):
    assert not engine.tick(now=clock.now())
    MessageFactory()
    assert engine.tick(now=clock.now())


def test_three_beats_at_once_and_then_none_for_a_while_send_each_mail_once(committed, smtp):
    """M5: a tick is harmless however often it comes, and what fell due without one leaves at the next."""
    messages = MessageFactory.create_batch(12)

    def beat() -> None:
        with acting_as_system("tick"):
            for _tick in range(5):
                engine.tick(now=clock.now())
        drain()

    at_once(3, beat)
    late = MessageFactory(not_before=clock.now() - timedelta(minutes=10))
    beat()

    assert sorted(mail.recipients[0] for mail in smtp.received) == sorted(m.to_email for m in [*messages, late])
