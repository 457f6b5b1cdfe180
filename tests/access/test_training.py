"""Privacy training every three years, and what closes without it (R-TRN-01, D-07, N16)."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from access.models import Course, TrainingExtension, TrainingReminder, User
from access.selectors import holders_of
from access.services import training
from access.services.grants import make_owner
from access.services.requests import NotOwner
from access.trained import State, counts_on, state_of
from audit.models import AccessEvent
from calls.models import CallDraft
from i2a import clock
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=clock.EDMONTON)


def complete(user, day, **changes):
    facts = {"course": Course.objects.get(code="foip-popa"), "certificate": "", "by": None, "now": NOON} | changes
    return training.record_training(user=user, completed_on=day, **facts)


@pytest.mark.parametrize(
    ("completed", "until"),
    [
        (date(2023, 11, 14), date(2026, 11, 14)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 12, 31), date(2028, 12, 31)),
    ],
)
def test_a_course_counts_until_the_same_date_three_years_later(completed, until):
    user = UserFactory(trained_until=None)

    complete(user, completed)

    assert User.objects.get(pk=user.pk).trained_until == until


def test_a_course_that_is_not_mandatory_opens_nothing():
    user = UserFactory(trained_until=None)

    complete(user, date(2026, 1, 5), course=Course.objects.get(code="managing-information"))

    assert User.objects.get(pk=user.pk).trained_until is None


@pytest.mark.parametrize(
    ("today", "counts"),
    [(date(2026, 11, 13), True), (date(2026, 11, 14), True), (date(2026, 11, 15), True), (date(2026, 11, 16), False)],
)
def test_it_closes_with_the_next_business_day(today, counts):
    assert counts_on(date(2026, 11, 14), today) is counts  # a Saturday


def test_the_states_of_the_report():
    today = date(2026, 11, 23)

    states = [state_of(until, today) for until in [None, date(2026, 11, 2), date(2027, 2, 21), date(2027, 2, 22)]]

    assert states == [State.NEVER, State.LAPSED, State.DUE, State.VALID]


def lapse(user, until=date(2026, 11, 14)):
    User.objects.filter(pk=user.pk).update(trained_until=until)  # no audit: a test's own arrangement


@pytest.fixture
def clock_at_noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.mark.parametrize("path", ["/contacts/", "/calls/", "/followups/", "/calls/desk/", "/contacts/new/"])
def test_a_lapse_closes_personal_pages_for_the_running_session(client, specialist, clock_at_noon, path):
    client.force_login(specialist)
    assert client.get(path).status_code == 200
    lapse(specialist)

    response = client.get(path)

    assert response.status_code == 403
    assert "Your privacy training expired on 14 Nov 2026. Contact your manager." in response.text
    assert AccessEvent.objects.filter(kind="training_block", actor=specialist).count() == 1


def test_ones_own_training_and_access_stay_open(client, specialist, clock_at_noon):
    lapse(specialist)
    client.force_login(specialist)

    assert client.get(reverse("access:training_mine")).status_code == 200
    assert client.get(reverse("access:mine")).status_code == 200


def test_a_running_call_can_still_be_saved_and_no_new_one_started(client, specialist, clock_at_noon):
    draft = CallDraft.objects.create(user=specialist, expires_at=NOON + timedelta(hours=5))
    lapse(specialist)
    client.force_login(specialist)

    assert client.get(reverse("calls:draft", args=[draft.uid])).status_code == 200
    assert client.post(reverse("calls:draft_keep", args=[draft.uid])).status_code == 200
    assert client.post(reverse("calls:start")).status_code == 403


def test_who_is_not_trained_is_offered_no_record_and_found_in_no_list(specialist):
    lapse(specialist)

    assert specialist not in holders_of("contacts.view_contact", NOON)
    assert specialist in holders_of("contacts.view_contact", NOON - timedelta(days=20))


@pytest.fixture
def owner(manager):
    make_owner(user=manager, now=clock.now())
    return manager


def extend(user, by, until):
    return training.extend_training(user=user, until=until, reason="On leave", by=by, now=clock.now())


def test_the_owner_extends_once_by_at_most_30_days(owner, specialist):
    complete(specialist, date(2023, 11, 14))

    for until in [date(2026, 11, 14), date(2026, 12, 15)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            extend(specialist, owner, until)
    extend(specialist, owner, date(2026, 12, 14))
    with pytest.raises(IntegrityError), transaction.atomic():
        extend(specialist, owner, date(2026, 12, 1))

    assert User.objects.get(pk=specialist.pk).trained_until == date(2026, 12, 14)
    assert AccessEvent.objects.filter(kind="training_extension").count() == 1


def test_nobody_else_extends_and_nobody_their_own(owner, specialist):
    complete(specialist, date(2023, 11, 14))
    complete(owner, date(2023, 11, 14))

    with pytest.raises(NotOwner):
        extend(specialist, UserFactory(role="manager"), date(2026, 12, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        extend(owner, owner, date(2026, 12, 1))
    with pytest.raises(TrainingExtension.DoesNotExist):
        extend(UserFactory(trained_until=None), owner, date(2026, 12, 1))


def test_a_record_by_mistake_is_withdrawn_and_counts_no_more(client, access_admin, specialist):
    record = complete(specialist, date(2025, 1, 7))
    client.force_login(access_admin)

    client.post(reverse("access:training_withdraw", args=[record.uid]), {"reason": "Wrong person"})

    assert User.objects.get(pk=specialist.pk).trained_until is None


def test_the_administrator_records_a_course_but_not_their_own_nor_in_the_future(client, access_admin, specialist):
    client.force_login(access_admin)
    form = {"course-course": Course.objects.get(code="foip-popa").pk, "course-certificate": "POPA-7"}

    def record(user, day):
        path = reverse("access:training_of", args=[user.uid])
        return client.post(path, form | {"course-completed_on": day.isoformat()})

    assert record(specialist, clock.today()).status_code == 302
    assert "A course is recorded when it is completed." in record(specialist, clock.today() + timedelta(days=1)).text
    assert "Somebody else records your training." in record(access_admin, clock.today()).text


def test_reminders_come_once_each_at_90_30_and_7_days(specialist):
    until = date(2027, 2, 21)
    lapse(specialist, until)

    for today in [until - timedelta(days=days) for days in range(100, -1, -1)]:
        training.remind(now=NOON, today=today)

    days = TrainingReminder.objects.filter(user=specialist).order_by("-days_before")
    assert list(days.values_list("days_before", flat=True)) == [90, 30, 7]


def test_the_report_puts_first_who_needs_a_course(client, manager, specialist):
    never = UserFactory(first_name="Never", trained_until=None)
    client.force_login(manager)

    html = client.get(reverse("access:training")).text

    assert html.index(str(never)) >= 0
    assert "Never" in html
