"""When Alberta's government is, or may be, closed: nine general holidays, and days that a manager can switch on (D-03).

The dates that move (Easter, the Mondays) come from the `holidays` package; the names are ours, in both languages, so
that a new release of the package changes no text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import holidays

GENERAL = {
    "New Year's Day": "Jour de l'An",
    "Family Day": "Jour de la Famille",
    "Good Friday": "Vendredi saint",
    "Victoria Day": "Fête de Victoria",
    "Canada Day": "Fête du Canada",
    "Labour Day": "Fête du Travail",
    "Thanksgiving Day": "Action de grâces",
    "Remembrance Day": "Jour du Souvenir",
    "Christmas Day": "Noël",
}
OPTIONAL = {
    "Easter Monday": "Lundi de Pâques",
    "Heritage Day": "Jour du Patrimoine",
    "National Day for Truth and Reconciliation": "Journée nationale de la vérité et de la réconciliation",
    "Boxing Day": "Lendemain de Noël",
}
YEAR_END_CLOSURE = ("Government closure", "Fermeture du gouvernement")
YEAR_END_DAYS = range(24, 32)  # December; 25 December and 1 January are holidays of their own, Boxing Day is a row too


@dataclass(frozen=True)
class AlbertaDay:
    """A date on which Alberta is closed (`general`), or may be if a manager says so (`optional`, `closure`)."""

    on: date
    name: str
    name_fr: str
    kind: str


def alberta_days(year: int) -> list[AlbertaDay]:
    """All rows of a calendar year, by date; one for each date."""
    days = {day.on: day for day in _closure_days(year)}
    days |= {day.on: day for day in _named_days(year, ("optional", "government"), OPTIONAL, "optional")}
    days |= {day.on: day for day in _named_days(year, ("public",), GENERAL, "general")}
    return [days[on] for on in sorted(days)]


def _named_days(year: int, categories: tuple[str, ...], names: dict[str, str], kind: str) -> Iterator[AlbertaDay]:
    # observed=False: Alberta gives no days in lieu but Canada Day's (D-03); the package would add them all.
    found = holidays.country_holidays(
        "CA", subdiv="AB", years=year, observed=False, language="en_CA", categories=categories
    )
    for on, name in found.items():
        if name in names:
            yield AlbertaDay(_canada_day(year) if name == "Canada Day" else on, name, names[name], kind)


def _canada_day(year: int) -> date:
    """2 July when 1 July is a Sunday (Employment Standards Code; requirements L-21)."""
    first = date(year, 7, 1)
    return first.replace(day=2) if first.isoweekday() == 7 else first


def _closure_days(year: int) -> Iterator[AlbertaDay]:
    for day in YEAR_END_DAYS:
        yield AlbertaDay(date(year, 12, day), *YEAR_END_CLOSURE, "closure")
