"""Ending a follow-up on its page: with what answered the client, or with why nobody has to."""

from datetime import datetime

from django.db import transaction

from access.models import User
from followups import evidence
from followups.attempts import give_up
from followups.models import FollowUp
from followups.rows import lock_at
from followups.services import cancel_follow_up, close_follow_up, correct_closing

NOT_REACHED, NOT_NEEDED = "not_reached", "not_needed"


@transaction.atomic
def end_follow_up(*, follow_up: FollowUp, choice: str, outcome: str, version: int, by: User, now: datetime) -> FollowUp:
    """`choice` is one of `evidence.choices_for`, or NOT_REACHED or NOT_NEEDED. On top of somebody else's closing that
    this person has seen, it says anew how the client was answered.

    :raises StaleFollowUp, FollowUpNotOpen, StillToTry: nothing changes.
    """
    follow_up = lock_at(follow_up, version)
    if choice == NOT_REACHED:
        return give_up(follow_up=follow_up, reason=outcome, by=by, now=now)
    if choice == NOT_NEEDED:
        return cancel_follow_up(follow_up=follow_up, reason=outcome, by=by, now=now)
    source, key = evidence.source_of(choice)
    source.link(follow_up, key)
    answer, method = follow_up.answer, source.method
    if follow_up.status == FollowUp.Status.DONE:
        return correct_closing(follow_up=follow_up, method=method, outcome=outcome, version=version, answer=answer)
    return close_follow_up(follow_up=follow_up, method=method, outcome=outcome, answer=answer, by=by, now=now)
