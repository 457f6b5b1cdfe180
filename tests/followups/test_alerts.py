"""Who is told of what is overdue, when, and how often; and what a clock that jumps does to it (reliability C1)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from access.leaving import StillNeeded, deactivate_user
from access.roles import Role
from followups.alerts import alert_overdue
from followups.models import FollowUp
from followups.services import raise_follow_up
from outbox.alerts import queue_alerts, send_alerts, written
from outbox.models import SendingState, StaffAlert
from tests.factories import ContactFactory, FollowUpFactory, TeamFactory, UserFactory
from tests.followups.hours import edmonton

pytestmark = pytest.mark.django_db

LATE = edmonton("2026-11-24 10:06")  # the factory's is due at 10:05


@pytest.fixture
def lead():
    return UserFactory(role=Role.TEAM_LEAD, team=TeamFactory(name="Phone"))


def test_the_team_lead_is_told_once(lead):
    FollowUpFactory(team=lead.team, contact=ContactFactory(name="Amara Storybrook-Diallo"), asked="Her permit")

    for minute in range(5):
        alert_overdue(now=LATE + timedelta(minutes=minute))

    alert = StaffAlert.objects.get()
    assert alert.to == lead
    assert "1 follow-up is overdue" in alert.subject
    assert "/followups/?view=overdue" in alert.text
    assert "Amara" not in alert.text + alert.subject and "permit" not in alert.text


def test_only_in_service_hours(lead):
    FollowUpFactory(team=lead.team)

    assert alert_overdue(now=edmonton("2026-11-24 16:30")) == 0
    assert alert_overdue(now=edmonton("2026-11-24 22:00")) == 0
    assert alert_overdue(now=edmonton("2026-11-25 09:00")) == 1


def test_what_has_time_or_waits_is_not_told(lead):
    FollowUpFactory(team=lead.team, paused_at=edmonton("2026-11-24 09:00"), pause_reason="Waits")
    FollowUpFactory(team=lead.team, done=True)
    FollowUpFactory(team=lead.team, due_at=LATE + timedelta(hours=1))

    assert alert_overdue(now=LATE) == 0


def test_another_teams_lead_is_not_told(lead):
    other = UserFactory(role=Role.TEAM_LEAD, team=TeamFactory(name="Trade Missions"))
    FollowUpFactory(team=lead.team)

    alert_overdue(now=LATE)

    assert not StaffAlert.objects.filter(to=other).exists()


def test_without_a_lead_the_manager_is_told():
    manager = UserFactory(role=Role.MANAGER, team=TeamFactory(name="Trade Missions"))
    FollowUpFactory(team=TeamFactory(name="Phone"), assigned_to=UserFactory())

    alert_overdue(now=LATE)

    assert StaffAlert.objects.get().to == manager


def test_it_is_escalated_once_after_four_hours_of_service(lead):
    manager = UserFactory(role=Role.MANAGER)
    follow_up = FollowUpFactory(team=lead.team)
    alert_overdue(now=LATE)

    assert alert_overdue(now=edmonton("2026-11-24 14:04")) == 0
    assert alert_overdue(now=edmonton("2026-11-24 14:05")) == 1
    assert alert_overdue(now=edmonton("2026-11-24 15:05")) == 0

    follow_up.refresh_from_db()
    assert (follow_up.alerted_at, follow_up.escalated_at) == (LATE, edmonton("2026-11-24 14:05"))
    assert StaffAlert.objects.filter(to=manager).count() == 1


def test_many_are_one_mail(lead):
    for _number in range(3):
        FollowUpFactory(team=lead.team)

    assert alert_overdue(now=LATE) == 3
    assert "3 follow-ups are overdue" in StaffAlert.objects.get().subject


def test_an_alert_is_written_without_a_caller(lead):
    queue_alerts(key="overdue:1", to=[lead], subject="1 follow-up is overdue", text="https://example.org/", now=LATE)

    mail = written(StaffAlert.objects.get(), LATE).decode()

    assert f"To: {lead.email}" in mail and "Auto-Submitted: auto-generated" in mail


def test_the_same_alert_is_queued_once(lead):
    for expected in (1, 0):
        assert queue_alerts(key="overdue:1", to=[lead], subject="S", text="T", now=LATE) == expected


# C1: the clock changes that no longer happen


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2027-03-14 02:30", "2027-03-15 16:30"),  # exists: Alberta no longer goes forward
        ("2026-11-01 01:30", "2026-11-02 16:30"),  # exists once: Alberta no longer goes back
        ("2026-03-08 02:30", "2026-03-09 16:30"),  # did not exist
        ("2025-11-02 01:30", "2025-11-03 16:30"),  # existed twice
    ],
)
def test_at_a_change_of_the_clock_everything_is_promised_and_told_once(lead, received, due):
    at = edmonton(received)
    follow_up = raise_follow_up(
        contact=None, team=lead.team, assigned_to=lead, kind=FollowUp.Kind.REPLY, asked="", received_at=at, by=lead,
        now=at,
    )  # fmt: skip
    moment = follow_up.due_at - timedelta(seconds=5)
    told = [alert_overdue(now=moment + timedelta(seconds=second)) for second in range(10)]
    morning = edmonton(due) + timedelta(hours=16, minutes=30)
    told += [alert_overdue(now=morning + timedelta(seconds=second)) for second in range(10)]

    assert follow_up.due_at == edmonton(due)
    assert sum(told) == 1


# Leaving


def test_who_has_open_items_cannot_be_deactivated():
    specialist = UserFactory()
    for _number in range(4):
        FollowUpFactory(assigned_to=specialist)

    with pytest.raises(StillNeeded, match=r"Reassign 4 open follow-ups before deactivating this user\."):
        deactivate_user(user=specialist)

    specialist.refresh_from_db()
    assert specialist.is_active


def test_the_database_keeps_them_too():
    follow_up = FollowUpFactory()
    follow_up.assigned_to.is_active = False

    with pytest.raises(IntegrityError, match="must be reassigned first"), transaction.atomic():
        follow_up.assigned_to.save()


def test_who_has_none_can_go():
    specialist = UserFactory()
    FollowUpFactory(assigned_to=specialist, done=True)

    assert not deactivate_user(user=specialist).is_active


def test_without_a_mail_server_an_alert_waits(lead, settings):
    settings.EMAIL_HOST = ""
    queue_alerts(key="overdue:1", to=[lead], subject="S", text="T", now=LATE)

    assert send_alerts(now=LATE) == 0
    assert StaffAlert.objects.get().sent_at is None


def test_all_mail_stopped_stops_alerts(lead):
    SendingState.objects.create(mailing="", is_stopped=True, reason="Restore", changed_at=LATE)
    queue_alerts(key="overdue:1", to=[lead], subject="S", text="T", now=LATE)

    assert send_alerts(now=LATE) == 0
