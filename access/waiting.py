"""What waits for one person in access, for their first page."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from access.models import AccessGrant, AccessRequest, AccessReview, User
from access.services.grants import is_owner, owner_at
from access.services.reviews import answers_for, to_answer
from i2a.waiting import Waiting, register

Status = AccessRequest.Status


def requests_for(user: User, now: datetime) -> int:
    """Those they can authorise or execute next."""
    steps = []
    if user.has_perm("access.authorise_access") and is_owner(user, now):
        steps.append(Status.REQUESTED)
    if user.has_perm("access.execute_access"):
        steps.append(Status.AUTHORISED)
    return AccessRequest.objects.filter(status__in=steps).exclude(user=user).count() if steps else 0


def to_confirm(user: User, now: datetime) -> list[AccessGrant]:
    """The roles of the newest review that are theirs to confirm or remove."""
    review = AccessReview.objects.order_by("-opened_at").first()
    if review is None or not user.has_perm("access.review_access"):
        return []
    owner, left = owner_at(now), to_answer(review).select_related("user", "user__team", "request")
    return [grant for grant in left if answers_for(grant.user, user, owner)]


def requests(user: User, now: datetime) -> Iterator[Waiting]:
    if n := requests_for(user, now):
        words = ngettext("%(n)d request for a role waits for you.", "%(n)d requests for a role wait for you.", n)
        yield Waiting(words % {"n": n}, reverse("access:requests"))


def roles(user: User, now: datetime) -> Iterator[Waiting]:
    if n := len(to_confirm(user, now)):
        words = ngettext(
            "%(n)d role is yours to confirm in the quarterly review.",
            "%(n)d roles are yours to confirm in the quarterly review.",
            n,
        )
        yield Waiting(words % {"n": n}, reverse("access:review"))


def register_waiting() -> None:
    register("role_requests", requests)
    register("roles", roles)
