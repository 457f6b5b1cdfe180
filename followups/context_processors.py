from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from followups.calendar import NoOpenDay, state_at
from followups.models import FollowUp
from followups.selectors import calendar_of
from i2a import clock
from i2a.wall_time import say_day, say_time

MOST_COUNTED = 999  # on every page: what it costs ends there


@dataclass(frozen=True)
class ServiceStateInWords:
    """What the header says about the line (R-CAL-08). `minutes_left` until it closes; 0 while closed."""

    is_open: bool
    text: str
    minutes_left: int


def service_state(request: HttpRequest) -> dict[str, object]:
    """For the header and the navigation. Lazy: a page that shows neither asks nothing (three queries otherwise)."""
    return {
        "service_state": SimpleLazyObject(lambda: service_state_now(request)),
        "follow_up_count": cache(lambda: open_follow_ups_of(request)),  # a true number: French plurals reckon with it
    }


def service_state_now(request: HttpRequest) -> ServiceStateInWords:
    try:
        state = state_at(clock.now(), calendar_of(request))
    except NoOpenDay:
        return ServiceStateInWords(False, _("Closed – no service hours are set"), 0)
    words = {"day": say_day(state.changes_at), "time": say_time(state.changes_at)}
    text = _("Open until %(time)s") if state.is_open else _("Closed – opens %(day)s %(time)s (Edmonton time)")
    return ServiceStateInWords(state.is_open, text % words, state.minutes_left)


def open_follow_ups_of(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    return FollowUp.objects.visible_to(user).open().assigned_to(user).values("pk")[:MOST_COUNTED].count()
