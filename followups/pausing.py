"""Stopping the clock of a follow-up while we wait for the client. A pause adds only business time."""

from datetime import datetime

from django.db import transaction

from access.models import User
from followups.models import FollowUp, PausePeriod
from followups.rows import lock_open, run_on, save_version


class AlreadyPaused(Exception):
    """Somebody paused it before; nothing changes."""


class NotPaused(Exception):
    """Its clock is running; nothing changes."""


class TooLateToPause(Exception):
    """It is late already: a pause must not hide that."""


@transaction.atomic
def pause_follow_up(*, follow_up: FollowUp, reason: str, by: User, now: datetime) -> FollowUp:
    """Stop the clock, because nothing can be answered before the client says more.

    :raises FollowUpNotOpen, AlreadyPaused, TooLateToPause: nothing changes.
    """
    follow_up = lock_open(follow_up)
    if follow_up.paused_at is not None:
        raise AlreadyPaused
    if follow_up.is_late(now):
        raise TooLateToPause
    PausePeriod.objects.create(follow_up=follow_up, started_at=now, reason=reason, paused_by=by)
    follow_up.paused_at, follow_up.pause_reason = now, reason
    return save_version(follow_up)


@transaction.atomic
def resume_follow_up(*, follow_up: FollowUp, now: datetime) -> FollowUp:
    """Let the clock run on: due later by the service time that the pause held.

    :raises FollowUpNotOpen, NotPaused: nothing changes.
    """
    follow_up = lock_open(follow_up)
    if follow_up.paused_at is None:
        raise NotPaused
    run_on(follow_up, now=now)
    return save_version(follow_up)
