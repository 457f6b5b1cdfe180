"""Quiet hours (N28): nobody's phone rings at night because of a campaign.

A mail waits until it is between 8:00 and 21:00 everywhere in the country where its receiver lives: which part of a
wide country it is we do not know. Where no country is recorded, and in Canada, Edmonton's hours count: that is where
our callers live of whom we know no more.
"""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(8), time(21)
HOME, HOME_ZONE = "CA", "America/Edmonton"
STEP, LONGEST = timedelta(minutes=15), timedelta(days=2)


@cache
def zones_of() -> dict[str, list[ZoneInfo]]:
    """The zones of each country, from the list that comes with the zone data."""
    found: dict[str, list[ZoneInfo]] = {}
    for line in resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _coordinates, zone, *_comment = line.split("\t")
            found.setdefault(country, []).append(ZoneInfo(zone))
    return found | {HOME: [ZoneInfo(HOME_ZONE)]}


def awake_from(country: str, at: datetime) -> datetime:
    """`at`, or the next quarter of an hour at which it is day everywhere in `country`; "" stands for our own.

    A country so wide that this never happens does not wait.
    """
    zones = zones_of().get(country or HOME, zones_of()[HOME])
    moment = at
    while moment < at + LONGEST:
        if all(OPENS <= moment.astimezone(zone).time() < CLOSES for zone in zones):
            return moment
        moment = _next_quarter(moment)
    return at


def elsewhere(at: datetime) -> dict[str, datetime]:
    """By country, where it is another moment than at home."""
    home = awake_from(HOME, at)
    found = {country: awake_from(country, at) for country in zones_of()}
    return {country: moment for country, moment in found.items() if moment != home}


def _next_quarter(moment: datetime) -> datetime:
    """Every zone is whole quarters away from UTC."""
    seconds = int(moment.timestamp()) // 900 * 900
    return datetime.fromtimestamp(seconds, UTC) + STEP
