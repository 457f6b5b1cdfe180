"""When an answer is due: cases reckoned by hand with a wall calendar, each with its reason (D-02, D-03, T-01)."""

from datetime import date, time

import pytest

from followups.calendar import Block, Calendar, due_at
from tests.followups.hours import NINE_HOLIDAYS, WEEK, closed, edmonton, half_day

EASTER_MONDAY = Calendar(WEEK, closed("Easter Monday"))
YEAR_END = Calendar(WEEK, closed("Government closure", "Boxing Day"))
BOXING_DAY = Calendar(WEEK, closed("Boxing Day"))
ALL_OPTIONAL = Calendar(
    WEEK, closed("Easter Monday", "Heritage Day", "National Day for Truth and Reconciliation", "Boxing Day")
)
LUNCH = Calendar(dict.fromkeys(range(1, 6), (Block(time(9), time(12)), Block(time(13), time(16, 30)))), closed())
SATURDAYS = Calendar(WEEK | {6: (Block(time(10), time(11, 30)),)}, closed())
EVE = Calendar(WEEK, closed() | half_day("2026-12-24", (time(9), time(12))))
LATE_START = Calendar(WEEK, closed() | half_day("2026-11-25", (time(13), time(16, 30))))
LONGER = dict.fromkeys(range(1, 6), (Block(time(8), time(18)),))
LONGER_FROM_SEPTEMBER = Calendar(WEEK, closed(), ((date(2026, 9, 1), LONGER),))
FOUR_DAYS_FROM_JUNE = Calendar(WEEK, closed(), ((date(2026, 6, 1), {day: WEEK[day] for day in range(1, 5)}),))

CASES = [
    # Plain weeks
    ("2026-11-23 09:00", "2026-11-24 09:00", NINE_HOLIDAYS),  # the first moment of service is inside
    ("2026-11-23 08:59", "2026-11-23 16:30", NINE_HOLIDAYS),  # a minute earlier: the end of the same day
    ("2026-11-23 00:00", "2026-11-23 16:30", NINE_HOLIDAYS),  # midnight belongs to the day that begins
    ("2026-11-23 23:59", "2026-11-24 16:30", NINE_HOLIDAYS),  # late in the evening: the end of the next day
    ("2026-11-23 16:29", "2026-11-24 16:29", NINE_HOLIDAYS),  # the last minute inside
    ("2026-11-23 16:30", "2026-11-24 16:30", NINE_HOLIDAYS),  # closing is outside, and falls on the same time
    ("2026-11-23 16:31", "2026-11-24 16:30", NINE_HOLIDAYS),  # after closing: not 16:31, which is no service
    ("2026-11-25 12:00", "2026-11-26 12:00", NINE_HOLIDAYS),  # noon on a Wednesday
    ("2026-11-27 09:00", "2026-11-30 09:00", NINE_HOLIDAYS),  # Friday opening: Monday opening
    ("2026-11-27 16:29", "2026-11-30 16:29", NINE_HOLIDAYS),  # Friday, last minute
    ("2026-11-27 16:30", "2026-11-30 16:30", NINE_HOLIDAYS),  # Friday at closing: the end of Monday
    ("2026-11-28 10:00", "2026-11-30 16:30", NINE_HOLIDAYS),  # Saturday
    ("2026-11-29 10:00", "2026-11-30 16:30", NINE_HOLIDAYS),  # Sunday
    ("2026-11-29 23:59", "2026-11-30 16:30", NINE_HOLIDAYS),  # the last minute of a weekend
    ("2026-11-30 08:00", "2026-11-30 16:30", NINE_HOLIDAYS),  # Monday before hours: the same Monday
    ("2026-11-24 10:05:30", "2026-11-25 10:05:30", NINE_HOLIDAYS),  # seconds are kept
    # General holidays
    ("2025-12-31 10:00", "2026-01-02 10:00", NINE_HOLIDAYS),  # New Year's Day on a Thursday
    ("2026-01-01 10:00", "2026-01-02 16:30", NINE_HOLIDAYS),  # received on New Year's Day itself
    ("2027-12-31 10:00", "2028-01-03 10:00", NINE_HOLIDAYS),  # New Year's Day on a Saturday gives no day in lieu
    ("2026-02-13 10:00", "2026-02-17 10:00", NINE_HOLIDAYS),  # Family Day, third Monday of February
    ("2026-02-16 10:00", "2026-02-17 16:30", NINE_HOLIDAYS),  # received on Family Day
    ("2026-04-01 16:45", "2026-04-02 16:30", NINE_HOLIDAYS),  # Wednesday after hours: Thursday is still open
    ("2026-04-02 16:45", "2026-04-06 16:30", NINE_HOLIDAYS),  # Maundy Thursday after hours, Good Friday, weekend
    ("2026-04-03 11:00", "2026-04-06 16:30", NINE_HOLIDAYS),  # received on Good Friday
    ("2024-03-28 10:00", "2024-04-01 10:00", NINE_HOLIDAYS),  # Good Friday in March; Easter Monday is open
    ("2026-05-15 14:00", "2026-05-19 14:00", NINE_HOLIDAYS),  # Victoria Day, Monday before 25 May
    ("2026-05-22 14:00", "2026-05-25 14:00", NINE_HOLIDAYS),  # 25 May itself is no holiday
    ("2026-06-30 10:00", "2026-07-02 10:00", NINE_HOLIDAYS),  # Canada Day on a Wednesday
    ("2028-06-30 10:00", "2028-07-03 10:00", NINE_HOLIDAYS),  # 1 July 2028 is a Saturday: no day in lieu (D-03)
    ("2029-07-02 10:00", "2029-07-03 16:30", NINE_HOLIDAYS),  # received on Canada Day kept on Monday 2 July
    ("2026-09-04 15:00", "2026-09-08 15:00", NINE_HOLIDAYS),  # Labour Day, first Monday of September
    ("2026-10-09 15:00", "2026-10-13 15:00", NINE_HOLIDAYS),  # Thanksgiving, second Monday of October
    ("2026-11-10 16:45", "2026-11-12 16:30", NINE_HOLIDAYS),  # after hours before Remembrance Day
    ("2026-11-11 08:00", "2026-11-12 16:30", NINE_HOLIDAYS),  # early on Remembrance Day: no hours to be before
    ("2024-11-08 11:00", "2024-11-12 11:00", NINE_HOLIDAYS),  # Remembrance Day on a Monday
    ("2026-12-24 11:00", "2026-12-28 11:00", NINE_HOLIDAYS),  # Christmas on a Friday, then a weekend
    ("2027-12-24 11:00", "2027-12-27 11:00", NINE_HOLIDAYS),  # Christmas on a Saturday gives no day in lieu
    # Days that a manager switches on
    ("2026-04-02 09:00", "2026-04-07 09:00", EASTER_MONDAY),  # Thursday to Tuesday: four closed days
    ("2026-04-06 10:00", "2026-04-07 16:30", EASTER_MONDAY),  # received on Easter Monday
    ("2026-07-31 13:00", "2026-08-04 13:00", ALL_OPTIONAL),  # Heritage Day, first Monday of August
    ("2026-07-31 13:00", "2026-08-03 13:00", NINE_HOLIDAYS),  # the same, not switched on
    ("2026-09-29 13:00", "2026-10-01 13:00", ALL_OPTIONAL),  # 30 September on a Wednesday
    ("2026-09-29 13:00", "2026-09-30 13:00", NINE_HOLIDAYS),  # the same, not switched on
    ("2025-12-24 10:00", "2025-12-29 10:00", BOXING_DAY),  # Christmas Thursday, Boxing Day Friday, weekend
    ("2025-12-24 10:00", "2025-12-26 10:00", NINE_HOLIDAYS),  # without Boxing Day
    ("2026-12-23 16:45", "2027-01-04 16:30", YEAR_END),  # after hours before the closure
    ("2026-12-29 10:00", "2027-01-04 16:30", YEAR_END),  # received during the closure
    ("2024-12-23 15:30", "2025-01-02 15:30", YEAR_END),  # the closure of 2024 ends before a Thursday
    ("2027-12-23 09:00", "2028-01-03 09:00", YEAR_END),  # the closure of 2027 ends at a weekend
    # Changes of the clock: the wall time stays
    ("2026-03-06 09:00", "2026-03-09 09:00", NINE_HOLIDAYS),  # forward on Sunday 8 March 2026
    ("2026-03-08 02:30", "2026-03-09 16:30", NINE_HOLIDAYS),  # a wall time that does not exist that night
    ("2025-03-07 16:29", "2025-03-10 16:29", NINE_HOLIDAYS),  # forward on 9 March 2025
    ("2024-11-01 10:00", "2024-11-04 10:00", NINE_HOLIDAYS),  # back on 3 November 2024
    ("2025-11-02 01:30", "2025-11-03 16:30", NINE_HOLIDAYS),  # a wall time that exists twice that night
    ("2026-11-01 01:30", "2026-11-02 16:30", NINE_HOLIDAYS),  # no longer twice: Alberta stays on its time
    ("2027-03-12 10:00", "2027-03-15 10:00", NINE_HOLIDAYS),  # and no longer goes forward
    # Several blocks a day
    ("2026-11-23 11:59", "2026-11-24 11:59", LUNCH),  # the last minute of the morning
    ("2026-11-23 12:00", "2026-11-24 12:00", LUNCH),  # at noon we close: due at that closing
    ("2026-11-23 12:59", "2026-11-24 12:00", LUNCH),  # in the pause: the end of the block before it
    ("2026-11-23 13:00", "2026-11-24 13:00", LUNCH),  # the afternoon opens
    ("2026-11-27 12:30", "2026-11-30 12:00", LUNCH),  # a pause on Friday
    ("2026-11-23 08:00", "2026-11-23 16:30", LUNCH),  # before hours: the end of the day, not of the morning
    # Half days, late starts, a sixth day
    ("2026-12-23 11:00", "2026-12-24 11:00", EVE),  # 24 December until noon: in service at 11:00
    ("2026-12-23 12:00", "2026-12-24 12:00", EVE),  # at noon: its closing
    ("2026-12-23 15:00", "2026-12-24 12:00", EVE),  # no service at 15:00: its closing
    ("2026-12-24 08:30", "2026-12-24 12:00", EVE),  # before its hours
    ("2026-12-24 12:00", "2026-12-28 16:30", EVE),  # after its hours; Christmas is a Friday
    ("2026-11-24 10:00", "2026-11-25 13:00", LATE_START),  # open from 13:00 only: at its opening
    ("2026-11-24 14:00", "2026-11-25 14:00", LATE_START),  # in service then
    ("2026-11-25 10:00", "2026-11-25 16:30", LATE_START),  # received before its late hours
    ("2026-11-27 11:00", "2026-11-28 11:00", SATURDAYS),  # Saturday is a business day here
    ("2026-11-27 15:00", "2026-11-28 11:30", SATURDAYS),  # with shorter hours
    ("2026-11-27 09:30", "2026-11-28 10:00", SATURDAYS),  # and a later opening
    ("2026-11-28 10:30", "2026-11-30 10:30", SATURDAYS),  # Saturday to Monday
    # Hours that change on a day
    ("2026-08-28 17:00", "2026-08-31 16:30", LONGER_FROM_SEPTEMBER),  # old hours on both days
    ("2026-08-31 16:00", "2026-09-01 16:00", LONGER_FROM_SEPTEMBER),  # the first long day
    ("2026-08-31 17:00", "2026-09-01 18:00", LONGER_FROM_SEPTEMBER),  # after the old hours: the end of the new ones
    ("2026-09-01 08:15", "2026-09-02 08:15", LONGER_FROM_SEPTEMBER),  # inside since September
    ("2026-09-01 17:59", "2026-09-02 17:59", LONGER_FROM_SEPTEMBER),  # the last minute of the long day
    ("2026-05-28 10:00", "2026-05-29 10:00", FOUR_DAYS_FROM_JUNE),  # the last Friday with service
    ("2026-06-04 10:00", "2026-06-08 10:00", FOUR_DAYS_FROM_JUNE),  # then Thursday leads to Monday
    ("2026-06-05 10:00", "2026-06-08 16:30", FOUR_DAYS_FROM_JUNE),  # received on a Friday without service
]


@pytest.mark.parametrize(("received", "due", "calendar"), CASES)
def test_due_time_of_a_case_reckoned_by_hand(received, due, calendar):
    assert due_at(edmonton(received), calendar).at == edmonton(due)


def test_there_are_enough_of_them():
    assert len(CASES) >= 60
