import importlib
from datetime import UTC, datetime

import pytest
from celery import shared_task
from django.contrib.messages import get_messages
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisConnectionError

from i2a import clock, demo, urls
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

CLOCK = "/demo/clock/"
RAN = []


@shared_task(name="tests.note_that_it_ran")
def note_that_it_ran():
    RAN.append(clock.now())


@shared_task(name="tests.break_down")
def break_down():
    raise ValueError("no such row")


@pytest.fixture(autouse=True)
def real_clock():
    cache.clear()
    RAN.clear()
    yield
    cache.clear()


@pytest.fixture
def somebody(client):
    client.force_login(UserFactory())
    return client


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_clock_is_set_in_edmonton_wall_time(somebody):
    answer = somebody.post(CLOCK, {"at": "2026-11-23T10:00", "stand_still": "on"})

    assert (answer.status_code, answer.url) == (302, CLOCK)
    assert clock.now() == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert said(answer) == ["It is now Monday 23 November 2026, 10:00 am in Edmonton."]


def test_the_page_shows_the_time_it_was_set_to(somebody):
    somebody.post(CLOCK, {"at": "2026-10-30T15:00", "stand_still": "on"})

    page = somebody.get(CLOCK).content.decode()

    assert "Friday 30 October 2026, 3:00:00 pm" in page
    assert "Set by hand, standing still" in page
    assert not any(zone in page for zone in ("MST", "MDT", "CST"))


def test_looking_changes_nothing(somebody):
    somebody.get(CLOCK, {"at": "2026-11-23T10:00"})

    assert clock.demo_time() is None


def test_reset_brings_the_real_time_back(somebody):
    somebody.post(CLOCK, {"at": "2026-11-23T10:00"})

    answer = somebody.post("/demo/clock/reset/")

    assert answer.status_code == 302
    assert clock.demo_time() is None


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("", "Choose a day and a time."),
        ("tomorrow", "Write the day and the time like this"),
        ("1066-10-14T10:00", "Choose a time between 2020 and 2040."),
        ("9999-12-31T23:59", "Choose a time between 2020 and 2040."),
        ("0001-01-01T00:00", "Choose a time between 2020 and 2040."),
    ],
)
def test_a_time_that_cannot_be_is_refused(somebody, at, message):
    page = somebody.post(CLOCK, {"at": at})

    assert page.status_code == 200
    assert message in page.content.decode()
    assert clock.demo_time() is None


def test_without_redis_the_page_says_what_to_do(somebody, monkeypatch):
    def fail(*args, **kwargs):
        raise RedisConnectionError("no answer")

    monkeypatch.setattr(cache, "set", fail)

    assert "Redis does not answer" in somebody.post(CLOCK, {"at": "2026-11-23T10:00"}).content.decode()


def test_due_jobs_run_at_the_demonstrations_time_and_say_how_it_went(somebody, settings):
    settings.CELERY_BEAT_SCHEDULE = {
        "broken": {"task": "tests.break_down", "schedule": 5.0},
        "fine": {"task": "tests.note_that_it_ran", "schedule": 5.0},
        "gone": {"task": "tests.no_such_task", "schedule": 5.0},
    }
    somebody.post(CLOCK, {"at": "2026-11-23T10:00", "stand_still": "on"})

    answer = somebody.post("/demo/clock/run-jobs/")

    broken, fine, gone = said(answer)[-3:]
    (ran_at,) = RAN
    assert ran_at == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert broken.startswith("tests.break_down failed after") and broken.endswith("ValueError: no such row")
    assert fine.startswith("tests.note_that_it_ran ran for")
    assert gone.endswith("no app has a job of this name.")


@pytest.mark.parametrize("path", ["/demo/clock/reset/", "/demo/clock/run-jobs/"])
def test_actions_are_never_links(somebody, path):
    assert somebody.get(path).status_code == 405


@pytest.mark.parametrize("path", [CLOCK, "/demo/clock/reset/", "/demo/clock/run-jobs/"])
def test_strangers_cannot_turn_the_clock(client, path):
    answer = client.post(path, {"at": "2026-11-23T10:00"})

    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")
    assert clock.demo_time() is None


def test_the_jobs_are_those_of_the_schedule(settings):
    """Every entry of the real schedule names a job that exists."""
    demo.app.loader.import_default_modules()

    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(demo.app.tasks)


def test_without_the_flag_there_are_no_demonstration_pages(settings):
    settings.I2A_DEMO = False
    try:
        patterns = importlib.reload(urls).urlpatterns
    finally:
        settings.I2A_DEMO = True
        importlib.reload(urls)

    assert not [pattern for pattern in patterns if str(pattern.pattern).startswith("demo")]
