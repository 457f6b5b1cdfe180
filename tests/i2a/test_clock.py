from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisConnectionError

from i2a import clock

REAL = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
MONTHS_LATER = datetime(2027, 2, 16, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def real_time_stands_still():
    cache.clear()
    with time_machine.travel(REAL, tick=False):
        yield
    cache.clear()


def test_now_is_the_real_time_in_utc():
    assert clock.now() == REAL
    assert clock.now().tzinfo is UTC


def test_demonstration_runs_on_from_the_time_it_was_set_to():
    clock.set_demo_time(MONTHS_LATER, stand_still=False)

    with time_machine.travel(REAL + timedelta(minutes=5), tick=False):
        assert clock.now() == MONTHS_LATER + timedelta(minutes=5)


def test_demonstration_can_stand_still():
    clock.set_demo_time(MONTHS_LATER, stand_still=True)

    with time_machine.travel(REAL + timedelta(minutes=5), tick=False):
        assert clock.now() == MONTHS_LATER
        assert clock.now().tzinfo is UTC


def test_reset_brings_the_real_time_back():
    clock.set_demo_time(MONTHS_LATER, stand_still=True)

    clock.reset_demo_time()

    assert clock.now() == REAL


def test_outside_a_demonstration_nobody_can_turn_the_clock(settings):
    clock.set_demo_time(MONTHS_LATER, stand_still=True)
    settings.I2A_DEMO = False

    assert clock.now() == REAL


def test_outside_a_demonstration_the_cache_is_not_asked(settings, monkeypatch):
    settings.I2A_DEMO = False
    monkeypatch.setattr(cache, "get", lambda key: pytest.fail("asked the cache"))

    assert clock.now() == REAL


@pytest.mark.parametrize("error", [RedisConnectionError("no answer"), TimeoutError("too slow")])
def test_without_the_cache_it_is_the_real_time(monkeypatch, error):
    def fail(key):
        raise error

    monkeypatch.setattr(cache, "get", fail)

    assert clock.now() == REAL


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-11-23T05:59Z", date(2026, 11, 22)),  # 23:59 in Edmonton
        ("2026-11-23T06:00Z", date(2026, 11, 23)),  # midnight: UTC-06:00, since Alberta no longer falls back
        ("2025-11-23T06:30Z", date(2025, 11, 22)),  # UTC-07:00 in the winters before
    ],
)
def test_today_is_the_day_in_edmonton(at, day):
    with time_machine.travel(datetime.fromisoformat(at), tick=False):
        assert clock.today() == day


def test_a_page_asks_the_cache_for_the_time_once(client, monkeypatch, specialist):
    asked = []
    monkeypatch.setattr(cache, "get", lambda key, *args, **kwargs: asked.append(key))
    client.force_login(specialist)

    client.get("/calls/desk/")

    assert asked.count(clock.DEMO_KEY) == 1


def test_setting_the_clock_is_seen_by_the_page_that_sets_it():
    with clock.asking_once():
        assert clock.now() == REAL
        clock.set_demo_time(MONTHS_LATER, stand_still=True)

        assert clock.now() == MONTHS_LATER
