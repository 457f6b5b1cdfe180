"""How long a sign-in lasts: 15 minutes without a page, ten hours in all (R-ACC-05, reliability goal A4).

By the server's own time, not the clock a demonstration may set: whoever looks at next week must not be signed out.
"""

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from access.models import User

IDLE_SECONDS = 15 * 60
LONGEST_SECONDS = settings.SESSION_COOKIE_AGE
WARN_SECONDS = 2 * 60
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
STEP_SECONDS = 10  # so often at most the time is written down; the end may come that much earlier, never later


def begin(sender: object, request: Any, **kwargs: object) -> None:
    """However somebody came in: password, passkey, the department's sign-in, a test."""
    now = time.time()
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now


def listen() -> None:
    user_logged_in.connect(begin, dispatch_uid="access.sessions")


def seconds_left(session: SessionBase | Mapping[str, Any]) -> int:
    """Until it ends by itself; 0 or less: it has ended."""
    now = time.time()
    idle = session.get(SEEN_AT, 0) + IDLE_SECONDS - now
    whole = session.get(SIGNED_IN_AT, 0) + LONGEST_SECONDS - now
    return int(min(idle, whole))


def saw(session: SessionBase) -> None:
    """Somebody is there."""
    now = time.time()
    if now - session.get(SEEN_AT, 0) > STEP_SECONDS:
        session[SEEN_AT] = now


def sessions_of(user: User) -> list[UserSession]:
    """Those that have not ended, the last used first."""
    rows = UserSession.objects.filter(user=user)
    stored = {one.session_key: one.get_decoded() for one in Session.objects.filter(session_key__in=keys_of(rows))}
    alive = [row for row in rows if is_alive(stored.get(row.session_key, {}), user)]
    for row in alive:
        row.last_seen_at = datetime.fromtimestamp(stored[row.session_key][SEEN_AT], UTC)
    return sorted(alive, key=lambda row: row.last_seen_at, reverse=True)


def forget_ended() -> None:
    """Rows of no further use; nothing of them is evidence, which is in the record of access."""
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def keys_of(rows: Iterable[UserSession]) -> list[str]:
    return [row.session_key for row in rows]


def is_alive(session: Mapping[str, Any], user: User) -> bool:
    """Not over by time, by a new password, or because access was taken away."""
    return session.get(HASH_SESSION_KEY) == user.get_session_auth_hash() and seconds_left(session) > 0
