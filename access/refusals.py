"""What is refused is recorded: pages, records, forms that came from elsewhere, and what got past a form (design §6)."""

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.actor import current
from audit.models import AccessEvent
from audit.services import record_access
from i2a import views
from i2a.constraints import message_for, name_of
from i2a.limits import is_over
from i2a.unlogged import is_unlogged

FORGED, PAST_THE_FORM = "csrf", "constraint"
MOST_OF_STRANGERS, QUARTER = 20, 15 * 60  # forms from one address in so many seconds


def record_refusal(request: HttpRequest, kind: AccessEvent.Kind = AccessEvent.Kind.DENIED, **detail: str) -> None:
    if is_unlogged(request.path):
        return
    match = request.resolver_match
    record_access(
        kind=kind,
        object_type=match.view_name if match else "",
        object_uid=match.kwargs.get("uid") if match else None,
        detail=detail,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Of strangers only the first: whoever floods the site does not fill a history that nobody may shorten."""
    is_flood = request.user.is_anonymous and is_over("forged", current().ip, most=MOST_OF_STRANGERS, seconds=QUARTER)
    if not is_flood:
        record_refusal(request, why=FORGED)
    return views.csrf_failure(request)


def constraint_failure(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """No form foresaw it, so it came past one: a page with the rule in words, never a 500 (T-02). All was rolled back,
    but not this record."""
    record_refusal(request, why=PAST_THE_FORM, rule=name_of(error))
    return render(request, "constraint.html", {"message": message_for(error)}, status=409)
