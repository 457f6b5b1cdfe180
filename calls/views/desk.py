"""Who is calling? The lookup, and what is on this specialist's plate."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from calls.after_call import next_steps
from calls.context_processors import drafts_for
from calls.selectors import day_so_far, last_calls_of
from calls.views.ringing import who_rings
from contacts.asking import news_for
from contacts.phones import to_edit
from contacts.search import search
from followups.models import FollowUp
from i2a import clock
from i2a.permissions import requires


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@requires("calls.add_call")
def desk(request: HttpRequest) -> HttpResponse:
    """GET shows the desk; POST looks up, because what is typed must never stand in a URL (R-SEC-01)."""
    missed = missed_call(request)
    q = to_edit(missed.number) if missed else request.POST.get("q", "").strip()[:200]
    found = search(q, request.user) if q else None
    if request.htmx:
        return render(request, "calls/_results.html", {"found": found, "q": q})
    rings = who_rings(request.user) if request.method == "GET" else None
    context = {"found": found, "q": q, "missed": missed, "rings": rings, **plate(request)}
    return render(request, "calls/desk.html", context)


def missed_call(request: HttpRequest) -> FollowUp | None:
    """The one that is called back: its number is looked up, and the call that begins here closes it."""
    try:
        uid = UUID(request.POST.get("answers", ""))
    except ValueError:
        return None
    return FollowUp.objects.answerable(None, request.user).filter(uid=uid).exclude(number="").first()


def plate(request: HttpRequest) -> dict[str, Any]:
    user, now = request.user, clock.now()
    last_calls = last_calls_of(user)
    owed = FollowUp.objects.visible_to(user).open().assigned_to(user).select_related("contact").order_by("due_at", "pk")
    return {
        "drafts": drafts_for(request),
        "last_calls": last_calls,
        "next_steps": next_steps(request, last_calls, now),
        "my_follow_ups": list(owed[:3]),
        "day": day_so_far(user, now),
        "asked": news_for(user, now),
        "now": now,
    }
