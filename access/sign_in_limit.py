"""How often a sign-in may fail (R-ACC-05): five times for one account from one address, then a pause of 15 minutes.

Counted per account *and* address, so a stranger cannot keep the owner out of their own desk. A name that nobody has is
counted the same way, or the pause would tell which names exist (reliability goals A1, A2).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from access.models import User
from audit.models import AccessEvent

TRIES = 5
PAUSE = timedelta(minutes=15)
# Reasons of a recorded failure. One during the pause does not lengthen the pause.
MISMATCH, WAITING = "mismatch", "waiting"


def take_turn(user: User | None, typed: str, ip: str | None) -> None:
    """Queue behind other tries for the same account and address until their transactions end: twenty at once are still
    five tries."""
    number = int(_tag(user, typed, ip)[:15], 16)  # 60 bits, fits PostgreSQL's bigint
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def pause_end(user: User | None, typed: str, ip: str | None, now: datetime) -> datetime | None:
    """When this account may be tried again from this address; None: now."""
    times = _known_failures(user, ip, now) if user else _unknown_failures(typed, ip)
    if len(times) < TRIES or times[0] - times[-1] > PAUSE:
        return None
    end = times[0] + PAUSE
    return end if end > now else None


def count_unknown(typed: str, ip: str | None, now: datetime) -> None:
    """Remember a failure for a name nobody has: only in the cache and as a keyed digest, for it may be a password typed
    into the wrong box. Failures of real accounts are counted from their `AccessEvent` rows."""
    times = [now, *_unknown_failures(typed, ip)][:TRIES]
    try:
        cache.set(_cache_key(typed, ip), [at.timestamp() for at in times], timeout=2 * int(PAUSE.total_seconds()))
    except (RedisError, OSError):
        return  # nothing to protect behind a name that nobody has


def _known_failures(user: User, ip: str | None, now: datetime) -> Sequence[datetime]:
    """Newest first, at most `TRIES`, back to the last successful sign-in from this address."""
    decided = Q(kind=AccessEvent.Kind.SIGNED_IN) | Q(kind=AccessEvent.Kind.SIGN_IN_FAILED, detail__reason=MISMATCH)
    events = AccessEvent.objects.filter(decided, actor=user, ip=ip, at__gt=now - 2 * PAUSE)
    newest = events.order_by("-at", "-pk").values_list("kind", "at")[:TRIES]
    times = []
    for kind, at in newest:
        if kind == AccessEvent.Kind.SIGNED_IN:
            break
        times.append(at)
    return times


def _unknown_failures(typed: str, ip: str | None) -> Sequence[datetime]:
    try:
        stamps = cache.get(_cache_key(typed, ip), [])
    except (RedisError, OSError):
        return []
    return [datetime.fromtimestamp(stamp, tz=UTC) for stamp in stamps]


def _cache_key(typed: str, ip: str | None) -> str:
    return f"sign-in:{_tag(None, typed, ip)}"


def _tag(user: User | None, typed: str, ip: str | None) -> str:
    identity = f"user {user.pk}" if user else f"name {typed.casefold()}"
    return salted_hmac("access.sign_in_limit", f"{identity} {ip}", secret=settings.I2A_HMAC_KEY).hexdigest()
