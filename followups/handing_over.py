"""Who answers: taking a follow-up, handing one over, or all before an absence (R-FUP-05)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from access.leaving import Left
from access.models import Team, User
from access.selectors import holders_of
from contacts.models import Contact
from followups.models import FollowUp, FollowUpQuerySet
from followups.rows import lock_open, save_version

REASSIGN = "followups.reassign_followup"


class MayNotSeeCaller(Exception):
    """The record of the caller is closed to the person who would answer. Nothing is handed over."""


def colleagues_in(team: Team, now: datetime) -> QuerySet[User]:
    """Who answers the phone in a team."""
    return holders_of("calls.add_call", now).filter(team=team)


@transaction.atomic
def hand_over(*, follow_up: FollowUp, to: User) -> FollowUp:
    """Give it to a colleague, or take it oneself. The due time stays what it was.

    :raises FollowUpNotOpen, MayNotSeeCaller: nothing changes.
    """
    follow_up = lock_open(follow_up)
    refuse_hidden_callers([follow_up], to)
    follow_up.assigned_to = to
    return save_version(follow_up)


@transaction.atomic
def hand_over_all(*, follow_ups: FollowUpQuerySet, to: User) -> int:
    """Give all of these to a colleague; return how many. All or none.

    :raises MayNotSeeCaller: nothing changes.
    """
    rows = list(follow_ups.open().select_for_update(of=("self",)))
    refuse_hidden_callers(rows, to)
    for follow_up in rows:
        follow_up.assigned_to = to
        save_version(follow_up)
    return len(rows)


def refuse_hidden_callers(follow_ups: Iterable[FollowUp], to: User) -> None:
    """:raises MayNotSeeCaller: for any of them."""
    callers = {follow_up.contact_id for follow_up in follow_ups if follow_up.contact_id}
    if Contact.objects.visible_to(to).filter(pk__in=callers).count() < len(callers):
        raise MayNotSeeCaller


def open_items_of(user: User) -> Left | None:
    """What must happen before somebody leaves."""
    count = FollowUp.objects.open().assigned_to(user).count()
    if not count:
        return None
    sentence = ngettext(
        "Reassign %(count)s open follow-up before deactivating this user.",
        "Reassign %(count)s open follow-ups before deactivating this user.",
        count,
    )
    return Left(sentence % {"count": count}, reverse("followups:hand_over_of", args=[user.uid]), REASSIGN)


def people_who_left(follow_ups: FollowUpQuerySet) -> list[tuple[User, int]]:
    """Whose these are, and how many each, by name."""
    counts = dict(follow_ups.values_list("assigned_to").annotate(count=Count("pk")).values_list("assigned_to", "count"))
    people = User.objects.filter(pk__in=counts).order_by("last_name", "first_name", "pk")
    return [(person, counts[person.pk]) for person in people]
