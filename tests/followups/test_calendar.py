from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followups.calendar import (
    Block,
    Calendar,
    NoOpenDay,
    Pause,
    SpecialDay,
    Step,
    StepCode,
    add_business_time,
    business_time,
    due_at,
    due_on,
    due_with_pauses,
    is_late,
    state_at,
)
from i2a.clock import EDMONTON
from tests.followups.hours import DAY, NINE_HOLIDAYS, WEEK, closed, edmonton, half_day

EASTER_MONDAY_CLOSED = Calendar(WEEK, closed("Easter Monday"))
YEAR_END_CLOSED = Calendar(WEEK, closed("Government closure", "Boxing Day"))
LUNCH_BREAK = Calendar({weekday: (Block(time(9), time(12)), Block(time(13), time(16, 30))) for weekday in range(1, 6)})

WORKED_CASES = [
    ("2026-11-23 10:05", "2026-11-24 10:05", NINE_HOLIDAYS),  # Monday, plain
    ("2026-11-20 16:45", "2026-11-23 16:30", NINE_HOLIDAYS),  # Friday after hours, weekend
    ("2026-11-24 08:15", "2026-11-24 16:30", NINE_HOLIDAYS),  # before we open: the same day
    ("2026-11-24 16:30", "2026-11-25 16:30", NINE_HOLIDAYS),  # 16:30 is outside already
    ("2026-11-24 16:29", "2026-11-25 16:29", NINE_HOLIDAYS),  # the last minute inside
    ("2026-11-24 08:59", "2026-11-24 16:30", NINE_HOLIDAYS),  # the last minute before
    ("2026-11-10 09:00", "2026-11-12 09:00", NINE_HOLIDAYS),  # 9:00 is inside; Wednesday is Remembrance Day
    ("2026-06-30 16:45", "2026-07-02 16:30", NINE_HOLIDAYS),  # Canada Day
    ("2026-04-02 15:10", "2026-04-06 15:10", NINE_HOLIDAYS),  # Good Friday and a weekend
    ("2026-04-02 15:10", "2026-04-07 15:10", EASTER_MONDAY_CLOSED),  # the manager closed Easter Monday too
    ("2029-06-29 12:00", "2029-07-03 12:00", NINE_HOLIDAYS),  # 1 July 2029 is a Sunday: the holiday is Monday
    ("2026-12-23 11:00", "2027-01-04 11:00", YEAR_END_CLOSED),  # closed 24 December to 1 January, then a weekend
    ("2026-03-06 16:00", "2026-03-09 16:00", NINE_HOLIDAYS),  # clocks go forward that Sunday
    ("2025-10-31 14:00", "2025-11-03 14:00", NINE_HOLIDAYS),  # clocks go back that Sunday
    ("2026-10-30 15:00", "2026-11-02 15:00", NINE_HOLIDAYS),  # Alberta no longer goes back
    ("2026-11-21 12:00", "2026-11-23 16:30", NINE_HOLIDAYS),  # Saturday: the end of the next business day
    ("2026-11-11 10:00", "2026-11-12 16:30", NINE_HOLIDAYS),  # on a holiday: as on a weekend
    ("2026-02-13 16:45", "2026-02-17 16:30", NINE_HOLIDAYS),  # Friday after hours, Family Day on Monday
]


@pytest.mark.parametrize(("received", "due", "calendar"), WORKED_CASES)
def test_answer_is_due_after_one_business_day(received, due, calendar):
    assert due_at(edmonton(received), calendar).at == edmonton(due)


@pytest.mark.parametrize(
    ("received", "hours_later", "due_utc"),
    [
        ("2026-03-06 16:00", 71, "2026-03-09T22:00Z"),  # spring forward
        ("2025-10-31 14:00", 73, "2025-11-03T21:00Z"),  # the last fall back
        ("2026-10-30 15:00", 72, "2026-11-02T21:00Z"),  # stale zone data would say 22:00Z
    ],
)
def test_clock_changes_move_the_instant_and_keep_the_wall_time(received, hours_later, due_utc):
    due = due_at(edmonton(received), NINE_HOLIDAYS).at

    assert due - edmonton(received).astimezone(UTC) == timedelta(hours=hours_later)
    assert due == datetime.fromisoformat(due_utc)


HALF_DAY_CASES = [
    ("2026-12-30 10:00", "2026-12-31 10:00", "Tuesday"),  # Thursday is open until noon: still in service at 10:00
    ("2026-12-30 15:00", "2026-12-31 12:00", "Tuesday"),  # not at 15:00: the end of the half day
    ("2026-12-31 08:00", "2026-12-31 12:00", "same day"),  # before hours of the half day itself
    ("2026-12-31 13:00", "2027-01-04 16:30", "after its hours"),
]


@pytest.mark.parametrize(("received", "due", "why"), HALF_DAY_CASES)
def test_a_half_day_counts_as_a_business_day_and_ends_early(received, due, why):
    calendar = Calendar(WEEK, closed() | half_day("2026-12-31", (time(9), time(12))))

    assert due_at(edmonton(received), calendar).at == edmonton(due), why


def test_on_a_day_that_opens_late_the_answer_is_due_at_its_opening():
    calendar = Calendar(WEEK, half_day("2026-11-24", (time(13), time(16, 30))))

    assert due_at(edmonton("2026-11-23 10:00"), calendar).at == edmonton("2026-11-24 13:00")


def test_a_message_during_the_pause_is_due_at_the_end_of_the_block_before_it():
    assert due_at(edmonton("2026-11-23 12:20"), LUNCH_BREAK).at == edmonton("2026-11-24 12:00")


def test_a_pause_that_does_not_exist_tomorrow_changes_nothing():
    calendar = Calendar(WEEK, half_day("2026-11-23", (time(9), time(12)), (time(13), time(16, 30))))

    assert due_at(edmonton("2026-11-23 12:20"), calendar).at == edmonton("2026-11-24 12:20")


def test_steps_tell_how_the_due_time_came_about():
    due = due_at(edmonton("2026-02-13 16:45"), NINE_HOLIDAYS)

    assert due.steps == (
        Step(StepCode.AFTER_HOURS, date(2026, 2, 13), time(16, 45)),
        Step(StepCode.CLOSED, date(2026, 2, 16), None, "Family Day", "Jour de la Famille"),
        Step(StepCode.DUE, date(2026, 2, 17), time(16, 30)),
    )


def test_steps_survive_their_storage():
    due = due_at(edmonton("2026-02-13 16:45"), NINE_HOLIDAYS)

    assert tuple(Step.from_json(step.as_json()) for step in due.steps) == due.steps


@pytest.mark.parametrize(
    ("now", "is_open", "changes_at", "minutes_left"),
    [
        ("2026-11-23 08:59:59", False, "2026-11-23 09:00", 0),
        ("2026-11-23 09:00", True, "2026-11-23 16:30", 450),
        ("2026-11-23 16:29:01", True, "2026-11-23 16:30", 1),
        ("2026-11-23 16:30", False, "2026-11-24 09:00", 0),
        ("2026-11-20 17:00", False, "2026-11-23 09:00", 0),  # over the weekend
        ("2026-04-03 10:00", False, "2026-04-06 09:00", 0),  # Good Friday
        ("2026-11-02 08:59", False, "2026-11-02 09:00", 0),  # the Monday on which clocks no longer changed
        ("2026-11-02 09:00", True, "2026-11-02 16:30", 450),
    ],
)
def test_the_line_is_open_from_opening_until_closing(now, is_open, changes_at, minutes_left):
    state = state_at(edmonton(now), NINE_HOLIDAYS)

    assert (state.is_open, state.changes_at, state.minutes_left) == (is_open, edmonton(changes_at), minutes_left)


def test_nine_oclock_after_the_change_that_no_longer_happens_is_fifteen_hundred_utc():
    assert state_at(edmonton("2026-11-02 08:59"), NINE_HOLIDAYS).changes_at == datetime(2026, 11, 2, 15, tzinfo=UTC)


def test_the_line_closes_for_a_pause_and_opens_again_the_same_day():
    state = state_at(edmonton("2026-11-23 12:30"), LUNCH_BREAK)

    assert (state.is_open, state.changes_at) == (False, edmonton("2026-11-23 13:00"))


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:39", 39),
        ("2026-11-23 08:00", "2026-11-23 09:10", 10),
        ("2026-11-20 16:00", "2026-11-23 09:15", 45),  # over a weekend
        ("2026-11-10 16:00", "2026-11-12 09:15", 45),  # over Remembrance Day
        ("2026-03-06 16:00", "2026-03-09 16:00", 450),  # clocks go forward in between
        ("2026-11-23 12:00", "2026-11-23 11:00", 0),
        ("2026-11-21 10:00", "2026-11-22 10:00", 0),
    ],
)
def test_business_time_counts_service_hours_only(start, end, minutes):
    assert business_time(edmonton(start), edmonton(end), NINE_HOLIDAYS) == timedelta(minutes=minutes)


def test_nothing_is_late_at_the_very_moment_it_is_due():
    due = edmonton("2026-11-23 10:00")

    assert not is_late(due, due)
    assert is_late(due, due + timedelta(microseconds=1))


@pytest.mark.parametrize("week", [{}, {1: ()}])
def test_a_calendar_without_service_has_no_due_time(week):
    with pytest.raises(NoOpenDay):
        due_at(edmonton("2026-11-23 10:00"), Calendar(week))


def test_a_pause_adds_only_service_time():
    pause = Pause(edmonton("2026-11-23 15:30"), edmonton("2026-11-24 09:30"))  # one hour, and half an hour

    due = due_with_pauses(edmonton("2026-11-23 10:05"), [pause], NINE_HOLIDAYS)

    assert due.at == edmonton("2026-11-24 11:35")
    assert [step.code for step in due.steps] == ["received_in_hours", "due", "paused", "due"]
    assert due.steps[2] == Step(StepCode.PAUSED, date(2026, 11, 23), time(15, 30), minutes=90)


def test_a_pause_over_a_weekend_outside_service_adds_nothing():
    pause = Pause(edmonton("2026-11-20 17:00"), edmonton("2026-11-23 08:00"))

    assert due_with_pauses(edmonton("2026-11-20 16:45"), [pause], NINE_HOLIDAYS).at == edmonton("2026-11-23 16:30")


def test_a_pause_can_push_the_due_time_over_a_holiday_and_says_so():
    pause = Pause(edmonton("2026-11-09 10:00"), edmonton("2026-11-09 14:00"))

    due = due_with_pauses(edmonton("2026-11-09 14:00"), [pause], NINE_HOLIDAYS)  # due Tuesday 14:00, and 4 hours more

    assert due.at == edmonton("2026-11-12 10:30")
    assert [step.name for step in due.steps if step.code == StepCode.CLOSED] == ["Remembrance Day"]


def test_pauses_add_up():
    pauses = [
        Pause(edmonton("2026-11-23 11:00"), edmonton("2026-11-23 12:00")),
        Pause(edmonton("2026-11-23 14:00"), edmonton("2026-11-23 14:30")),
    ]

    assert due_with_pauses(edmonton("2026-11-23 10:05"), pauses, NINE_HOLIDAYS).at == edmonton("2026-11-24 11:35")


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2027-02-10", "2027-02-10 16:30"),  # a Wednesday
        ("2027-02-13", "2027-02-16 16:30"),  # a Saturday, and Monday is Family Day
        ("2026-12-25", "2026-12-28 16:30"),  # Christmas on a Friday
    ],
)
def test_a_contact_planned_for_a_day_is_due_at_its_end_or_the_next_days(day, due):
    received = edmonton("2026-11-23 10:05")

    assert due_on(date.fromisoformat(day), received, NINE_HOLIDAYS).at == edmonton(due)


def test_nothing_added_changes_nothing_even_outside_hours():
    at = edmonton("2026-11-21 12:00")

    assert add_business_time(at, timedelta(0), NINE_HOLIDAYS) == at


# --- Against a slow walker, over 2024 to 2034 ---

MINUTE = timedelta(minutes=1)
CALENDARS = st.sampled_from(
    [
        NINE_HOLIDAYS,
        YEAR_END_CLOSED,
        EASTER_MONDAY_CLOSED,
        Calendar(LUNCH_BREAK.week, closed("Heritage Day")),
        Calendar(WEEK | {6: (Block(time(10), time(11, 30)),)}, closed()),  # Saturday mornings too
        Calendar(  # every Christmas Eve until noon, every 2 January from 13:00
            WEEK,
            closed()
            | {date(year, 12, 24): SpecialDay("", "", (Block(time(9), time(12)),)) for year in range(2024, 2035)}
            | {date(year, 1, 2): SpecialDay("", "", (Block(time(13), time(16, 30)),)) for year in range(2024, 2035)},
        ),
        Calendar(dict.fromkeys((1, 3), DAY), closed()),  # two days a week
        Calendar(  # hours that change twice
            WEEK,
            closed(),
            (
                (date(2026, 6, 1), LUNCH_BREAK.week),
                (date(2029, 1, 1), dict.fromkeys(range(1, 5), (Block(time(8), time(18)),))),
            ),
        ),
    ]
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 20)).map(
    lambda wall: wall.replace(second=0, microsecond=0, tzinfo=EDMONTON).astimezone(UTC)
)


def in_service(at, calendar):
    wall = at.astimezone(EDMONTON)
    return any(block.opens <= wall.time() < block.closes for block in calendar.blocks_on(wall.date()))


def minutes_of(day):
    start = datetime.combine(day, time(0), tzinfo=EDMONTON).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(0), tzinfo=EDMONTON).astimezone(UTC)
    while start < end:
        yield start
        start += MINUTE


def walk_to_due(received, calendar):
    """The rule of D-02 read off a wall calendar, a minute at a time."""
    wall = received.astimezone(EDMONTON)
    served_today = [minute for minute in minutes_of(wall.date()) if in_service(minute, calendar)]
    day = wall.date()
    if not served_today or received >= served_today[0]:
        day += timedelta(days=1)
    while not calendar.blocks_on(day):
        day += timedelta(days=1)
    served = [minute for minute in minutes_of(day) if in_service(minute, calendar)]
    closing = served[-1] + MINUTE
    if not served_today or not served_today[0] <= received <= served_today[-1]:
        return closing
    until_then = [minute for minute in served if minute.astimezone(EDMONTON).time() <= wall.time()]
    if not until_then:
        return served[0]
    last = until_then[-1]
    return last if last.astimezone(EDMONTON).time() == wall.time() else last + MINUTE


@given(received=MOMENTS, calendar=CALENDARS)
@settings(max_examples=150, deadline=None)
def test_due_time_equals_the_slow_walk(received, calendar):
    assert due_at(received, calendar).at == walk_to_due(received, calendar)


@given(received=MOMENTS, calendar=CALENDARS)
@settings(max_examples=300, deadline=None)
def test_due_time_is_in_service_or_at_closing(received, calendar):
    due = due_at(received, calendar).at

    assert in_service(due, calendar) or in_service(due - MINUTE, calendar)
    assert due > received


@given(received=MOMENTS, later=st.integers(0, 6 * 24 * 60), calendar=CALENDARS)
@settings(max_examples=500, deadline=None)
def test_who_comes_later_is_never_due_earlier(received, later, calendar):
    assert due_at(received, calendar).at <= due_at(received + later * MINUTE, calendar).at


@given(start=MOMENTS, length=st.integers(0, 4 * 24 * 60), calendar=CALENDARS)
@settings(max_examples=50, deadline=None)
def test_business_time_equals_the_minutes_walked_in_service(start, length, calendar):
    walked = sum(in_service(start + minute * MINUTE, calendar) for minute in range(length))

    assert business_time(start, start + length * MINUTE, calendar) == walked * MINUTE


@given(start=MOMENTS, minutes=st.integers(1, 3000), calendar=CALENDARS)
@settings(max_examples=50, deadline=None)
def test_adding_service_time_equals_walking_it(start, minutes, calendar):
    at, left = start, minutes
    while left:
        left -= in_service(at, calendar)
        at += MINUTE

    assert add_business_time(start, minutes * MINUTE, calendar) == at


@given(received=MOMENTS, after=st.integers(0, 2000), length=st.integers(0, 5000), calendar=CALENDARS)
@settings(max_examples=150, deadline=None)
def test_a_pause_leaves_as_much_service_time_as_there_was(received, after, length, calendar):
    due = due_at(received, calendar).at
    began = min(received + after * MINUTE, due)
    resumed = began + length * MINUTE

    paused = due_with_pauses(received, [Pause(began, resumed)], calendar).at

    assert business_time(resumed, paused, calendar) == business_time(began, due, calendar)
    assert paused >= due
    assert in_service(paused, calendar) or in_service(paused - MINUTE, calendar)


@given(now=MOMENTS, calendar=CALENDARS)
@settings(max_examples=150, deadline=None)
def test_state_changes_when_it_says(now, calendar):
    state = state_at(now, calendar)

    assert state.is_open == in_service(now, calendar)
    assert in_service(state.changes_at, calendar) != state.is_open
    assert in_service(state.changes_at - MINUTE, calendar) == state.is_open
