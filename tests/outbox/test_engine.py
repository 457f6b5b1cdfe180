"""The sender on a real database, with real commits, against a mail server that does what the test wants."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from audit.actor import acting_as_system
from audit.models import AccessEvent, LogEntry
from contacts.choices import Purpose
from contacts.models import Contact
from i2a import clock
from outbox import engine, outcomes, rendering
from outbox.models import Message, MessageEvent
from outbox.services import AlreadyLeft, cancel_queued
from outbox.smtp import Answer, MailServer, Outcome
from tests.factories import ContactFactory, ContentFactory, MessageFactory
from tests.live import free_port
from tests.outbox.smtp_double import DROP, MailServerDouble

pytestmark = pytest.mark.xdist_group("workshop")


def drain() -> bool:
    with acting_as_system("drain"):
        return engine.drain()


def reap() -> None:
    with acting_as_system("tick"):
        engine.reap(now=clock.now())


LOSE_CLAIMS = """
UPDATE outbox_message SET state = 'queued', claim_token = NULL, not_before = now() + '1 day' WHERE state = 'claimed'
"""


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(not_before=clock.now())


def end_lease(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(lease_until=clock.now() - timedelta(seconds=1))


def in_state(message: Message, state: str) -> Message:
    """As a sender that died left it, its lease over."""
    token = "00000000-0000-4000-8000-000000000001"
    Message.objects.filter(pk=message.pk).update(state="claimed", claim_token=token, lease_until=clock.now())
    if state == "sending":
        Message.objects.filter(pk=message.pk).update(state="sending")
    return message


def promotion(**columns) -> Message:
    """A seminar invitation that rests on an agreement."""
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    event = contact.consent_events.get(purpose=Purpose.SEMINAR)
    return MessageFactory(kind="seminar", contact=contact, **{"consent_event": event, **columns})


# All is well


def test_a_due_message_leaves_once_and_says_when(committed, smtp):
    message = MessageFactory()

    drain()
    drain()

    message.refresh_from_db()
    assert (message.state, message.smtp_code, message.attempts, message.reason) == ("sent", "250", 1, "")
    assert message.sent_at is not None
    assert [mail.recipients for mail in smtp.received] == [[message.to_email]]
    assert smtp.received[0].sender == "info@i2a.example.org"
    assert smtp.received[0].mail["Message-ID"] == message.message_id


def test_every_step_is_in_the_events_and_in_the_audit_signed_by_the_sender(committed, smtp):
    message = MessageFactory()

    drain()

    events = message.events.order_by("pk").values_list("state", "actor_label")
    assert list(events) == [(state, "system:drain") for state in ["claimed", "sending", "sent"]]
    entries = LogEntry.objects.get_for_object(message).filter(action=LogEntry.Action.UPDATE).order_by("pk")
    assert [entry.changes["state"] for entry in entries] == [
        ["queued", "claimed"],
        ["claimed", "sending"],
        ["sending", "sent"],
    ]
    assert {entry.actor_label for entry in entries} == {"system:drain"}
    assert entries[2].changes["sent_at"][0] == "None"


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

    def claim() -> None:
        claimed.extend(engine.claim_due(limit=10, now=clock.now())[1])
        connection.close()

    with transaction.atomic():
        Message.objects.select_for_update().get(pk=locked.pk)
        thread = threading.Thread(target=claim)
        thread.start()
        thread.join(10)

    assert claimed == [free.pk]


def test_four_drains_at_once_send_each_mail_once(committed, smtp):
    messages = MessageFactory.create_batch(40)

    def work() -> None:
        drain()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

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

    def work() -> None:
        drain()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    committed.wait_until(lambda: smtp.received, seconds=10)
    end_lease(message)
    reap()
    message.refresh_from_db()
    was = message.state
    smtp.silence.set()
    thread.join(10)

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
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    committed.wait_until(lambda: smtp.received, seconds=10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", backend)
    smtp.silence.set()
    thread.join(10)

    message.refresh_from_db()
    assert (message.state, len(smtp.received)) == ("sent", 1)


# What the mail server says


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


# Asked once more


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email": "new@example.org"}, "address changed"),
        ({"email_state": "not_working"}, "address not working"),
        ({"email": "", "phone": "+17805550142"}, "no e-mail"),
        ({"status": "merged"}, "record merged or anonymised"),
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


def test_promotion_without_consent_is_withheld(committed, smtp):
    message = MessageFactory(kind="seminar")

    drain()

    message.refresh_from_db()
    assert (message.state, message.reason, smtp.received) == ("withheld", "no consent", [])


def test_promotion_with_consent_leaves(committed, smtp):
    message = promotion()

    drain()

    message.refresh_from_db()
    assert message.state == "sent"


def test_nobody_can_change_the_person_between_the_question_and_the_answer(committed, smtp):
    message = MessageFactory()
    smtp.silence = threading.Event()

    def work() -> None:
        drain()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    committed.wait_until(lambda: smtp.received, seconds=10)
    with pytest.raises(OperationalError, match="could not obtain lock"), transaction.atomic():
        Contact.objects.select_for_update(nowait=True).get(pk=message.contact_id)
    smtp.silence.set()
    thread.join(10)

    with transaction.atomic():
        Contact.objects.select_for_update(nowait=True).get(pk=message.contact_id)


def test_what_is_being_sent_cannot_be_taken_back(committed):
    message = in_state(MessageFactory(), "claimed")

    with pytest.raises(AlreadyLeft):
        cancel_queued(message=message, reason="Undone", now=clock.now())


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
