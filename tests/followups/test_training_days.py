"""When training that ran out begins to close: with the next day of service, by the business calendar (D-07)."""

from datetime import date, timedelta

import pytest

from access.trained import counts_on
from followups.models import ClosedDay, ServiceHours

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("until", "first_closed"),
    [
        ("2026-11-11", "2026-11-12"),  # Remembrance Day, a Wednesday
        ("2026-11-13", "2026-11-16"),  # a Friday
        ("2026-12-24", "2026-12-28"),  # Christmas, a Friday
    ],
)
def test_it_counts_until_the_next_day_of_service(until, first_closed):
    until, first_closed = date.fromisoformat(until), date.fromisoformat(first_closed)

    assert counts_on(until, first_closed - timedelta(days=1))
    assert not counts_on(until, first_closed)


def test_a_day_that_a_manager_closes_is_no_business_day():
    monday = date(2026, 11, 16)
    ClosedDay.objects.create(day=monday, name="Staff training", name_fr="Formation", kind="closure", is_closed=True)

    assert counts_on(date(2026, 11, 13), monday)


def test_without_any_hours_it_counts_three_weeks_at_most():
    ServiceHours.objects.all().delete()

    assert counts_on(date(2026, 11, 2), date(2026, 11, 23))
    assert not counts_on(date(2026, 11, 1), date(2026, 11, 23))
