"""How many answers came within one business day, month by month."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.models import AccessEvent
from audit.services import record_access
from followups.models import FollowUp
from followups.models.follow_up import late_at
from followups.punctuality import punctuality_of
from i2a import clock
from i2a.clock import EDMONTON
from i2a.permissions import requires

MOST_SHOWN = 100


@require_GET
@requires("followups.view_report")
def report(request: HttpRequest) -> HttpResponse:
    """Of all answers that were due in a month. Planned contacts are no answers and are not counted."""
    now, first = clock.now(), month_asked_for(request)
    month = due_between(request.user, first, next_month(first))
    shown = month.filter(late_at(now) | ~Q(due_at=F("original_due_at")))
    rows = list(shown.select_related("contact", "assigned_to").order_by("due_at", "pk")[:MOST_SHOWN])
    record_access(
        kind=AccessEvent.Kind.LISTED, object_type="followups.followup", detail={"view": "report", "count": len(rows)}
    )
    context = {
        "month": first,
        "before": next_month(first, -1),
        "after": next_month(first),
        "figures": punctuality_of(month, now),
        "rows": [(row, row.is_late(now)) for row in rows],
    }
    return render(request, "followups/report.html", context)


def due_between(user: Any, first: date, until: date) -> Any:
    start, end = (datetime.combine(day, time(0), tzinfo=EDMONTON) for day in (first, until))
    answers = FollowUp.objects.visible_to(user).exclude(kind=FollowUp.Kind.FUTURE_CONTACT)
    return answers.filter(due_at__gte=start, due_at__lt=end)


def month_asked_for(request: HttpRequest) -> date:
    try:
        first = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return clock.today().replace(day=1)
    return first if 2020 <= first.year <= 2040 else clock.today().replace(day=1)


def next_month(first: date, step: int = 1) -> date:
    months = first.year * 12 + first.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)
