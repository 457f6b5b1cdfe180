import pytest
from django.db import IntegrityError, transaction

from audit.models import LogEntry
from followups import services
from followups.models import FollowUp, PausePeriod
from followups.pausing import AlreadyPaused, NotPaused, TooLateToPause, pause_follow_up, resume_follow_up
from tests.factories import FollowUpFactory, UserFactory
from tests.followups.hours import edmonton

pytestmark = pytest.mark.django_db

NOON = edmonton("2026-11-23 12:00")  # received 10:05, due Tuesday 10:05
WHY = "Waits for her file number"


def paused(now=NOON, **values):
    return pause_follow_up(follow_up=FollowUpFactory(**values), reason=WHY, by=UserFactory(), now=now)


def test_resuming_makes_it_due_later_by_the_service_time_of_the_pause():
    follow_up = resume_follow_up(follow_up=paused(), now=edmonton("2026-11-23 13:30"))

    follow_up.refresh_from_db()
    assert follow_up.due_at == edmonton("2026-11-24 11:35")
    assert follow_up.original_due_at == edmonton("2026-11-24 10:05")
    assert (follow_up.paused_at, follow_up.pause_reason) == (None, "")
    assert "Paused Monday 12:00 pm, for 1 h 30 min of service. Due Tuesday 11:35 am." in follow_up.due_reason


def test_a_second_pause_adds_to_the_first():
    follow_up = resume_follow_up(follow_up=paused(), now=edmonton("2026-11-23 13:00"))
    again = {"reason": WHY, "by": UserFactory(), "now": edmonton("2026-11-23 14:00")}
    follow_up = pause_follow_up(follow_up=follow_up, **again)

    follow_up = resume_follow_up(follow_up=follow_up, now=edmonton("2026-11-23 15:00"))

    assert follow_up.due_at == edmonton("2026-11-24 12:05")


def test_nothing_is_late_while_it_is_paused():
    follow_up, later = paused(), edmonton("2026-11-26 12:00")

    assert not follow_up.is_late(later)
    assert not FollowUp.objects.overdue(later).exists()


@pytest.mark.parametrize(
    ("first", "error"),
    [
        ({}, AlreadyPaused),
        ({"done": True}, services.FollowUpNotOpen),
        ({"cancelled": True}, services.FollowUpNotOpen),
    ],
)
def test_only_a_running_clock_can_be_stopped(first, error):
    follow_up = FollowUpFactory(**first) if first else paused()

    with pytest.raises(error):
        pause_follow_up(follow_up=follow_up, reason=WHY, by=UserFactory(), now=NOON)


def test_a_pause_does_not_hide_that_it_is_late():
    with pytest.raises(TooLateToPause):
        paused(now=edmonton("2026-11-24 10:06"))


def test_a_running_clock_cannot_be_resumed():
    with pytest.raises(NotPaused):
        resume_follow_up(follow_up=FollowUpFactory(), now=NOON)


def test_answering_while_paused_ends_the_pause_and_counts_as_in_time():
    follow_up, by = paused(), UserFactory()

    wednesday = edmonton("2026-11-25 12:00")
    follow_up = services.close_follow_up(follow_up=follow_up, method="phone", outcome="Told.", by=by, now=wednesday)

    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.paused_at, follow_up.is_late(wednesday)) == ("done", None, False)
    assert follow_up.was_as_promised is False
    assert PausePeriod.objects.get().ended_at == wednesday


def test_cancelling_while_paused_ends_the_pause():
    follow_up = services.cancel_follow_up(follow_up=paused(), reason="Not needed", by=None, now=NOON)

    assert (follow_up.status, follow_up.paused_at) == ("cancelled", None)


def test_the_reason_is_in_the_history_and_masked():
    follow_up = paused()

    changes = [str(entry.changes) for entry in LogEntry.objects.filter(object_id=follow_up.pk)]
    assert any("paused_at" in change for change in changes)
    assert not any(WHY in str(entry.changes) for entry in LogEntry.objects.all())


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"paused_at": NOON}, "follow_up_paused_while_open"),
        ({"pause_reason": WHY}, "follow_up_paused_while_open"),
        ({"paused_at": NOON, "pause_reason": WHY, "done": True}, "follow_up_paused_while_open"),
        ({"attempts_made": 4}, "follow_up_at_most_three_attempts"),
        ({"kind": "future_contact"}, "follow_up_future_contact_is_planned"),
        ({"purpose": "seminar"}, "follow_up_future_contact_is_planned"),
    ],
)
def test_the_database_keeps_the_rules(values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        FollowUpFactory(**values)


def test_one_pause_at_a_time_and_with_a_reason():
    follow_up, by = paused(), UserFactory()
    for constraint, reason in (("pause_one_at_a_time", WHY), ("pause_says_why", "")):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            target = follow_up if reason else FollowUpFactory()
            PausePeriod.objects.create(follow_up=target, started_at=NOON, reason=reason, paused_by=by)
