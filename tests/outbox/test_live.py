"""The whole way with real processes: rows, broker, worker, beat, SMTP."""

import threading
import time
import urllib.request
from datetime import timedelta

import pytest
import redis
from django.utils.http import urlencode

from i2a import clock
from ops.places import find_places
from ops.valkey import find_program
from outbox.models import Message
from outbox.services import queue_information
from tests.factories import PASSWORD, ContactFactory, ContentFactory, MessageFactory, UserFactory
from tests.live import Live
from tests.outbox.smtp_double import MailServerDouble

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("workshop")]
NO_REDIS = {"REDIS_URL": "unix:///nonexistent/redis.sock?db=0"}


def queue(**changes) -> Message:
    now = clock.now()
    asked = {"contact": ContactFactory(), "content": ContentFactory(), "purpose_key": "call:C-2026-000123", "by": None}
    return queue_information(**{**asked, "not_before": now, "now": now, **changes})


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def arrived(stack: Live, message: Message) -> list:
    return [mail for mail in stack.mails() if mail["Message-ID"] == message.message_id]


def test_what_is_queued_reaches_the_sink_through_worker_and_beat(committed):
    committed.start("sink", "worker", "beat")
    message = queue(not_before=clock.now() + timedelta(seconds=2))

    committed.wait_until(lambda: state_of(message) == "sent", seconds=15, what="the mail")

    (mail,) = arrived(committed, message)
    assert mail["To"] == mail["X-Envelope-To"] == message.to_email
    assert {event.actor_label for event in message.events.exclude(state="queued")} == {"system:drain"}


def test_a_worker_killed_between_the_mail_and_its_outcome_loses_nothing(committed):
    double = MailServerDouble()
    double.script.silence = threading.Event()
    address = {"EMAIL_URL": f"smtp://127.0.0.1:{double.port}"}
    committed.start("worker", "beat", **address)
    message = queue()
    committed.wait_until(lambda: double.script.received, seconds=15, what="the first copy")

    committed.kill("worker")

    assert state_of(message) == "sending"
    double.script.silence.set()
    Message.objects.filter(pk=message.pk).update(lease_until=clock.now())
    committed.start("worker", **address)
    committed.wait_until(lambda: state_of(message) == "sent", seconds=20, what="the second copy")
    double.stop()
    assert [copy.mail["Message-ID"] for copy in double.script.received] == [message.message_id] * 2
    assert [event.detail for event in message.events.filter(actor_label="system:tick")] == ["sender died"]


def test_the_loop_without_celery_and_without_a_broker_sends_as_well(committed):
    committed.start("sink")
    message = queue(contact=ContactFactory(email="temp451-later@example.org"))
    committed.spawn("loop", "python manage.py send_loop --every 0.2", **NO_REDIS)

    committed.wait_until(lambda: state_of(message) == "queued" and message.attempts, seconds=15, what="the refusal")
    fine = queue(purpose_key="call:C-2026-000124")
    committed.wait_until(lambda: state_of(fine) == "sent", seconds=15, what="the mail")

    assert (message.reason, message.smtp_code) == ("server busy", "451 4.3.0")
    assert len(arrived(committed, fine)) == 1


def test_two_loops_at_once_send_each_mail_once(committed):
    committed.start("sink")
    messages = MessageFactory.create_batch(25)

    for name in ["loop one", "loop two"]:
        committed.spawn(name, "python manage.py send_loop --once")
    for name in ["loop one", "loop two"]:
        assert committed.processes[name].wait(60) == 0, committed.last_words(name)

    assert {state_of(message) for message in messages} == {"sent"}
    assert [len(arrived(committed, message)) for message in messages] == [1] * 25


def test_mail_goes_on_after_the_broker_lost_everything_and_was_away(committed, tmp_path):
    """M4 in short: FLUSHALL, then a broker that dies and comes back."""
    url = f"unix://{tmp_path}/redis.sock?db=0"
    broker = start_broker(committed, tmp_path)
    committed.start("sink", "worker", "beat", REDIS_URL=url)
    first = queue()
    committed.wait_until(lambda: state_of(first) == "sent", seconds=15, what="the first mail")

    redis.Redis.from_url(url).flushall()
    second = queue(purpose_key="call:C-2026-000124")
    committed.wait_until(lambda: state_of(second) == "sent", seconds=20, what="the mail after FLUSHALL")
    broker.kill()
    broker.wait()
    third = queue(purpose_key="call:C-2026-000125")
    time.sleep(6)
    assert state_of(third) == "queued"
    start_broker(committed, tmp_path)
    committed.wait_until(lambda: state_of(third) == "sent", seconds=20, what="the mail after the broker came back")

    assert [len(arrived(committed, message)) for message in [first, second, third]] == [1, 1, 1]


def start_broker(stack: Live, directory):
    """A Redis of the test's own, without a file: what it forgets is gone."""
    program = find_program(find_places(directory / "state"))
    command = f"{program} --port 0 --unixsocket {directory}/redis.sock --save '' --appendonly no --dir {directory}"
    process = stack.spawn("broker", command)
    stack.wait_until((directory / "redis.sock").exists)
    return process


def test_pages_work_while_redis_is_down(committed, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]  # the server has the usual ones
    user = UserFactory()
    committed.start("web", **NO_REDIS)
    started = time.monotonic()

    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = opener.open(f"{committed.web_url}/sign-in/", timeout=20).read().decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = urlencode({"csrfmiddlewaretoken": token, "username": user.username, "password": PASSWORD}).encode()
    answer = opener.open(f"{committed.web_url}/sign-in/", form, timeout=20)

    assert answer.status == 200
    assert "/sign-in/" not in answer.url
    assert time.monotonic() - started < 10
