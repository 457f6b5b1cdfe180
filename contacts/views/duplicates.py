"""Somebody alike: while typing, and two records side by side."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from contacts import comparing, duplicates
from contacts.gate import badge_of
from contacts.models import DuplicateDecision
from contacts.opening import asks_purpose, record_opening
from contacts.views.loading import permitted_contact
from i2a.permissions import may, requires


@require_POST
@requires("contacts.change_contact")
def hint(request: HttpRequest) -> HttpResponse:
    """Who is like the person being typed. POST, because what is typed must never stand in a URL."""
    found = duplicates.while_typing(request.POST, user=request.user)
    return render(request, "contacts/_duplicates_hint.html", {"found": found})


@require_GET
@requires("contacts.view_contact")
@asks_purpose
def compare(request: HttpRequest, uid: UUID, other_uid: UUID) -> HttpResponse:
    if uid == other_uid:
        raise Http404
    left = permitted_contact(request.user, "contacts.view_contact", uid)
    right = permitted_contact(request.user, "contacts.view_contact", other_uid)
    record_opening(request, left, right)
    rows = comparing.rows_of(comparing.columns_of(left), comparing.columns_of(right))
    return render(
        request,
        "contacts/compare.html",
        {
            "left": left,
            "right": right,
            "badges": [(contact, badge_of(contact)) for contact in (left, right)],
            "rows": rows,
            "decisions": DuplicateDecision.objects.about(left, right).select_related("by").order_by("-at", "-pk"),
            "can_merge": left.is_changeable and right.is_changeable and may(request.user, "contacts.merge_contact"),  # type: ignore[attr-defined]
        },
    )
