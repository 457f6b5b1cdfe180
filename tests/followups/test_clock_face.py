from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followups.calendar import Calendar
from followups.clock_face import Bars, Segment, Tone, clock_face
from tests.followups.hours import NINE_HOLIDAYS, edmonton

THURSDAY_212 = edmonton("2026-11-19 14:12")


def face(due, now=THURSDAY_212, calendar=NINE_HOLIDAYS):
    return clock_face(edmonton(due), now, calendar, Bars.at(now, calendar))


def test_bars_are_today_and_the_next_business_day():
    assert [f"{day:%a %d}" for day in Bars.at(THURSDAY_212, NINE_HOLIDAYS).days] == ["Thu 19", "Fri 20"]
    assert [f"{day:%a %d}" for day in Bars.at(edmonton("2026-11-20 10:00"), NINE_HOLIDAYS).days] == ["Fri 20", "Mon 23"]
    assert [f"{day:%a %d}" for day in Bars.at(edmonton("2026-11-21 10:00"), NINE_HOLIDAYS).days] == ["Mon 23", "Tue 24"]


def test_due_today_shows_the_time_that_is_left():
    shown = face("2026-11-19 15:51")

    assert (shown.tone, shown.minutes) == (Tone.SOON, 99)
    assert shown.day == (Segment("0.0%", "48.5%"), Segment("51.5%", "48.5%"))
    assert shown.left == (Segment("33.6%", "10.7%"),)
    assert shown.due_x == "44.3%"


def test_due_tomorrow_fills_into_the_second_bar():
    shown = face("2026-11-20 09:20")

    assert (shown.tone, shown.minutes) == (Tone.AHEAD, 158)
    assert shown.left == (Segment("33.6%", "14.9%"), Segment("51.5%", "2.2%"))
    assert shown.due_x == "53.7%"


def test_late_shows_the_time_overrun():
    shown = face("2026-11-19 13:07")

    assert (shown.tone, shown.minutes) == (Tone.LATE, 65)
    assert shown.left == (Segment("26.6%", "7.0%"),)


def test_late_since_another_day_fills_from_opening():
    shown = face("2026-11-18 16:00")

    assert (shown.tone, shown.minutes) == (Tone.LATE, 30 + 312)
    assert shown.left == (Segment("0.0%", "33.6%"),)
    assert shown.due_x == ""


def test_late_after_closing_is_late_by_no_business_time_yet():
    shown = face("2026-11-19 16:30", now=edmonton("2026-11-19 18:00"))

    assert (shown.tone, shown.minutes) == (Tone.LATE, 0)


def test_while_we_are_closed_the_clock_is_paused():
    shown = face("2026-11-23 10:00", now=edmonton("2026-11-21 12:00"))

    assert (shown.tone, shown.minutes) == (Tone.PAUSED, 60)


def test_due_beyond_both_bars_has_no_tick():
    shown = face("2026-11-27 10:00")

    assert shown.due_x == ""
    assert shown.left[-1] == Segment("51.5%", "48.5%")


def test_without_service_hours_there_is_nothing_to_draw():
    shown = face("2026-11-23 10:00", calendar=Calendar({}))

    assert (shown.day, shown.left, shown.due_x, shown.minutes) == ((), (), "", 0)


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    ahead=st.integers(-5000, 5000),
)
@settings(max_examples=200, deadline=None)
def test_nothing_is_drawn_outside_the_picture(now, ahead):
    now = edmonton(str(now))
    shown = clock_face(now + timedelta(minutes=ahead), now, NINE_HOLIDAYS, Bars.at(now, NINE_HOLIDAYS))

    for segment in (*shown.day, *shown.left):
        x, width = float(segment.x.rstrip("%")), float(segment.width.rstrip("%"))
        assert 0 <= x <= 100 and width >= 0 and x + width <= 100.1


@pytest.mark.parametrize(("ahead", "late"), [(0, False), (1, False), (-1, True)])
def test_clock_and_list_agree_on_what_is_late(ahead, late):
    now = THURSDAY_212
    due = now + timedelta(microseconds=ahead)

    assert (clock_face(due, now, NINE_HOLIDAYS, Bars.at(now, NINE_HOLIDAYS)).tone is Tone.LATE) is late
