from datetime import UTC, date, datetime, time

import pytest
from django.utils.translation import override

from i2a.wall_time import (
    say_day,
    say_days,
    say_full_day,
    say_minutes,
    say_short_day,
    say_time,
    say_weekday,
    say_when,
    unbroken,
)

MONDAY_TEN = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # 10:00 in Edmonton


@pytest.mark.parametrize(
    ("at", "english", "french"),
    [
        (time(9), "9:00 am", "9 h"),
        (time(12, 5), "12:05 pm", "12 h 05"),
        (time(0, 30), "12:30 am", "0 h 30"),
        (datetime(2026, 11, 23, 22, 30, tzinfo=UTC), "4:30 pm", "16 h 30"),
        (datetime(2025, 11, 24, 22, 30, tzinfo=UTC), "3:30 pm", "15 h 30"),  # the last winter with UTC-07:00
    ],
)
def test_time_of_day(at, english, french):
    with override("en-ca"):
        assert say_time(at) == english
    with override("fr-ca"):
        assert say_time(at) == french.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("say", "english", "french"),
    [
        (say_day, "Mon 23 Nov", "lun 23 nov"),
        (say_weekday, "Monday", "lundi"),
        (say_full_day, "Monday 23 November 2026", "lundi 23 novembre 2026"),
    ],
)
def test_days(say, english, french):
    with override("en-ca"):
        assert say(MONDAY_TEN) == english
    with override("fr-ca"):
        assert say(MONDAY_TEN) == french


@pytest.mark.parametrize(
    ("month", "english", "french"),
    [(2, "1 Feb 2027", "1er fév 2027"), (6, "1 Jun 2027", "1er juin 2027"), (7, "1 Jul 2027", "1er juil 2027")],
)
def test_short_months_differ(month, english, french):
    with override("en-ca"):
        assert say_short_day(date(2027, month, 1)) == english
    with override("fr-ca"):
        assert say_short_day(date(2027, month, 1)) == french


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-23T21:51Z", "3:51 pm"),
        ("2026-11-20T19:07Z", "Fri 1:07 pm"),
        ("2026-11-27T15:20Z", "Fri 9:20 am"),
        ("2026-11-30T15:20Z", "30 Nov, 9:20 am"),
        ("2027-01-04T17:00Z", "4 Jan 2027, 11:00 am"),
        ("2026-11-24T05:59Z", "11:59 pm"),  # still Monday in Edmonton
    ],
)
def test_a_moment_is_said_as_short_as_is_clear(at, words):
    with override("en-ca"):
        assert say_when(datetime.fromisoformat(at), MONDAY_TEN) == words


@pytest.mark.parametrize(("days", "words"), [(1, "1 day"), (36, "36 days"), (60, "60 days"), (61, "2 months")])
def test_long_times_are_said_in_days_and_months(days, words):
    with override("en-ca"):
        assert say_days(days) == words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("28 Dec, 4:30 pm", ["28", "Dec,", "4:30_pm"]),
        ("1 h 05 min late", ["1_h_05_min", "late"]),
        ("22 janv., 16 h 30", ["22", "janv.,", "16_h_30"]),
    ],
)
def test_no_line_ends_between_a_number_and_its_unit(text, parts):
    assert unbroken(text).replace("\N{NO-BREAK SPACE}", "_").split() == parts


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (39, "39 min"), (60, "1 h"), (65, "1 h 05 min"), (138, "2 h 18 min")]
)
def test_lengths(minutes, words):
    with override("en-ca"):
        assert say_minutes(minutes) == words
