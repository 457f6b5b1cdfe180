from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from access.backends import roles_of
from access.roles import Role
from access.sessions import WARN_SECONDS, seconds_left
from access.trained import REMIND_DAYS
from i2a import clock


def session_time(request: HttpRequest) -> dict[str, Any]:
    """For the question whether somebody is still there."""
    session = getattr(request, "session", {})
    return {
        "session_left": seconds_left(session) if session.get(SESSION_KEY) else 0,
        "session_warning": WARN_SECONDS,
    }


def role_label(request: HttpRequest) -> dict[str, Any]:
    """The roles of the signed-in person in words, for the top bar; the parts of access they may open; and how many days
    their privacy training lasts, once it is time to book a course."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"role_label": "", "access_parts": {}, "training_days_left": None}
    left = (user.trained_until - clock.today()).days if user.trained_until else None
    return {
        "role_label": ", ".join(str(Role(code).label) for code in sorted(roles_of(user))),
        "access_parts": {
            "register": user.has_perm("access.view_register"),
            "review": user.has_perm("access.review_access"),
            "drift": user.has_perm("access.view_drift"),
        },
        "training_days_left": left if left is not None and 0 <= left <= REMIND_DAYS[0] else None,
    }
