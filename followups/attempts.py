"""Trying to reach a client by phone: counted, and after three times nobody has to try again (F13)."""

from datetime import datetime

from django.db import transaction

from access.models import User
from followups.models import Attempt, FollowUp
from followups.rows import lock_open, run_on, save_version


class EnoughAttempts(Exception):
    """Three were made: close it as not reached, or hand it over."""


class StillToTry(Exception):
    """Fewer than three attempts were made: the client has a right to another."""


@transaction.atomic
def record_attempt(*, follow_up: FollowUp, result: Attempt.Result, by: User, now: datetime) -> FollowUp:
    """Count a call that did not reach the client.

    :raises FollowUpNotOpen, EnoughAttempts: nothing changes.
    """
    follow_up = lock_open(follow_up)
    if not follow_up.may_try_again:
        raise EnoughAttempts
    follow_up.attempts_made += 1
    Attempt.objects.create(follow_up=follow_up, number=follow_up.attempts_made, at=now, by=by, result=result)
    return save_version(follow_up)


@transaction.atomic
def give_up(*, follow_up: FollowUp, reason: str, by: User, now: datetime) -> FollowUp:
    """End it because the client cannot be reached.

    :raises FollowUpNotOpen, StillToTry: nothing changes.
    """
    follow_up = lock_open(follow_up)
    if follow_up.may_try_again:
        raise StillToTry
    run_on(follow_up, now=now)
    follow_up.status, follow_up.cancel_reason = FollowUp.Status.CANCELLED, reason
    follow_up.cancelled_at, follow_up.cancelled_by = now, by
    return save_version(follow_up)
