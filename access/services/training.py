"""Privacy training recorded, withdrawn, extended; reminders (R-TRN-01, N16)."""

import calendar
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from access import register
from access.models import Course, RegisterEvent, TrainingExtension, TrainingRecord, TrainingReminder, User
from access.services.grants import is_owner
from access.services.requests import NotOwner
from access.trained import REMIND_DAYS
from audit.models import AccessEvent
from audit.services import record_access


def months_later(day: date, months: int) -> date:
    """The same date that many months later; 29 February becomes the 28th."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@transaction.atomic
def record_training(
    *, user: User, course: Course, completed_on: date, certificate: str, by: User | None, now: datetime
) -> TrainingRecord:
    """:raises IntegrityError: recorded already, or by oneself; the message is the constraint's."""
    record = TrainingRecord.objects.create(
        user=user,
        course=course,
        completed_on=completed_on,
        expires_on=months_later(completed_on, course.valid_months) if course.is_mandatory else None,
        certificate=certificate,
        recorded_by=by,
        recorded_at=now,
    )
    register.enter_training(record, now)
    refresh(user)
    return record


@transaction.atomic
def withdraw_training(*, record: TrainingRecord, reason: str, now: datetime) -> None:
    """It was entered by mistake. Withdrawn already: nothing happens."""
    record = TrainingRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if record.withdrawn_at is not None:
        return
    record.withdrawn_at, record.withdrawn_because = now, reason
    record.save(update_fields=["withdrawn_at", "withdrawn_because"])
    register.append(RegisterEvent.Kind.UNTRAINED, record.user, now, record=record.uid)
    refresh(record.user)


@transaction.atomic
def extend_training(*, user: User, until: date, reason: str, by: User, now: datetime) -> TrainingExtension:
    """Let somebody go on until `until` although their training ran out, or is about to.

    :raises NotOwner: only the owner may.
    :raises IntegrityError: longer than 30 days, a second time, or their own; the message is the constraint's.
    """
    if not is_owner(by, now):
        raise NotOwner
    from_on = last_certificate(user)
    if from_on is None:
        raise TrainingExtension.DoesNotExist
    extension = TrainingExtension.objects.create(
        user=user, from_on=from_on, until=until, reason=reason, authorised_by=by, authorised_at=now
    )
    times = {"from_on": from_on.isoformat(), "until": until.isoformat()}
    register.append(RegisterEvent.Kind.EXTENDED, user, now, **times)
    record_access(
        kind=AccessEvent.Kind.TRAINING_EXTENDED,
        object_type="access.user",
        object_uid=user.uid,
        detail=times,
    )
    refresh(user)
    return extension


def last_certificate(user: User) -> date | None:
    """The last day that a course, without extension, counts."""
    records = TrainingRecord.objects.filter(user=user, withdrawn_at__isnull=True)
    return records.aggregate(last=Max("expires_on"))["last"]  # type: ignore[no-any-return]


def trained_until(user: User) -> date | None:
    """What `User.trained_until` must be: asked again by the nightly check."""
    certificate = last_certificate(user)
    if certificate is None:
        return None
    extension = TrainingExtension.objects.filter(user=user, from_on=certificate).first()
    return max(certificate, extension.until) if extension else certificate


def refresh(user: User) -> None:
    user = User.objects.select_for_update().get(pk=user.pk)
    user.trained_until = trained_until(user)
    user.save(update_fields=["trained_until"])


@transaction.atomic
def remind(*, now: datetime, today: date) -> list[TrainingReminder]:
    """Write down who is to be reminded today, each of 90, 30 and 7 days at most once. A missed morning is made up."""
    written = []
    horizon = today + timedelta(days=REMIND_DAYS[0])
    for user in User.objects.filter(is_active=True, trained_until__range=(today, horizon)).order_by("pk"):
        assert user.trained_until is not None
        left = (user.trained_until - today).days
        due = min(days for days in REMIND_DAYS if left <= days)
        key = {"user": user, "expires_on": user.trained_until, "days_before": due}
        reminder, is_new = TrainingReminder.objects.get_or_create(**key, defaults={"at": now})
        written += [reminder] if is_new else []
    return written
