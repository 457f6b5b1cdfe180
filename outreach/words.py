"""An event in words: when in the time of its place, where, for whom."""

from datetime import datetime

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from audit.history import register_words
from contacts.countries import country_name
from contacts.languages import language_name
from i2a.clock import EDMONTON
from i2a.wall_time import say_full_day, say_time
from outreach.models import Event


def say_start(event: Event) -> str:
    """ "Monday 7 December 2026, 9:30 am", in the time of the place; "" without a date."""
    return say_instant(event, event.starts_at) if event.starts_at else ""


def say_instant(event: Event, at: datetime) -> str:
    there = at.astimezone(event.own_zone)
    return f"{say_full_day(there.date())}, {say_time(there.time())}"


def say_span(event: Event) -> str:
    """From when to when; the day is said twice only if it is another one."""
    if event.starts_at is None:
        return _("No date")
    if event.ends_at is None:
        return say_start(event)
    start, end = (at.astimezone(event.own_zone) for at in (event.starts_at, event.ends_at))
    until = say_time(end.time()) if start.date() == end.date() else say_instant(event, event.ends_at)
    return _("%(start)s to %(end)s") % {"start": say_start(event), "end": until}


def say_zone(event: Event) -> str:
    """ "Manila time": never an abbreviation (T-01)."""
    return zone_words(event.zone)


def zone_words(zone: str) -> str:
    return _("%(city)s time") % {"city": city_of(zone)}


def city_of(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def say_here(event: Event) -> str:
    """The same instant in Edmonton, where that differs; else ""."""
    if event.starts_at is None:
        return ""
    here, there = event.starts_at.astimezone(EDMONTON), event.starts_at.astimezone(event.own_zone)
    if here.utcoffset() == there.utcoffset():
        return ""
    words = {"day": say_full_day(here.date()), "time": say_time(here.time())}
    return _("%(day)s, %(time)s in Edmonton") % words


def say_languages(event: Event) -> str:
    return ", ".join(language_name(code) for code in event.languages)


def say_aim(event: Event) -> str:
    """ "Philippines, Poland: Luzon", or that it is for everybody."""
    countries = get_text_list([country_name(code) for code in event.countries], _("and"))
    if not countries:
        return event.region or _("Every country")
    return f"{countries}: {event.region}" if event.region else countries


def register_history_words() -> None:
    places = {"countries": country_name, "languages": language_name}
    register_words("outreach.Event", zone=zone_words, **places)
    register_words("outreach.Campaign", **places)
