"""The quarterly review: each role confirmed or removed."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from access.models import AccessGrant, AccessReview
from access.services import reviews
from access.services.grants import OwnerNeeded, owner_at
from access.waiting import to_confirm
from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock
from i2a.permissions import requires


@require_GET
@requires("access.review_access")
def review(request: HttpRequest) -> HttpResponse:
    current, now = latest(), clock.now()
    left = reviews.to_answer(current).count() if current else 0
    mine = to_confirm(request.user, now)  # type: ignore[arg-type]
    answers = current.answers.select_related("grant", "user", "by").order_by("-at", "-pk") if current else []
    record_access(kind=AccessEvent.Kind.LISTED, object_type="access.accessreview", detail={"count": left})
    context = {
        "review": current,
        "mine": sorted(mine, key=lambda grant: (grant.user.last_name, grant.user.first_name, grant.role)),
        "others": left - len(mine),
        "answers": answers,
        "owner": owner_at(now),
        "is_over": bool(current and current.due_at <= now),
    }
    return render(request, "access/review.html", context)


def latest() -> AccessReview | None:
    return AccessReview.objects.order_by("-opened_at").first()


@require_POST
@requires("access.review_access")
def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    grant, current = load(uid)
    try:
        reviews.confirm(review=current, grant=grant, by=request.user, now=clock.now())  # type: ignore[arg-type]
    except reviews.NotYours:
        raise PermissionDenied from None
    said = {"person": grant.user, "role": grant.get_role_display()}
    messages.success(request, _("Confirmed: %(person)s, %(role)s.") % said)
    return redirect("access:review")


@require_POST
@requires("access.review_access")
def remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    grant, _current = load(uid)
    try:
        reviews.remove(grant=grant, reason="Review", by=request.user, now=clock.now())  # type: ignore[arg-type]
    except (reviews.NotYours, OwnerNeeded):
        raise PermissionDenied from None
    said = {"person": grant.user, "role": grant.get_role_display()}
    messages.success(request, _("Removed: %(person)s, %(role)s.") % said)
    return redirect("access:review")


def load(uid: UUID) -> tuple[AccessGrant, AccessReview]:
    grant = get_object_or_404(AccessGrant.objects.open().select_related("user"), uid=uid)
    return grant, get_object_or_404(AccessReview.objects.order_by("-opened_at")[:1])
