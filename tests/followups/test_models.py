from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from access.roles import Role
from followups.models import ClosedDay, FollowUp, ServiceHours
from tests.factories import FollowUpFactory, TeamFactory, UserFactory
from tests.followups.hours import edmonton

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("assignment", "constraint"),
    [
        ("kind = 'gossip'", "follow_up_kind_known"),
        ("status = 'lost'", "follow_up_status_known"),
        ("method = 'fax', status = 'done', outcome = 'x', completed_at = due_at", "follow_up_method_known"),
        ("status = 'done'", "follow_up_done_says_how"),
        ("status = 'done', completed_at = due_at, method = 'phone'", "follow_up_done_says_how"),
        ("status = 'done', completed_at = due_at, outcome = 'told'", "follow_up_done_says_how"),
        ("status = 'done', method = 'phone', outcome = 'told'", "follow_up_done_says_how"),
        ("method = 'phone'", "follow_up_only_done_is_completed"),
        ("completed_at = due_at", "follow_up_only_done_is_completed"),
        ("status = 'cancelled'", "follow_up_cancelled_says_why"),
        ("status = 'cancelled', cancelled_at = due_at", "follow_up_cancelled_says_why"),
        ("due_at = received_at", "follow_up_due_after_reception"),
        ("original_due_at = received_at - interval '1 day'", "follow_up_due_after_reception"),
    ],
)
def test_the_database_keeps_the_rules_of_a_follow_up(assignment, constraint):
    follow_up = FollowUpFactory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE followups_followup SET {assignment} WHERE id = %s", [follow_up.pk])


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ("8, '09:00', '12:00'", "service_hours_weekday_known"),
        ("0, '09:00', '12:00'", "service_hours_weekday_known"),
        ("6, '12:00', '09:00'", "service_hours_open_before_they_close"),
        ("6, '12:00', '12:00'", "service_hours_open_before_they_close"),
        ("1, '16:00', '18:00'", "service_hours_never_overlap"),
        ("1, '08:00', '20:00'", "service_hours_never_overlap"),
    ],
)
def test_the_database_keeps_the_rules_of_service_hours(values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO followups_servicehours (valid_from, weekday, opens, closes) VALUES ('2000-01-01', {values})"
        )


def test_a_second_block_may_start_when_the_first_one_ends():
    ServiceHours.objects.create(weekday=1, opens=time(16, 30), closes=time(18))


@pytest.mark.parametrize(
    ("opens", "closes", "message"),
    [
        (time(12), time(9), "Service must open before it closes."),
        (time(9), time(10), "These hours overlap with others on the same weekday."),
    ],
)
def test_wrong_service_hours_are_refused_in_words(opens, closes, message):
    with pytest.raises(ValidationError, match=message), override("en-ca"):
        ServiceHours(weekday=1, opens=opens, closes=closes).full_clean()


def test_hours_may_be_replaced_from_a_day_on():
    ServiceHours.objects.create(valid_from=date(2027, 1, 1), weekday=1, opens=time(8), closes=time(17))


def check_deferred():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_the_database_keeps_one_open_day_in_every_year():
    ServiceHours.objects.exclude(weekday=1).delete()
    mondays = [date(2033, 1, 1) + timedelta(days=day) for day in range(365)]
    ClosedDay.objects.filter(day__year=2033).delete()
    with pytest.raises(IntegrityError, match="no day of 2033"), transaction.atomic():
        for day in (day for day in mondays if day.isoweekday() == 1):
            ClosedDay.objects.create(day=day, name="Closed", kind=ClosedDay.Kind.CLOSURE)
        check_deferred()


def test_the_database_refuses_a_week_without_hours_that_others_have():
    ServiceHours.objects.create(valid_from=date(2030, 1, 1), weekday=1, opens=time(8), closes=time(17))
    ServiceHours.objects.filter(valid_from=date(2000, 1, 1)).delete()
    check_deferred()  # the later week holds for all days then


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"kind": "short"}, "closed_day_short_has_hours"),
        ({"kind": "closure", "opens": time(9), "closes": time(12)}, "closed_day_short_has_hours"),
        ({"kind": "short", "opens": time(12), "closes": time(9)}, "closed_day_opens_before_it_closes"),
    ],
)
def test_the_database_keeps_the_rules_of_a_day_with_shorter_hours(values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ClosedDay.objects.create(day=date(2026, 12, 23), name="Half day", **values)


def test_a_day_is_in_the_calendar_once():
    with pytest.raises(IntegrityError, match="followups_closedday_day"), transaction.atomic():
        ClosedDay.objects.create(day=date(2026, 12, 25), name="Christmas again", kind=ClosedDay.Kind.CLOSURE)


def test_a_closed_day_has_a_known_kind():
    with pytest.raises(IntegrityError, match="closed_day_kind_known"), transaction.atomic():
        ClosedDay.objects.create(day=date(2026, 12, 20), name="Party", kind="party")


def test_overdue_starts_just_after_due():
    follow_up = FollowUpFactory()

    assert not FollowUp.objects.overdue(follow_up.due_at).exists()
    assert FollowUp.objects.overdue(follow_up.due_at + timedelta(microseconds=1)).exists()


@pytest.mark.parametrize("ended", ["done", "cancelled"])
def test_what_has_ended_is_neither_open_nor_overdue(ended):
    follow_up = FollowUpFactory(**{ended: True})

    assert not FollowUp.objects.open().exists()
    assert not FollowUp.objects.overdue(follow_up.due_at + timedelta(days=9)).exists()


def test_without_a_contact_it_belongs_to_its_team():
    specialist = UserFactory(team=TeamFactory(name="Phone"))
    own = FollowUpFactory(assigned_to=specialist)
    FollowUpFactory(assigned_to=UserFactory(team=TeamFactory(name="Trade Missions")))

    assert list(FollowUp.objects.visible_to(specialist)) == [own]


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.SPECIALIST, 0),
        (Role.TEAM_LEAD, 0),
        (Role.MANAGER, 1),
        (Role.PRIVACY_OFFICER, 1),
        (Role.ACCESS_ADMIN, 0),
        (None, 0),
    ],
)
def test_who_sees_another_teams_follow_up_without_contact(role, sees):
    FollowUpFactory(assigned_to=UserFactory(team=TeamFactory(name="Trade Missions")))

    assert FollowUp.objects.visible_to(UserFactory(role=role)).count() == sees


def test_access_administrators_see_no_follow_up_of_their_own_team():
    FollowUpFactory()

    assert not FollowUp.objects.visible_to(UserFactory(role=Role.ACCESS_ADMIN)).exists()


def test_its_name_in_the_history_tells_nothing_about_the_caller():
    follow_up = FollowUpFactory(asked="Anna Kowalska wants her file")

    assert str(follow_up) == f"reply (#{follow_up.pk})"


def test_due_reason_reads_the_stored_steps():
    steps = [
        {"code": "received_in_hours", "on": "2026-11-23", "at": "10:05"},
        {"code": "due", "on": "2026-11-24", "at": "10:05"},
    ]

    with override("en-ca"):
        assert FollowUp(due_steps=steps).due_reason == "Received Monday 10:05 am. Due Tuesday 10:05 am."


def test_a_follow_up_planned_by_hand_has_no_reason():
    assert FollowUp(due_steps=[], due_at=edmonton("2026-11-23 10:00")).due_reason == ""
