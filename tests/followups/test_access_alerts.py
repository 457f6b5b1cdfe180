"""Who is told by mail about access: training that runs out, the nightly check, the quarterly review (R-TRN-01, N15)."""

from datetime import timedelta

import pytest

from access.models import AccessReview, DriftReport, TrainingReminder, User
from access.roles import Role
from access.services import training
from access.services.grants import make_owner
from followups.access_alerts import tell_about_access
from outbox.alerts import queue_alerts, send_alerts
from outbox.models import StaffAlert
from tests.factories import UserFactory
from tests.followups.hours import edmonton

pytestmark = pytest.mark.django_db

OPEN = edmonton("2026-11-24 10:00")


@pytest.fixture
def answering():
    """The system owner and the privacy officer."""
    owner = UserFactory(role=Role.MANAGER)
    make_owner(user=owner, now=OPEN - timedelta(days=1))
    return {owner, UserFactory(role=Role.PRIVACY_OFFICER)}


def told():
    return {alert.to for alert in StaffAlert.objects.select_related("to")}


@pytest.mark.parametrize(("left", "said"), [(90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7)])
def test_training_that_runs_out_is_told_to_the_person(specialist, left, said):
    until = OPEN.date() + timedelta(days=left)
    User.objects.filter(pk=specialist.pk).update(trained_until=until)  # no audit: a test's own arrangement
    training.remind(now=OPEN, today=OPEN.date())

    assert [tell_about_access(now=OPEN), tell_about_access(now=OPEN)] == [1, 0]

    alert = StaffAlert.objects.get()
    assert alert.to == specialist
    assert alert.subject.startswith(f"Your privacy training runs out within {said} days")
    assert "/access/training/mine/" in alert.text
    assert specialist.last_name not in alert.subject + alert.text


@pytest.mark.parametrize("changed", [{"trained_until": "2029-11-24"}, {"is_active": False}])
def test_who_was_trained_meanwhile_or_left_is_not_told(specialist, changed):
    TrainingReminder.objects.create(user=specialist, expires_on=OPEN.date(), days_before=7, at=OPEN)
    facts = {"trained_until": OPEN.date()} | changed
    User.objects.filter(pk=specialist.pk).update(**facts)  # no audit: a test's own arrangement

    assert tell_about_access(now=OPEN) == 0


def test_a_night_with_differences_is_told_to_owner_and_privacy_officer(specialist, answering):
    DriftReport.objects.create(at=OPEN, findings=[])
    DriftReport.objects.create(at=OPEN, findings=[{"code": "group", "user": specialist.pk, "detail": "wheel"}])

    tell_about_access(now=OPEN)

    assert told() == answering
    assert "wheel" not in StaffAlert.objects.first().text


def test_a_review_is_told_when_it_opens_and_before_it_ends(answering):
    AccessReview.objects.create(quarter="2026-Q4", opened_at=OPEN, due_at=OPEN + timedelta(days=14))

    mails = [tell_about_access(now=OPEN + timedelta(days=day)) for day in [0, 1, 10, 13]]

    assert mails == [2, 0, 2, 0]
    assert told() == answering


def test_nobody_who_left_meanwhile_is_written_to(specialist):
    queue_alerts(key="drift:1", to=[specialist], subject="Differences", text="See there", now=OPEN)
    User.objects.filter(pk=specialist.pk).update(is_active=False)  # no audit: a test's own arrangement

    assert send_alerts(now=OPEN) == 0  # it does not even look for the mail server


def test_only_in_service_hours(answering):
    DriftReport.objects.create(at=OPEN, findings=[{"code": "group", "user": None, "detail": ""}])

    assert tell_about_access(now=edmonton("2026-11-24 20:00")) == 0
    assert tell_about_access(now=edmonton("2026-11-25 09:00")) == 2
