"""Time zones as people choose them, and wall times in them that exist."""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext_lazy as _

from outreach.words import city_of

OFTEN = ["America/Edmonton", "America/Vancouver", "America/Winnipeg", "America/Toronto", "America/Halifax"]
REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}


class NoSuchTime(ValueError):
    """The clocks of this zone skip this time on this day."""


@cache
def zones() -> dict[str, list[str]]:
    """By region, each by its city."""
    known = sorted(available_timezones(), key=city_of)
    return {region: [zone for zone in known if zone.startswith(f"{region}/")] for region in REGIONS}


def zone_choices() -> list[tuple[object, list[tuple[str, str]]]]:
    often = (_("In Canada"), [(zone, city_of(zone)) for zone in OFTEN])
    regions = [
        (REGIONS[region], [(zone, city_of(zone)) for zone in found if zone not in OFTEN])
        for region, found in zones().items()
    ]
    return [often, *regions]


def instant_at(day: date, wall: time, zone: str) -> datetime:
    """Of an hour that comes twice, the first.

    :raises NoSuchTime: the clocks skip it.
    """
    at = datetime.combine(day, wall, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != datetime.combine(day, wall):
        raise NoSuchTime
    return at
