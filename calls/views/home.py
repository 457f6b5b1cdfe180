"""The first page after signing in, by what the role is for."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from audit.models import AccessEvent
from calls.models import Call
from calls.selectors import day_bounds
from contacts.asking import news_for
from followups.models import FollowUp
from i2a import clock
from i2a.permissions import SIGNED_IN, requires
from i2a.waiting import waiting_for


@require_GET
@requires(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """Those who take calls start at the call desk; the others see today in numbers, never a caller's name."""
    if request.user.has_perm("calls.add_call"):
        return redirect("calls:desk")
    now = clock.now()
    context = {
        "figures": figures_for(request, now),
        "asked": news_for(request.user, now),
        "waits": waiting_for(request.user, now),
    }
    return render(request, "calls/home.html", context)


def figures_for(request: HttpRequest, now: datetime) -> dict[str, int]:
    """Counts that the role may know. Keys name the blocks of `calls/home.html`."""
    start, end = day_bounds(now)
    figures = {}
    if request.user.has_perm("calls.view_call"):
        figures["calls_today"] = Call.objects.visible_to(request.user).active().started_between(start, end).count()
    if request.user.has_perm("followups.view_followup"):
        follow_ups = FollowUp.objects.visible_to(request.user)
        figures["follow_ups_open"] = follow_ups.open().count()
        figures["follow_ups_overdue"] = follow_ups.overdue(now).count()
    if request.user.has_perm("access.view_register"):
        events = AccessEvent.objects.filter(at__gte=start, at__lt=end)
        figures["refusals_today"] = events.filter(kind=AccessEvent.Kind.DENIED).count()
        figures["failed_sign_ins_today"] = events.filter(kind=AccessEvent.Kind.SIGN_IN_FAILED).count()
    return figures
