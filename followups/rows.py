"""A follow-up, locked for a change: what every verb on it begins and ends with."""

from datetime import datetime

from followups.calendar_changes import due_of
from followups.models import FollowUp
from followups.selectors import load_calendar


class FollowUpNotOpen(Exception):
    """Somebody closed or cancelled it before."""


class StaleFollowUp(Exception):
    """Somebody saved it after this form was opened (R-CAL-11)."""


def lock_open(follow_up: FollowUp) -> FollowUp:
    """:raises FollowUpNotOpen: see there."""
    locked = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if not locked.is_open:
        raise FollowUpNotOpen
    return locked


def lock_at(follow_up: FollowUp, version: int) -> FollowUp:
    """:raises StaleFollowUp: see there."""
    locked = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if locked.version != version:
        raise StaleFollowUp
    return locked


def run_on(follow_up: FollowUp, *, now: datetime) -> None:
    """End its pause, if it has one: due later by the service time that the pause held."""
    if follow_up.paused_at is None:
        return
    for pause in follow_up.pauses.filter(ended_at__isnull=True):
        pause.ended_at = max(now, pause.started_at)
        pause.save()
    follow_up.paused_at, follow_up.pause_reason = None, ""
    due = due_of(follow_up, load_calendar())
    follow_up.due_at, follow_up.due_steps = due.at, [step.as_json() for step in due.steps]


def save_version(follow_up: FollowUp) -> FollowUp:
    follow_up.version += 1
    follow_up.save()
    return follow_up
