"""The one clock. All code asks `now()`, at the edge, and hands the answer down (R-TST-01).

A demonstration system (`I2A_DEMO=1`) may run at another time: the page /demo/clock/ stores a shift in the cache, which
web, worker and beat share. SQL never asks its own clock, so that all of them agree on what is late.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

EDMONTON = ZoneInfo("America/Edmonton")
DEMO_KEY = "demo:clock"


@dataclass(frozen=True)
class DemoTime:
    """How the demonstration's time differs: moved by a shift and running on, or standing at one instant."""

    shift: timedelta = timedelta(0)
    stands_at: datetime | None = None


def now() -> datetime:
    """The present instant, in UTC. When the cache cannot be asked, the real one: an outage must not stop a call."""
    return _demo_now() if settings.I2A_DEMO else datetime.now(UTC)


def today() -> date:
    """The day it is in Edmonton."""
    return now().astimezone(EDMONTON).date()


def midnight(at: datetime | None = None) -> datetime:
    """When the day of `at`, or this day, began in Edmonton."""
    return (at or now()).astimezone(EDMONTON).replace(hour=0, minute=0, second=0, microsecond=0)


_known: ContextVar[list[DemoTime | None] | None] = ContextVar("i2a_demo_time", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """Within this, a request, the cache is asked for the demonstration's time at most once."""
    token = _known.set([])
    try:
        yield
    finally:
        _known.reset(token)


def demo_time() -> DemoTime | None:
    """What the demonstration's clock is set to; None while it shows the real time."""
    known = _known.get()
    if known:
        return known[0]
    demo = _stored_time()
    if known is not None:
        known.append(demo)
    return demo


def _stored_time() -> DemoTime | None:
    try:
        stored = cache.get(DEMO_KEY)
    except (RedisError, OSError):
        return None
    if stored is None:
        return None
    stands_at = datetime.fromisoformat(stored["stands_at"]) if stored["stands_at"] else None
    return DemoTime(timedelta(seconds=stored["shift_seconds"]), stands_at)


def _forget_known() -> None:
    known = _known.get()
    if known is not None:
        known.clear()


def set_demo_time(at: datetime, *, stand_still: bool) -> None:
    """Let every process of the demonstration believe that it is `at`.

    :raises RedisError: the cache cannot be told.
    """
    shift_seconds = (at - datetime.now(UTC)).total_seconds()
    stands_at = at.astimezone(UTC).isoformat() if stand_still else None
    cache.set(DEMO_KEY, {"shift_seconds": shift_seconds, "stands_at": stands_at}, timeout=None)
    _forget_known()


def reset_demo_time() -> None:
    """Back to the real time.

    :raises RedisError: the cache cannot be told.
    """
    cache.delete(DEMO_KEY)
    _forget_known()


def _demo_now() -> datetime:
    demo = demo_time()
    if demo is None:
        return datetime.now(UTC)
    return demo.stands_at or datetime.now(UTC) + demo.shift
