"""Never above the configured rate nor the configured number of connections (M9)."""

import threading
import time

import pytest
from django.db import connection

from outbox import engine, pace
from outbox.models import SenderHealth
from tests.factories import MessageFactory
from tests.outbox.smtp_double import Script
from tests.outbox.steps import drain
from tests.threads import at_once, beside

pytestmark = pytest.mark.xdist_group("workshop")


@pytest.fixture
def fresh(committed):
    SenderHealth.objects.all().delete()
    yield committed
    SenderHealth.objects.all().delete()


def test_three_senders_together_keep_to_five_mails_a_second(fresh, smtp: Script, settings, monkeypatch):
    settings.I2A_MAIL_RATE = 5.0
    MessageFactory.create_batch(16)
    times = []
    transmit = engine.MailServer.transmit
    monkeypatch.setattr(
        engine.MailServer, "transmit", lambda *args, **how: times.append(time.monotonic()) or transmit(*args, **how)
    )

    at_once(3, drain)

    assert len(smtp.received) == 16
    took = max(times) - min(times)
    assert 15 / took < 5.5, f"{15 / took:.2f} mails a second"
    assert took < 10


def test_no_more_connections_than_configured(fresh, smtp: Script, settings):
    settings.I2A_MAIL_CONNECTIONS = 2
    smtp.silence = threading.Event()
    MessageFactory.create_batch(160)

    with beside(lambda: at_once(4, drain)):
        fresh.wait_until(lambda: len(smtp.received) == 2, seconds=10)
        time.sleep(0.5)
        connections = smtp.connections
        smtp.silence.set()

    assert connections == 2


def test_a_connection_is_free_again_when_its_sender_has_gone(fresh, settings):
    settings.I2A_MAIL_CONNECTIONS = 1

    for _sender in range(2):
        with engine.side_connection() as side, side.cursor() as cursor:
            pace.take_connection(cursor)
            with engine.side_connection() as other, other.cursor() as cursor, pytest.raises(pace.AllTaken):
                pace.take_connection(cursor)


def test_moments_are_given_out_in_order_and_never_saved_up(fresh, settings):
    settings.I2A_MAIL_RATE = 100.0
    with connection.cursor() as cursor:
        first = pace.Moments(cursor, 50)
        second = pace.Moments(cursor, 50)

    assert first.count == second.count == 20
    assert second._next - first._next == pytest.approx(0.2, abs=0.05)


def test_without_a_limit_nothing_is_written(fresh, settings):
    settings.I2A_MAIL_RATE = 0.0
    with connection.cursor() as cursor:
        assert pace.Moments(cursor, 50).count == 50

    assert not SenderHealth.objects.exists()


def test_who_would_have_to_wait_too_long_leaves_it_to_others(fresh, settings):
    settings.I2A_MAIL_RATE = 0.1
    with connection.cursor() as cursor:
        pace.Moments(cursor, 50)
        with pytest.raises(pace.AllTaken):
            pace.Moments(cursor, 50)
