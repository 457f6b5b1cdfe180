"""Edmonton wall time in words: "4:30 pm", "Fri 20 Nov", "1 h 05 min". French: "16 h 30", "9 h", "ven 20 nov".

The zone's abbreviation is never printed (T-01): where the zone must be said, the words are "Edmonton time".
"""

import re
from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from i2a.clock import EDMONTON
from i2a.language import is_french

WEEKDAY_IS_CLEAR_FOR = timedelta(days=6)
MOST_DAYS, DAYS_OF_A_MONTH = 60, 30.44
GAP = "\N{NO-BREAK SPACE}"  # in French no line ends within "16 h 30"
BEFORE_A_UNIT = re.compile(r"(?<=\d) (?=(?:am|pm|h|min)\b)|(?<=\d h) (?=\d)")


def say_time(at: datetime | time) -> str:
    """The time of day of an instant (in Edmonton), or of a wall time."""
    wall = at.astimezone(EDMONTON).time() if isinstance(at, datetime) else at
    if is_french():
        return f"{wall.hour}{GAP}h{GAP}{wall.minute:02}" if wall.minute else f"{wall.hour}{GAP}h"
    half = "am" if wall.hour < 12 else "pm"
    return f"{wall.hour % 12 or 12}:{wall.minute:02} {half}"


def say_to_the_second(at: datetime) -> str:
    """ "2:12:08 pm", in French "14 h 12 min 08 s"."""
    wall = at.astimezone(EDMONTON)
    if is_french():
        return f"{wall.hour}{GAP}h{GAP}{wall.minute:02}{GAP}min{GAP}{wall.second:02}{GAP}s"
    time_words, half = say_time(at).rsplit(" ", 1)
    return f"{time_words}:{wall.second:02} {half}"


def in_words(day: date, form: str) -> str:
    """`date_format`, with the first of a month as French writes it: "1er janvier"."""
    is_first = day.day == 1 and is_french()
    return date_format(day, form.replace("j", r"j\e\r") if is_first else form)


def say_day(on: datetime | date) -> str:
    """A day of this or next year, short: "Mon 23 Nov"."""
    return f"{date_format(local_day(on), 'D')} {say_date(on)}"


def say_date(on: datetime | date) -> str:
    """Without weekday and year: "23 Nov"; in French "23 nov", and "23 juin" unlike "23 juil"."""
    return in_words(local_day(on), "j N").removesuffix(".") if is_french() else in_words(local_day(on), "j M")


def say_short_day(on: datetime | date) -> str:
    """Without weekday, with the year: "14 Nov 2026"."""
    return f"{say_date(on)} {local_day(on).year}"


def say_weekday(on: datetime | date) -> str:
    return date_format(local_day(on), "l")


def say_full_day(on: datetime | date) -> str:
    """With the year, for records that are read years later: "Monday 23 November 2026"."""
    return in_words(local_day(on), "l j F Y")


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


def say_days(days: int) -> str:
    """A long time: "9 days", "4 months"."""
    if days <= MOST_DAYS:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    months = round(days / DAYS_OF_A_MONTH)
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def unbroken(text: str) -> str:
    """With spaces at which no line ends, where a number and its unit belong together: "4:30 pm", "16 h 30"."""
    return BEFORE_A_UNIT.sub(GAP, text)


def local_day(on: datetime | date) -> date:
    return on.astimezone(EDMONTON).date() if isinstance(on, datetime) else on
