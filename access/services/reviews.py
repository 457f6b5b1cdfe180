"""Each quarter every role is confirmed or removed; what nobody confirmed in 14 days is suspended (R-ACC-04, N15)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from access.models import AccessGrant, AccessReview, ReviewAnswer, User
from access.services.grants import end_grant, owner_at, restore_grant, suspend_grant
from audit.models import AccessEvent
from audit.services import record_access

TIME_TO_ANSWER = timedelta(days=14)


class NotYours(Exception):
    """The owner answers for everybody else; the privacy officer for the owner."""


def quarter_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


@transaction.atomic
def open_review(*, now: datetime, today: date) -> AccessReview | None:
    """This quarter's review, if there is none yet and somebody could answer it. Safe to run every day."""
    if owner_at(now) is None:
        return None
    defaults = {"opened_at": now, "due_at": now + TIME_TO_ANSWER}
    review, is_new = AccessReview.objects.get_or_create(quarter=quarter_of(today), defaults=defaults)
    return review if is_new else None


def to_answer(review: AccessReview) -> QuerySet[AccessGrant]:
    """The roles that were held when it opened and still are, and that nobody confirmed."""
    answered = ReviewAnswer.objects.filter(review=review, grant=OuterRef("pk"))
    held = AccessGrant.objects.open().filter(starts_at__lte=review.opened_at, user__is_active=True)
    return held.exclude(Exists(answered))


@transaction.atomic
def confirm(*, review: AccessReview, grant: AccessGrant, by: User, now: datetime) -> None:
    """They still need it. A suspended role is in force again.

    :raises NotYours: it is theirs, or it is not for them to answer.
    """
    check_answers(grant, by, now)
    grant = AccessGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    ReviewAnswer.objects.get_or_create(review=review, grant=grant, defaults={"user": grant.user, "by": by, "at": now})
    if grant.suspended_at is not None and grant.revoked_at is None:
        restore_grant(grant=grant, now=now)


@transaction.atomic
def remove(*, grant: AccessGrant, reason: str, by: User, now: datetime) -> None:
    """They do not need it any more.

    :raises NotYours: :raises OwnerNeeded: see there.
    """
    check_answers(grant, by, now)
    end_grant(grant=grant, reason=reason, by=by, now=now)


def check_answers(grant: AccessGrant, by: User, now: datetime) -> None:
    if not answers_for(grant.user, by, owner_at(now)):
        raise NotYours


def answers_for(user: User, by: User, owner: User | None) -> bool:
    """The owner for everybody but themselves; about the owner the privacy officer."""
    if user == by:
        return False
    return by == owner if user != owner else by.has_perm("contacts.view_restricted")


@transaction.atomic
def close_reviews(*, now: datetime) -> int:
    """Suspend what was not confirmed in time; return how many. Safe to run twice."""
    suspended = 0
    for review in AccessReview.objects.overdue(now).select_for_update():
        left = list(to_answer(review).filter(suspended_at__isnull=True).select_related("user"))
        for grant in left:
            suspend_grant(grant=grant, now=now)
        review.closed_at = now
        review.save(update_fields=["closed_at"])
        detail = {"quarter": review.quarter, "confirmed": review.answers.count(), "suspended": len(left)}
        record_access(kind=AccessEvent.Kind.ACCESS_REVIEWED, object_type="access.accessreview", detail=detail)
        suspended += len(left)
    return suspended
