from datetime import date, time

import pytest

from audit.models import LogEntry
from followups.calendar import Block
from followups.calendar_changes import (
    DayIsInCalendar,
    YearWithoutService,
    change_calendar,
    close_days,
    preview_change,
    replace_hours,
    shorten_day,
    switch_day,
)
from followups.models import ClosedDay, FollowUp, ServiceHours
from followups.pausing import pause_follow_up, resume_follow_up
from followups.selectors import load_calendar
from followups.services import raise_follow_up
from tests.factories import UserFactory
from tests.followups.hours import edmonton

pytestmark = pytest.mark.django_db

THURSDAY = edmonton("2026-04-02 15:10")
MONDAY, TUESDAY = edmonton("2026-04-06 15:10"), edmonton("2026-04-07 15:10")


def promise(received_at=THURSDAY):
    by = UserFactory()
    return raise_follow_up(
        contact=None, team=by.team, assigned_to=by, kind=FollowUp.Kind.REPLY, asked="Research", by=by,
        received_at=received_at, now=received_at,
    )  # fmt: skip


def close_easter_monday():
    return switch_day(ClosedDay.objects.get(day=date(2026, 4, 6)), is_closed=True)


def test_closing_a_day_moves_what_is_due_on_it_and_keeps_the_promise():
    follow_up = promise()

    moves = change_calendar(edit=close_easter_monday(), now=THURSDAY)

    follow_up.refresh_from_db()
    assert [(move.before, move.due.at) for move in moves] == [(MONDAY, TUESDAY)]
    assert (follow_up.due_at, follow_up.original_due_at, follow_up.is_moved) == (TUESDAY, MONDAY, True)
    assert "Monday closed (Easter Monday). Due Tuesday 3:10 pm." in follow_up.due_reason


def test_the_history_gives_the_calendar_as_the_reason():
    follow_up = promise()

    change_calendar(edit=close_easter_monday(), now=THURSDAY)

    entry = LogEntry.objects.filter(object_id=follow_up.pk, content_type__model="followup").latest("pk")
    assert entry.additional_data == {"reason": "calendar"}
    assert "due_at" in entry.changes and "original_due_at" not in entry.changes


def test_opening_the_day_again_moves_it_back():
    follow_up = promise()
    change_calendar(edit=close_easter_monday(), now=THURSDAY)

    row = ClosedDay.objects.get(day=date(2026, 4, 6))
    change_calendar(edit=switch_day(row, is_closed=False), now=THURSDAY)

    follow_up.refresh_from_db()
    assert (follow_up.due_at, follow_up.is_moved) == (MONDAY, False)


def test_a_preview_tells_the_same_and_changes_nothing():
    follow_up = promise()

    moves = preview_change(edit=close_easter_monday(), now=THURSDAY)

    follow_up.refresh_from_db()
    assert [move.due.at for move in moves] == [TUESDAY]
    assert follow_up.due_at == MONDAY
    assert not ClosedDay.objects.get(day=date(2026, 4, 6)).is_closed
    assert load_calendar().blocks_on(date(2026, 4, 6))


@pytest.mark.parametrize(
    ("now", "moved"),
    [("2026-04-06 15:10", 1), ("2026-04-06 15:11", 0), ("2026-04-06 15:09", 1)],
)
def test_a_change_afterwards_makes_nothing_punctual(now, moved):
    promise()

    assert len(change_calendar(edit=close_easter_monday(), now=edmonton(now))) == moved


def test_a_change_makes_nothing_late():
    follow_up = promise()
    change_calendar(edit=close_easter_monday(), now=THURSDAY)
    row = ClosedDay.objects.get(day=date(2026, 4, 6))

    assert change_calendar(edit=switch_day(row, is_closed=False), now=edmonton("2026-04-06 16:00")) == []

    follow_up.refresh_from_db()
    assert follow_up.due_at == TUESDAY


def test_what_is_answered_stays():
    follow_up = promise()
    follow_up.status, follow_up.method, follow_up.outcome, follow_up.completed_at = "done", "phone", "Told.", THURSDAY
    follow_up.received_at = edmonton("2026-04-02 15:00")
    follow_up.save()

    assert change_calendar(edit=close_easter_monday(), now=THURSDAY) == []


def test_a_closure_keeps_the_holidays_names_and_switches_optional_days_on():
    edit = close_days(date(2026, 12, 24), date(2027, 1, 1), name="Closure", name_fr="Fermeture")

    change_calendar(edit=edit, now=THURSDAY)

    days = ClosedDay.objects.filter(day__range=("2026-12-24", "2027-01-01")).order_by("day")
    assert all(day.is_closed for day in days) and len(days) == 9
    assert {day.name for day in days} >= {"Christmas Day", "Boxing Day", "New Year's Day"}


def test_a_received_question_before_the_closure_is_due_after_it():
    follow_up = promise(edmonton("2026-12-23 11:00"))
    edit = close_days(date(2026, 12, 24), date(2027, 1, 1), name="Closure", name_fr="")

    change_calendar(edit=edit, now=edmonton("2026-12-23 11:05"))

    follow_up.refresh_from_db()
    assert follow_up.due_at == edmonton("2027-01-04 11:00")


def test_a_holiday_twice_is_refused():
    with pytest.raises(DayIsInCalendar):
        change_calendar(edit=close_days(date(2026, 12, 25), date(2026, 12, 25), name="X", name_fr=""), now=THURSDAY)
    with pytest.raises(DayIsInCalendar):
        edit = shorten_day(date(2026, 12, 25), opens=time(9), closes=time(12), name="X", name_fr="")
        change_calendar(edit=edit, now=THURSDAY)


def test_a_shorter_day_moves_what_would_be_due_after_it():
    follow_up = promise(edmonton("2026-12-23 15:00"))
    edit = shorten_day(date(2026, 12, 24), opens=time(9), closes=time(12), name="Christmas Eve", name_fr="")

    change_calendar(edit=edit, now=edmonton("2026-12-23 15:05"))

    follow_up.refresh_from_db()
    assert follow_up.due_at == edmonton("2026-12-24 12:00")


def test_a_year_without_an_open_day_is_refused():
    edit = close_days(date(2027, 1, 1), date(2027, 12, 31), name="Closed for good", name_fr="")

    with pytest.raises(YearWithoutService) as refusal:
        change_calendar(edit=edit, now=THURSDAY)

    assert refusal.value.year == 2027
    assert not ClosedDay.objects.filter(name="Closed for good").exists()


def test_new_hours_hold_from_their_day_on():
    follow_up = promise(edmonton("2026-11-30 17:00"))
    week = dict.fromkeys(range(1, 6), (Block(time(8), time(18)),))

    change_calendar(edit=replace_hours(date(2026, 12, 1), week), now=edmonton("2026-11-30 17:05"))

    follow_up.refresh_from_db()
    assert follow_up.due_at == edmonton("2026-12-01 18:00")
    calendar = load_calendar()
    assert calendar.blocks_on(date(2026, 11, 30)) == (Block(time(9), time(16, 30)),)
    assert calendar.blocks_on(date(2026, 12, 2)) == (Block(time(8), time(18)),)


def test_new_hours_for_the_same_day_replace_each_other():
    for closes in (17, 18):
        week = dict.fromkeys(range(1, 6), (Block(time(8), time(closes)),))
        change_calendar(edit=replace_hours(date(2026, 12, 1), week), now=THURSDAY)

    assert ServiceHours.objects.filter(valid_from=date(2026, 12, 1)).count() == 5


def test_a_running_pause_is_reckoned_when_it_ends():
    follow_up = pause_follow_up(follow_up=promise(), reason="Waits", by=UserFactory(), now=edmonton("2026-04-02 15:40"))
    change_calendar(edit=close_easter_monday(), now=edmonton("2026-04-02 15:50"))

    follow_up = resume_follow_up(follow_up=follow_up, now=edmonton("2026-04-02 16:00"))

    assert follow_up.due_at == edmonton("2026-04-07 15:30")
