from datetime import date

import pytest

from followups.closed_days import alberta_days

YEARS = range(2024, 2035)
GENERAL_BY_HAND = {  # alberta.ca/alberta-general-holidays
    2024: "01-01 02-19 03-29 05-20 07-01 09-02 10-14 11-11 12-25",
    2025: "01-01 02-17 04-18 05-19 07-01 09-01 10-13 11-11 12-25",
    2026: "01-01 02-16 04-03 05-18 07-01 09-07 10-12 11-11 12-25",
    2027: "01-01 02-15 03-26 05-24 07-01 09-06 10-11 11-11 12-25",
    2028: "01-01 02-21 04-14 05-22 07-01 09-04 10-09 11-11 12-25",
    2029: "01-01 02-19 03-30 05-21 07-02 09-03 10-08 11-11 12-25",  # 1 July is a Sunday
    2030: "01-01 02-18 04-19 05-20 07-01 09-02 10-14 11-11 12-25",
    2034: "01-01 02-20 04-07 05-22 07-01 09-04 10-09 11-11 12-25",
}


def of_kind(year, kind):
    return [day for day in alberta_days(year) if day.kind == kind]


@pytest.mark.parametrize("year", GENERAL_BY_HAND)
def test_nine_general_holidays_fall_where_alberta_says(year):
    assert " ".join(f"{day.on:%m-%d}" for day in of_kind(year, "general")) == GENERAL_BY_HAND[year]


@pytest.mark.parametrize("year", YEARS)
def test_every_year_has_nine_holidays_four_optional_days_and_a_year_end_closure(year):
    assert [len(of_kind(year, kind)) for kind in ("general", "optional", "closure")] == [9, 4, 6]
    assert len({day.on for day in alberta_days(year)}) == 19


def test_optional_days_of_a_year():
    assert [(day.on, day.name) for day in of_kind(2026, "optional")] == [
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 8, 3), "Heritage Day"),
        (date(2026, 9, 30), "National Day for Truth and Reconciliation"),
        (date(2026, 12, 26), "Boxing Day"),
    ]


def test_only_canada_day_moves_off_a_sunday():
    remembrance = [day.on for day in of_kind(2029, "general") if day.name == "Remembrance Day"]

    assert remembrance == [date(2029, 11, 11)]  # a Sunday, and no day in lieu on Monday (D-03)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_has_a_french_name(year):
    assert all(day.name_fr for day in alberta_days(year))
