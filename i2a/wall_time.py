"""Edmonton wall time in words: "4:30 pm", "Fri 20 Nov", "1 h 05 min". French: "16 h 30", "ven 20 nov".

The zone's abbreviation is never printed (T-01): where the zone must be said, the words are "Edmonton time".
"""

from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from i2a.clock import EDMONTON

WEEKDAY_IS_CLEAR_FOR = timedelta(days=6)


def say_time(at: datetime | time) -> str:
    """The time of day of an instant (in Edmonton), or of a wall time."""
    wall = at.astimezone(EDMONTON).time() if isinstance(at, datetime) else at
    if _is_french():
        return f"{wall.hour} h {wall.minute:02}"
    half = "am" if wall.hour < 12 else "pm"
    return f"{wall.hour % 12 or 12}:{wall.minute:02} {half}"


def say_day(on: datetime | date) -> str:
    """A day of this or next year, short: "Mon 23 Nov"."""
    return f"{date_format(local_day(on), 'D')} {say_date(on)}"


def say_date(on: datetime | date) -> str:
    """Without weekday and year: "23 Nov"; in French "23 nov", and "23 juin" unlike "23 juil"."""
    return date_format(local_day(on), "j N").removesuffix(".") if _is_french() else date_format(local_day(on), "j M")


def say_short_day(on: datetime | date) -> str:
    """Without weekday, with the year: "14 Nov 2026"."""
    return f"{say_date(on)} {local_day(on).year}"


def say_weekday(on: datetime | date) -> str:
    return date_format(local_day(on), "l")


def say_full_day(on: datetime | date) -> str:
    """With the year, for records that are read years later: "Monday 23 November 2026"."""
    return date_format(local_day(on), "l j F Y")


def say_when(at: datetime, now: datetime) -> str:
    """An instant near `now`, as short as is clear: "3:51 pm" today, "Fri 9:20 am" this week, "18 Nov, 3:51 pm"."""
    day, today = local_day(at), local_day(now)
    if day == today:
        return say_time(at)
    if abs(day - today) <= WEEKDAY_IS_CLEAR_FOR:
        return f"{date_format(day, 'D')} {say_time(at)}"
    date_words = say_date(day) if day.year == today.year else say_short_day(day)
    return _("%(day)s, %(time)s") % {"day": date_words, "time": say_time(at)}


def say_minutes(minutes: int) -> str:
    """A length of time: "45 min", "2 h", "1 h 05 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": f"{rest:02}"}


def local_day(on: datetime | date) -> date:
    return on.astimezone(EDMONTON).date() if isinstance(on, datetime) else on


def _is_french() -> bool:
    return (get_language() or "").startswith("fr")
