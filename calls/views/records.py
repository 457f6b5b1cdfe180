"""The calls of the past: find one, read it, correct it, void it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.models import AccessEvent
from audit.services import record_access
from calls.choices import CallStatus, FollowUpDecision
from calls.conflicts import conflict_of
from calls.forms.correct import FOLLOW_UP_IS_DONE, CorrectForm
from calls.forms.records import CallFilterForm, VoidForm
from calls.history import history_of, last_change
from calls.models import Call
from calls.records import (
    COUNT_UP_TO,
    count_capped,
    is_of_own_team,
    key_from,
    list_calls,
    page_of,
    page_parts,
    token_for,
    with_parts,
)
from calls.services import records as services
from contacts.opening import asks_purpose, record_opening
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import get_permitted, may, requires


@require_GET
@requires("calls.view_call")
def call_list(request: HttpRequest) -> HttpResponse:
    filters = CallFilterForm(request.GET)
    filters.is_valid()  # a filter that makes no sense says so beside its field, and filters nothing
    mine = request.GET.get("whose") == "mine"
    calls = list_calls(request.user, mine=mine, **filters.conditions())
    older, newer = (key_from(request.GET.get(name, "")) for name in ("older", "newer"))
    page = page_of(calls, older=older, newer=newer)
    active = [(name, words, address_with(request, **{name: ""})) for name, words in filters.active()]
    record_access(
        kind=AccessEvent.Kind.LISTED,
        object_type="calls.call",
        detail={"count": len(page.rows), "mine": mine, "filters": [name for name, *_words in active]},
    )
    count = count_capped(calls)
    return render(
        request,
        "calls/list.html",
        {
            "calls": page.rows,
            "newer_url": address_with(request, newer=token_for(page.rows[0])) if page.has_previous else "",
            "older_url": address_with(request, older=token_for(page.rows[-1])) if page.has_next else "",
            "team_url": address_with(request, whose=""),
            "mine_url": address_with(request, whose="mine"),
            "filters": filters,
            "active_filters": active,
            "mine": mine,
            "count": min(count, COUNT_UP_TO),
            "is_capped": count > COUNT_UP_TO,
            "takes_calls": may(request.user, "calls.add_call"),
            "sees_all_teams": may(request.user, "calls.view_all_teams"),
        },
    )


def address_with(request: HttpRequest, **changes: str) -> str:
    """The list's address with other filters or another page; every change of a filter begins at the first page."""
    query = request.GET.copy()
    for name in ("older", "newer", *changes):
        query.pop(name, None)
    query.update({name: value for name, value in changes.items() if value})
    return f"{reverse('calls:list')}?{query.urlencode()}"


@require_GET
@requires("calls.view_call")
@asks_purpose
def call_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    call = get_permitted(with_parts(Call.objects.all()), request.user, "calls.view_call", uid=uid)
    return show_call(request, call)


def show_call(request: HttpRequest, call: Call, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The page of one call. Opening it is recorded, and opening the reference of its recording once more (R-CAL-02)."""
    record_showing(request, call)
    may_open_recording = bool(call.recording_ref) and may(request.user, "calls.view_recording")
    shows_recording = may_open_recording and request.GET.get("recording") == "open"
    if shows_recording:
        record_access(kind=AccessEvent.Kind.VIEWED, object_type="recording", object_uid=call.uid)
    context = {
        **page_parts(call),
        "call": call,
        "history": history_of(call),
        "refusal": refusal,
        "may_open_recording": may_open_recording,
        "shows_recording": shows_recording,
        "may_correct": may_change(request.user, "calls.change_call", call),
        "may_see_notes": may(request.user, "contacts.view_contact"),
        "may_open_follow_up": may(request.user, "followups.change_followup"),
        "may_void": may_change(request.user, "calls.void_call", call),
    }
    return render(request, "calls/detail.html", context, status=status)


def record_showing(request: HttpRequest, call: Call) -> None:
    """:raises PurposeNeeded: as `record_opening`, for the record of its caller."""
    if call.contact is None:
        record_access(kind=AccessEvent.Kind.VIEWED, object_type="calls.call", object_uid=call.uid)
    else:
        record_opening(request, call.contact, object_type="calls.call", object_uid=call.uid)


def may_change(user: Any, permission: str, call: Call) -> bool:
    """For the buttons. Nobody is granted a single call, so the role alone is asked: guardian would take two queries."""
    return call.status == CallStatus.ACTIVE and may(user, permission) and is_of_own_team(call, user)


def call_to_change(request: HttpRequest, permission: str, uid: UUID) -> Call:
    """:raises PermissionDenied: it belongs to another team."""
    calls = Call.objects.select_related("contact", "follow_up", "note", "specialist")
    call: Call = get_permitted(calls, request.user, permission, uid=uid)
    if not is_of_own_team(call, request.user):
        raise PermissionDenied
    return call


@require_http_methods(["GET", "POST"])
@requires("calls.change_call")
@asks_purpose
def call_correct(request: HttpRequest, uid: UUID) -> HttpResponse:
    call = call_to_change(request, "calls.change_call", uid)
    if call.status == CallStatus.VOIDED:
        return refuse_voided(request, call)
    form = CorrectForm(request.POST if request.method == "POST" else None, call=call)
    if form.is_stale():
        return show_conflict(request, form)
    if request.method == "POST" and form.is_valid():
        answer = save_correction(request, form)
        if answer is not None:
            return answer
    record_showing(request, call)
    return render(request, "calls/correct.html", {"call": call, "form": form})


def save_correction(request: HttpRequest, form: CorrectForm) -> HttpResponse | None:
    """None when the form has something to say: a rule that only saving could find broken."""
    uid = form.call.uid
    try:
        corrected = saved(form, lambda: correct(form, request.user))
    except services.StaleCall:  # somebody saved between our two looks at it
        call = call_to_change(request, "calls.change_call", uid)
        return show_conflict(request, CorrectForm(request.POST, call=call))
    except services.CallIsVoided:
        return refuse_voided(request, form.call)
    except services.FollowUpIsDone:
        form.add_error("follow_up_decision", FOLLOW_UP_IS_DONE)
        return None
    except services.NothingToCorrect:
        messages.info(request, _("Nothing was changed."))
        return redirect("calls:detail", uid)
    if corrected is None:
        return None
    messages.success(request, _("Call %(ref)s corrected.") % {"ref": corrected.ref})
    return redirect("calls:detail", uid)


def correct(form: CorrectForm, by: Any) -> Call:
    cleaned = form.cleaned_data
    return services.correct_call(
        call=form.call,
        seen_version=cleaned["version"],
        facts=form.facts(),
        topics=form.topics(),
        services=cleaned["services"],
        follow_up_decision=cleaned["follow_up_decision"],
        asked=cleaned.get("asked", ""),
        cancel_reason=cleaned.get("cancel_reason", ""),
        note=cleaned["note"],
        note_reason=cleaned["note_reason"],
        seen_note_version=cleaned["note_version"] or 0,
        by=by,
        now=clock.now(),
    )


def show_conflict(request: HttpRequest, form: CorrectForm) -> HttpResponse:
    changed_by, changed_at = last_change(form.call)
    conflict = conflict_of(form)
    context = {
        "changed_by": changed_by,
        "changed_at": changed_at,
        "conflicts": conflict.differences,
        "entries": conflict.entries,
        "action": reverse("calls:correct", args=[form.call.uid]),
        "back_url": reverse("calls:detail", args=[form.call.uid]),
    }
    return render(request, "calls/conflict.html", context, status=409)


def refuse_voided(request: HttpRequest, call: Call) -> HttpResponse:
    messages.error(request, _("A voided call stays as it is."))
    return redirect("calls:detail", call.uid)


@require_http_methods(["GET", "POST"])
@requires("calls.void_call")
@asks_purpose
def call_void(request: HttpRequest, uid: UUID) -> HttpResponse:
    user: Any = request.user
    call = call_to_change(request, "calls.void_call", uid)
    form = VoidForm(request.POST if request.method == "POST" else None, call=call)
    if call.status == CallStatus.VOIDED:
        return refuse_voided(request, call)
    if request.method == "POST" and form.is_valid():
        try:
            services.void_call(call=call, **form.cleaned_data, by=user, now=clock.now())
        except services.CallIsVoided:
            return refuse_voided(request, call)
        messages.success(request, _("Call %(ref)s voided.") % {"ref": call.ref})
        return redirect("calls:detail", uid)
    record_showing(request, call)
    return render(request, "calls/void.html", {"call": call, "form": form})


@require_POST
@requires("calls.change_call")
def call_add_follow_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A call is owed one answer or none, by its own decision (INV-15): this page says which, and where to change it."""
    call = call_to_change(request, "calls.change_call", uid)
    if call.status == CallStatus.VOIDED:
        return refuse_voided(request, call)
    refusal = _("This call has a follow-up already.")
    if call.follow_up_decision == FollowUpDecision.NONE:
        refusal = _("This call is marked 'No follow-up action is to be taken'. Change the call first.")
    call = get_permitted(with_parts(Call.objects.all()), request.user, "calls.view_call", uid=uid)
    return show_call(request, call, refusal=refusal, status=409)
