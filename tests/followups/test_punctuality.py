import random
from datetime import timedelta

import pytest

from followups import calendar
from followups.models import FollowUp
from followups.punctuality import Punctuality, punctuality_of
from i2a.clock import EDMONTON
from tests.factories import UserFactory
from tests.followups.hours import NINE_HOLIDAYS, edmonton

pytestmark = pytest.mark.django_db

NOW = edmonton("2026-11-24 14:12")


def random_follow_up(dice, team, by):
    """Received within the last ten days; perhaps paused, moved, answered or cancelled since."""
    received = NOW - timedelta(minutes=dice.randint(1, 14_400))
    due = calendar.due_at(received, NINE_HOLIDAYS).at
    moved = due + timedelta(minutes=dice.choice([0, 0, 0, 90, 1440]))
    follow_up = FollowUp(team=team, kind="reply", received_at=received, due_at=moved, original_due_at=due)
    fate = dice.choice(["open", "open", "paused", "done", "done", "at the very moment", "cancelled"])
    if fate == "paused":
        follow_up.paused_at, follow_up.pause_reason = received, "Waits"
    if fate in ("done", "at the very moment"):
        follow_up.status, follow_up.method, follow_up.outcome, follow_up.completed_by = "done", "phone", "Told.", by
        exact = fate == "at the very moment"
        follow_up.completed_at = moved if exact else received + timedelta(minutes=dice.randint(1, 6000))
    if fate == "cancelled":
        follow_up.status, follow_up.cancel_reason, follow_up.cancelled_at = "cancelled", "Voided", NOW
    return follow_up


def test_late_in_the_list_if_and_only_if_late_in_the_report():
    by, dice = UserFactory(), random.Random(20261124)
    rows = [random_follow_up(dice, by.team, by) for _number in range(1000)]
    FollowUp.objects.bulk_create(rows)  # no audit: a test's rows
    stored = list(FollowUp.objects.all())

    listed = set(FollowUp.objects.overdue(NOW).values_list("pk", flat=True))
    reported = set(FollowUp.objects.late(NOW).values_list("pk", flat=True))

    assert reported == {row.pk for row in stored if row.is_late(NOW)}
    assert listed == {row.pk for row in stored if row.is_open and row.pk in reported}
    assert 50 < len(listed) < 950
    total = punctuality_of(FollowUp.objects.all(), NOW)
    answered_late = sum(row.completed_at > row.due_at for row in stored if row.completed_at)
    assert total.late == len(listed) + answered_late
    assert total.in_time == sum(row.completed_at <= row.due_at for row in stored if row.completed_at)
    assert total.as_promised == sum(row.completed_at <= row.original_due_at for row in stored if row.completed_at)
    assert total.share == 100 * total.in_time / (total.in_time + total.late)


def test_nothing_counted_has_no_share():
    assert (Punctuality().share, Punctuality().share_as_promised) == (None, None)


def test_the_first_promise_is_judged_by_the_database_and_stays():
    by, received = UserFactory(), edmonton("2026-11-23 10:05")
    promised = edmonton("2026-11-24 10:05").astimezone(EDMONTON)
    follow_up = FollowUp.objects.create(
        team=by.team, kind="reply", received_at=received, original_due_at=promised,
        due_at=promised + timedelta(days=1), status="done", method="phone", outcome="Told.",
        completed_at=promised + timedelta(minutes=1), completed_by=by,
    )  # fmt: skip

    follow_up.refresh_from_db()
    assert (follow_up.is_late(NOW), follow_up.was_as_promised) == (False, False)
