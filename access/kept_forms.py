"""What was typed when the sign-in ran out: it goes through the sign-in page and is offered again (goal A4).

It waits in the stranger's new session, on the server, for an hour at most, and only for the person who typed it.
"""

import time
from typing import Any

from access.models import User

KEY, WHOSE = "kept_form", "timed_out_user"
KEPT_SECONDS = 60 * 60


def remember(request: Any, user: User) -> None:
    """Whose session it was that ended: what this browser still sends may be theirs."""
    request.session[WHOSE] = user.pk
    request.session.set_expiry(KEPT_SECONDS)


def was_timed_out(request: Any) -> bool:
    return WHOSE in request.session


def keep(request: Any) -> None:
    """A whole form that a page sent. Files are not kept, nor what a script sends."""
    fields = [[name, values] for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"]
    whose = request.session[WHOSE]
    request.session[KEY] = {"user": whose, "path": request.get_full_path(), "fields": fields, "at": time.time()}


def claim(request: Any, user: User) -> bool:
    """After signing in: whether something waits for this person. What waits for somebody else is forgotten."""
    if request.session.pop(WHOSE, None) is None:
        return False
    request.session.set_expiry(None)
    kept = request.session.get(KEY)
    if kept is None:
        return False
    if kept["user"] == user.pk and time.time() - kept["at"] < KEPT_SECONDS:
        return True
    forget(request)
    return False


def of(request: Any) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = request.session.get(KEY)
    return kept


def forget(request: Any) -> None:
    request.session.pop(KEY, None)


def forget_when_sent(request: Any) -> None:
    """It is on its way to where it was meant to go."""
    kept = of(request)
    if kept and request.method == "POST" and request.get_full_path() == kept["path"]:
        forget(request)
