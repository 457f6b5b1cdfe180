from datetime import date, timedelta

import pytest

from audit.models import LogEntry
from followups import services
from followups.models import ClosedDay, FollowUp
from tests.factories import FollowUpFactory, TeamFactory, UserFactory
from tests.followups.hours import edmonton

pytestmark = pytest.mark.django_db

NOW = edmonton("2026-11-23 10:20")


def raise_reply(**changes):
    specialist = changes.pop("by", None) or UserFactory()
    values = {
        "contact": None,
        "team": specialist.team,
        "assigned_to": specialist,
        "kind": FollowUp.Kind.REPLY,
        "asked": "Processing times",
        "received_at": edmonton("2026-11-23 10:05"),
        "by": specialist,
        "now": NOW,
    }
    return services.raise_follow_up(**values | changes)


def test_a_follow_up_is_due_one_business_day_after_reception():
    follow_up = raise_reply()

    follow_up.refresh_from_db()
    assert follow_up.due_at == follow_up.original_due_at == edmonton("2026-11-24 10:05")
    assert [step["code"] for step in follow_up.due_steps] == ["received_in_hours", "due"]
    assert (follow_up.status, follow_up.created_at) == ("open", NOW)


def test_raising_is_in_the_history_without_the_question():
    follow_up = raise_reply(asked="Anna wants her file")

    entry = LogEntry.objects.get(object_id=follow_up.pk, content_type__model="followup")
    assert entry.action == LogEntry.Action.CREATE
    assert "Anna" not in str(entry.changes)


def test_cancelling_is_in_the_history_without_the_reason():
    specialist = UserFactory()
    follow_up = raise_reply(by=specialist)

    follow_up.status, follow_up.cancel_reason = "cancelled", "Anna called back"
    follow_up.cancelled_at, follow_up.cancelled_by = NOW, specialist
    follow_up.save()

    entry = LogEntry.objects.filter(object_id=follow_up.pk, content_type__model="followup").latest("pk")
    assert "cancel_reason" in entry.changes
    assert "Anna" not in str(entry.changes)


def test_closing_records_who_answered_how_and_when():
    specialist = UserFactory()
    follow_up = raise_reply(by=specialist)
    later = NOW + timedelta(hours=3)

    services.close_follow_up(follow_up=follow_up, method="phone", outcome="Explained.", by=specialist, now=later)

    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.method, follow_up.outcome) == ("done", "phone", "Explained.")
    assert (follow_up.completed_by, follow_up.completed_at, follow_up.version) == (specialist, later, 2)


@pytest.mark.parametrize("ended", ["done", "cancelled"])
def test_what_has_ended_cannot_end_again(ended):
    follow_up = FollowUpFactory(**{ended: True})

    with pytest.raises(services.FollowUpNotOpen):
        services.close_follow_up(follow_up=follow_up, method="email", outcome="Sent.", by=UserFactory(), now=NOW)
    with pytest.raises(services.FollowUpNotOpen):
        services.cancel_follow_up(follow_up=follow_up, reason="Call voided", by=None, now=NOW)

    assert FollowUp.objects.get().version == 1


def test_two_people_closing_the_same_one_is_noticed():
    follow_up = FollowUpFactory()
    stale = FollowUp.objects.get(pk=follow_up.pk)
    services.close_follow_up(follow_up=follow_up, method="phone", outcome="Told.", by=UserFactory(), now=NOW)

    with pytest.raises(services.FollowUpNotOpen):
        services.close_follow_up(follow_up=stale, method="email", outcome="Sent.", by=UserFactory(), now=NOW)


def test_cancelling_says_why():
    specialist = UserFactory()
    follow_up = FollowUpFactory()

    services.cancel_follow_up(follow_up=follow_up, reason="Call voided", by=specialist, now=NOW)

    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.cancel_reason) == ("cancelled", "Call voided")
    assert (follow_up.cancelled_by, follow_up.cancelled_at) == (specialist, NOW)


def test_generating_closed_days_twice_adds_nothing_and_keeps_what_managers_changed():
    ClosedDay.objects.filter(day=date(2026, 4, 6)).update(is_closed=True)

    assert services.generate_closed_days(years=range(2024, 2035)) == 0
    assert services.generate_closed_days(years=[2035]) == 19
    assert services.generate_closed_days(years=[2035]) == 0
    assert ClosedDay.objects.get(day=date(2026, 4, 6)).is_closed
    assert ClosedDay.objects.filter(day__year=2035, is_closed=True).count() == 9


def test_a_team_keeps_a_follow_up_that_nobody_of_it_carries():
    team = TeamFactory(name="Trade Missions")

    assert raise_reply(team=team).team == team


def test_undoing_the_answering_call_opens_it_again():
    follow_up = FollowUpFactory(done=True)

    services.reopen_follow_up(follow_up=follow_up)

    follow_up.refresh_from_db()
    assert follow_up.is_open
    assert (follow_up.method, follow_up.outcome, follow_up.completed_at, follow_up.completed_by) == ("", "", None, None)
