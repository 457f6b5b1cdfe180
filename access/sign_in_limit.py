"""How often a sign-in may fail (R-ACC-05): five times for one account from one address, then a pause of 15 minutes.

Counted per account *and* address, so a stranger cannot keep the owner out of their own desk. From addresses where the
account has never signed in, twenty failures for it, or fifty for whatever names, also make a pause. A name that nobody
has is counted the same way, or the pause would tell which names exist (reliability goals A1, A2).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from access.models import User
from audit.models import AccessEvent

TRIES = 5
TRIES_FOR_ACCOUNT = 20
TRIES_FROM_ADDRESS = 50
PAUSE = timedelta(minutes=15)
ADDRESS_KNOWN_FOR = timedelta(days=30)
# Reasons of a recorded failure. One during the pause does not lengthen the pause.
MISMATCH, WRONG_CODE, WAITING = "mismatch", "code", "waiting"
COUNTED = Q(kind=AccessEvent.Kind.SIGN_IN_FAILED) & ~Q(detail__reason=WAITING)


def take_turn(user: User | None, typed: str, ip: str | None) -> None:
    """Queue behind other tries for the same account and address until their transactions end: twenty at once are still
    five tries."""
    number = int(_tag(user, typed, ip)[:15], 16)  # 60 bits, fits PostgreSQL's bigint
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def pause_end(user: User | None, typed: str, ip: str | None, now: datetime) -> datetime | None:
    """When this account may be tried again from this address; None: now."""
    times = failures_here(user, ip, now) if user else _unknown_failures(typed, ip)
    end = _pause_after(times, TRIES, now)
    if end or (user and _is_known_at(user, ip, now)):
        return end
    elsewhere = _times(_recent(now, actor=user), TRIES_FOR_ACCOUNT) if user else _unknown_failures(typed, None)
    from_here = _times(_recent(now, ip=ip), TRIES_FROM_ADDRESS)
    return _pause_after(elsewhere, TRIES_FOR_ACCOUNT, now) or _pause_after(from_here, TRIES_FROM_ADDRESS, now)


def tries_left(user: User, ip: str | None, now: datetime) -> int:
    """Before this account has to wait at this address."""
    return max(0, TRIES - len([at for at in failures_here(user, ip, now) if now - at < PAUSE]))


def count_unknown(typed: str, ip: str | None, now: datetime) -> None:
    """Remember a failure for a name nobody has: only in the cache and as a keyed digest, for it may be a password typed
    into the wrong box. Failures of real accounts are counted from their `AccessEvent` rows."""
    for address, most in [(ip, TRIES), (None, TRIES_FOR_ACCOUNT)]:
        times = [now, *_unknown_failures(typed, address)][:most]
        stamps = [at.timestamp() for at in times]
        try:
            cache.set(_cache_key(typed, address), stamps, timeout=2 * int(PAUSE.total_seconds()))
        except (RedisError, OSError):
            return  # nothing to protect behind a name that nobody has


def failures_here(user: User, ip: str | None, now: datetime) -> list[datetime]:
    """Newest first, at most `TRIES`, back to the last successful sign-in from this address."""
    decided = Q(kind=AccessEvent.Kind.SIGNED_IN) | COUNTED
    events = AccessEvent.objects.filter(decided, actor=user, ip=ip, at__gt=now - 2 * PAUSE)
    times = []
    for kind, at in events.order_by("-at", "-pk").values_list("kind", "at")[:TRIES]:
        if kind == AccessEvent.Kind.SIGNED_IN:
            break
        times.append(at)
    return times


def _pause_after(times: Sequence[datetime], most: int, now: datetime) -> datetime | None:
    if len(times) < most or times[0] - times[-1] > PAUSE:
        return None
    end = times[0] + PAUSE
    return end if end > now else None


def _is_known_at(user: User, ip: str | None, now: datetime) -> bool:
    signed_in = AccessEvent.objects.filter(kind=AccessEvent.Kind.SIGNED_IN, actor=user, ip=ip)
    return signed_in.filter(at__gt=now - ADDRESS_KNOWN_FOR).exists()


def _recent(now: datetime, **whose: Any) -> QuerySet[AccessEvent]:
    return AccessEvent.objects.filter(COUNTED, at__gt=now - 2 * PAUSE, **whose)


def _times(events: QuerySet[AccessEvent], most: int) -> list[datetime]:
    return list(events.order_by("-at", "-pk").values_list("at", flat=True)[:most])


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
