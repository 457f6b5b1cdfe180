"""How long somebody has to wait, in words."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from i2a import clock


def minutes_until(until: datetime) -> int:
    """Rounded up, at least 1: who waits that long may try again."""
    return max(1, -int((clock.now() - until).total_seconds() // 60))


def say_wait(until: datetime) -> str:
    minutes = minutes_until(until)
    wait = ngettext(
        "Too many tries did not match, so signing in with this name from here has to wait %(minutes)s minute.",
        "Too many tries did not match, so signing in with this name from here has to wait %(minutes)s minutes.",
        minutes,
    )
    return wait % {"minutes": minutes} + " " + _("Passwords typed before then are not looked at.")
