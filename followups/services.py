"""Verbs on what we owe: raise, close, cancel; and the rows of the calendar."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from access.models import Team, User
from contacts.models import Contact
from followups.calendar import due_at
from followups.closed_days import alberta_days
from followups.models import ClosedDay, FollowUp
from followups.rows import FollowUpNotOpen, StaleFollowUp, lock_at, lock_open, run_on, save_version
from followups.selectors import load_calendar
from outbox.models import Message

__all__ = [
    "FollowUpNotOpen", "StaleFollowUp", "cancel_follow_up", "close_follow_up", "correct_closing",
    "generate_closed_days", "raise_follow_up", "reopen_follow_up", "take_back_cancelling",
]  # fmt: skip


@transaction.atomic
def raise_follow_up(
    *,
    contact: Contact | None,
    team: Team,
    assigned_to: User | None,
    kind: FollowUp.Kind,
    asked: str,
    received_at: datetime,
    by: User | None,
    now: datetime,
    number: str = "",
) -> FollowUp:
    """Promise an answer within one business day of `received_at` (R-FUP-02). `number` is whom to call back.

    :raises NoOpenDay: the calendar has no service hours.
    """
    due = due_at(received_at, load_calendar())
    return FollowUp.objects.create(
        contact=contact,
        team=team,
        assigned_to=assigned_to,
        kind=kind,
        asked=asked,
        number=number,
        received_at=received_at,
        due_at=due.at,
        original_due_at=due.at,
        due_steps=[step.as_json() for step in due.steps],
        created_by=by,
        created_at=now,
    )


@transaction.atomic
def close_follow_up(
    *,
    follow_up: FollowUp,
    method: FollowUp.Method,
    outcome: str,
    answer: Message | None = None,
    version: int | None = None,
    by: User,
    now: datetime,
) -> FollowUp:
    """Record how the client was answered, by e-mail with the mail. Whether that was in time is frozen with
    `completed_at` (R-FUP-03).

    :raises StaleFollowUp: somebody saved it since `version`; nothing changes.
    :raises FollowUpNotOpen: it is done or cancelled already; nothing changes.
    """
    if version is not None:
        lock_at(follow_up, version)
    follow_up = lock_open(follow_up)
    run_on(follow_up, now=now)
    follow_up.status = FollowUp.Status.DONE
    follow_up.number = ""
    follow_up.method = method
    follow_up.answer = answer
    follow_up.outcome = outcome
    follow_up.completed_at = now
    follow_up.completed_by = by
    return save_version(follow_up)


@transaction.atomic
def correct_closing(
    *,
    follow_up: FollowUp,
    method: FollowUp.Method,
    outcome: str,
    version: int,
    answer: Message | None = None,
) -> FollowUp:
    """Say anew how the client was answered. When, and by whom, stays as it was recorded (R-FUP-03).

    :raises StaleFollowUp: somebody saved it since `version`; nothing changes.
    :raises FollowUpNotOpen: it was cancelled, so nobody was answered.
    """
    follow_up = lock_at(follow_up, version)
    if follow_up.status != FollowUp.Status.DONE:
        raise FollowUpNotOpen
    follow_up.method, follow_up.outcome, follow_up.answer = method, outcome, answer
    return save_version(follow_up)


@transaction.atomic
def cancel_follow_up(*, follow_up: FollowUp, reason: str, by: User | None, now: datetime) -> FollowUp:
    """Nothing is owed any more; `reason` says why.

    :raises FollowUpNotOpen: it is done or cancelled already; nothing changes.
    """
    follow_up = lock_open(follow_up)
    run_on(follow_up, now=now)
    follow_up.status = FollowUp.Status.CANCELLED
    follow_up.number = ""
    follow_up.cancel_reason = reason
    follow_up.cancelled_at = now
    follow_up.cancelled_by = by
    return save_version(follow_up)


@transaction.atomic
def reopen_follow_up(*, follow_up: FollowUp, number: str = "") -> FollowUp:
    """Take a closing back, because the call that answered it was undone. Due when it was due before.

    `number` is whom to call back: closing erased it.
    """
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    follow_up.status = FollowUp.Status.OPEN
    follow_up.number = number
    follow_up.method = follow_up.outcome = ""
    follow_up.answer = None
    follow_up.completed_at = follow_up.completed_by = None
    return save_version(follow_up)


@transaction.atomic
def take_back_cancelling(*, follow_up: FollowUp) -> FollowUp:
    """Owed again, because what cancelled it was undone. Due when it was due before."""
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    follow_up.status = FollowUp.Status.OPEN
    follow_up.cancelled_at = follow_up.cancelled_by = None
    follow_up.cancel_reason = ""
    return save_version(follow_up)


@transaction.atomic
def generate_closed_days(*, years: Iterable[int]) -> int:
    """Add Alberta's holidays and optional days of these years; return how many were missing.

    A day that is in the calendar stays as the managers left it. Optional days and closures start switched off (D-03).
    """
    present = set(ClosedDay.objects.values_list("day", flat=True))
    missing = [day for year in years for day in alberta_days(year) if day.on not in present]
    for day in missing:
        ClosedDay.objects.create(
            day=day.on,
            name=day.name,
            name_fr=day.name_fr,
            kind=day.kind,
            is_closed=day.kind == ClosedDay.Kind.GENERAL,
        )
    return len(missing)
