import pytest
from kombu.exceptions import OperationalError

from audit.actor import current
from i2a.celery import app
from outbox import bell, engine, tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def rings(monkeypatch) -> list:
    heard: list[str] = []
    monkeypatch.setattr(bell, "ring_drain", lambda: heard.append("drain"))
    return heard


@pytest.mark.parametrize(("is_due", "expected"), [(True, ["drain"]), (False, [])])
def test_tick_rings_only_when_something_is_due(monkeypatch, rings, is_due, expected):
    monkeypatch.setattr(engine, "tick", lambda *, now: is_due)

    tasks.tick()

    assert rings == expected


@pytest.mark.parametrize(("is_more", "expected"), [(True, ["drain"]), (False, [])])
def test_a_drain_that_ran_out_of_time_rings_for_the_next(monkeypatch, rings, is_more, expected):
    monkeypatch.setattr(engine, "drain", lambda: is_more)

    tasks.drain()

    assert rings == expected


def test_each_task_signs_for_itself(monkeypatch, rings):
    signatures = []
    monkeypatch.setattr(engine, "tick", lambda *, now: signatures.append(current().label))
    monkeypatch.setattr(engine, "drain", lambda: signatures.append(current().label))

    tasks.tick()
    tasks.drain()

    assert signatures == ["system:tick", "system:drain"]


def test_the_bell_carries_nothing_personal_and_does_not_wait_for_ever(monkeypatch):
    sent = {}
    monkeypatch.setattr(bell.current_app, "send_task", lambda name, **options: sent.update(name=name, **options))

    assert bell.ring_drain()
    assert sent == {"name": "outbox.tasks.drain", "expires": 30, "ignore_result": True, "retry": False}


def test_a_bell_that_nobody_takes_is_only_logged(monkeypatch, caplog):
    def refuse(*arguments, **options):
        raise OperationalError("Error 111 connecting to somewhere")

    monkeypatch.setattr(bell.current_app, "send_task", refuse)

    assert not bell.ring_drain()
    assert caplog.messages == ["the broker does not answer; queued mail waits for the next tick"]


def test_worker_and_beat_look_for_a_lost_broker_every_five_seconds(monkeypatch):
    """M4: back within 15 seconds, however long it was away."""
    asked = {}
    monkeypatch.setattr("kombu.Connection._ensure_connection", lambda self, *args, **options: asked.update(options))

    app.connection_for_read().ensure_connection(None, None, callback=None)

    assert asked["interval_max"] == 5
