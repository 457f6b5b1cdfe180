from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from access.models import User
from audit.conflict_page import show_conflict
from audit.models import AccessEvent
from audit.services import record_access
from contacts.opening import asks_purpose
from followups import closing, handing_over, queue, services
from followups.clock_face import Bars
from followups.forms import CloseForm
from followups.loading import CHANGE, load, record_showing
from followups.models import FollowUp
from followups.row_actions import drawer_for
from followups.selectors import calendar_of
from i2a import clock
from i2a.permissions import may, requires
from i2a.wall_time import say_day


@require_GET
@requires("followups.view_followup")
def follow_up_list(request: HttpRequest) -> HttpResponse:
    now, view = clock.now(), view_asked_for(request)
    follow_ups, next_uid = queue.rows_after(queue.follow_ups_of(view, request.user, now), row_asked_for(request))
    record_access(
        kind=AccessEvent.Kind.LISTED, object_type="followups.followup", detail={"view": view, "count": len(follow_ups)}
    )
    counts = queue.count_views(request.user, now)
    context = {
        "view": view,
        "views": [(choice.value, choice.label, queue.say_count(counts[choice])) for choice in queue.View],
        "counts": counts,
        "next_uid": next_uid,
        "is_first_page": "after" not in request.GET,
        "left_by": left_by(request, view, now),
    }
    return render(request, "followups/list.html", context | table(request, follow_ups, view, now))


def left_by(request: HttpRequest, view: queue.View, now: datetime) -> list[tuple[User, int]]:
    """Whose follow-ups somebody has to take over, for who may give them to others."""
    if view is not queue.View.LEFT or not may(request.user, handing_over.REASSIGN):
        return []
    return handing_over.people_who_left(queue.follow_ups_of(view, request.user, now))


def table(request: HttpRequest, follow_ups: list[FollowUp], view: queue.View, now: datetime) -> dict[str, Any]:
    """What the rows need. On one's own list nobody needs to read one's own name."""
    calendar = calendar_of(request)
    bars = Bars.at(now, calendar)
    may_close = may(request.user, CHANGE)
    is_shared = view is not queue.View.MINE
    actions_of = drawer_for(request).actions_of if may_close else lambda _follow_up: ""
    return {
        "groups": queue.grouped(follow_ups, now, calendar, bars, actions_of),
        "bar_labels": [say_day(day) for day in bars.days],
        "is_shared": is_shared,
        "may_close": may_close,
        "may_report": may(request.user, "followups.view_report"),
        "columns": 4 + is_shared + may_close,
    }


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
@asks_purpose
def follow_up_close(request: HttpRequest, uid: UUID) -> HttpResponse:
    follow_up = load(request, uid)
    form = CloseForm(request.POST or None, follow_up=follow_up, user=request.user)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            close(form, request.user)
        except services.StaleFollowUp:
            return show_both(request, CloseForm(request.POST, follow_up=load(request, uid), user=request.user))
        except services.FollowUpNotOpen:
            form.add_error(None, _("This follow-up was cancelled. Nothing was changed."))
            status = 409
        else:
            return closed(request)
    record_showing(request, follow_up)
    context = {
        "follow_up": follow_up,
        "form": form,
        "may_call": may(request.user, "calls.add_call"),
        "may_write": may(request.user, "outbox.send_information"),
    }
    return render(request, "followups/close.html", context, status=status)


def close(form: CloseForm, by: Any) -> None:
    """:raises StaleFollowUp, FollowUpNotOpen: nothing changes."""
    answer = form.cleaned_data
    closing.end_follow_up(
        follow_up=form.follow_up,
        choice=answer["answer"],
        outcome=answer["outcome"],
        version=answer["version"],
        by=by,
        now=clock.now(),
    )


def closed(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Follow-up closed."))
    return redirect("followups:list")


def show_both(request: HttpRequest, form: CloseForm) -> HttpResponse:
    """Both answers side by side (R-CAL-11); pressing twice is no conflict. `form` knows what is saved now."""
    form.is_valid()
    follow_up, differences = form.follow_up, form.differences()
    if form.says_the_same:
        return closed(request)
    record_showing(request, follow_up)
    return show_conflict(
        request,
        "followups/conflict.html",
        current=follow_up,
        conflicts=differences,
        form=form.on_top(),
        back_url=reverse("followups:list"),
        is_final=follow_up.status == FollowUp.Status.CANCELLED,
    )


def view_asked_for(request: HttpRequest) -> queue.View:
    asked = request.GET.get("view")
    return queue.View(asked) if asked in queue.View.values else queue.View.MINE


def row_asked_for(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None
