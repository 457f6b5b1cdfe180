from datetime import date, time

import pytest

from followups.calendar import due_at
from followups.models import ClosedDay, ServiceHours
from followups.selectors import load_calendar
from tests.followups.hours import NINE_HOLIDAYS, edmonton

pytestmark = pytest.mark.django_db


def test_a_fresh_system_is_open_monday_to_friday_but_for_nine_holidays(django_assert_num_queries):
    with django_assert_num_queries(2):
        calendar = load_calendar()

    assert calendar == NINE_HOLIDAYS


def test_switching_easter_monday_to_closed_moves_due_times():
    ClosedDay.objects.filter(day=date(2026, 4, 6)).update(is_closed=True)

    assert due_at(edmonton("2026-04-02 15:10"), load_calendar()).at == edmonton("2026-04-07 15:10")


def test_several_blocks_of_a_day_come_in_order():
    ServiceHours.objects.filter(weekday=1).delete()
    ServiceHours.objects.create(weekday=1, opens=time(13), closes=time(16))
    ServiceHours.objects.create(weekday=1, opens=time(9), closes=time(12))

    assert [block.opens for block in load_calendar().week[1]] == [time(9), time(13)]
