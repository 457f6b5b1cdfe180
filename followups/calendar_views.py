"""The calendar's pages: a year at a glance for everybody, and its changes for managers, always with a preview."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.models import AccessEvent
from audit.services import record_access
from followups.calendar import Block, Calendar
from followups.calendar_changes import (
    DayIsInCalendar,
    Edit,
    Move,
    YearWithoutService,
    change_calendar,
    preview_change,
    switch_day,
)
from followups.calendar_forms import WEEKDAYS, ClosureForm, HoursForm
from followups.models import ClosedDay, FollowUp
from followups.selectors import load_calendar
from followups.year_picture import months_of
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import may, requires
from i2a.wall_time import say_full_day, say_time

YEARS = range(2020, 2041)
MOST_SHOWN = 50


@require_GET
@requires("followups.view_followup")
def calendar_show(request: HttpRequest) -> HttpResponse:
    today, calendar = clock.today(), load_calendar()
    year = year_asked_for(request, today.year)
    rows = {row.day: row for row in ClosedDay.objects.filter(day__year=year).order_by("day")}
    context = {
        "year": year,
        "years": [other for other in (year - 1, year + 1) if other in YEARS],
        "months": months_of(year, calendar, rows, today),
        "rows": [(row, bool(calendar.usual_blocks_on(row.day))) for row in rows.values()],
        "open_days": sum(bool(calendar.blocks_on(day)) for day in days_of(year)),
        "weeks": weeks_in_words(calendar),
        "today": today,
        "may_change": may(request.user, "followups.change_calendar"),
    }
    return render(request, "followups/calendar.html", context)


@require_http_methods(["GET", "POST"])
@requires("followups.change_calendar")
def calendar_close(request: HttpRequest) -> HttpResponse:
    form = ClosureForm(request.POST or None)
    return change(request, form, form.edit, "followups/calendar_close.html")


@require_http_methods(["GET", "POST"])
@requires("followups.change_calendar")
def calendar_hours(request: HttpRequest) -> HttpResponse:
    calendar, today = load_calendar(), clock.today()
    form = HoursForm(request.POST or None, week=week_of(calendar, today))
    return change(request, form, form.edit, "followups/calendar_hours.html")


@require_POST
@requires("followups.change_calendar")
def calendar_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an optional day, or open a day again."""
    row = get_object_or_404(ClosedDay, pk=pk)
    if row.day < clock.today():
        messages.error(request, _("What is past stays as it was."))
        return to_year(row.day)
    is_closed = request.POST.get("is_closed") == "yes"
    edit, words = switch_day(row, is_closed=is_closed), _("%(day)s: closed") if is_closed else _("%(day)s: open")
    try:
        if "confirm" not in request.POST:
            what = words % {"day": say_full_day(row.day)}
            return show_preview(request, preview_change(edit=edit, now=clock.now()), row.day, what)
        moves = change_calendar(edit=edit, now=clock.now())
    except YearWithoutService as refusal:
        messages.error(request, no_service_in(refusal))
        return to_year(row.day)
    return changed(request, moves, row.day)


def change(request: HttpRequest, form: Any, edit_of: Callable[[], Edit], template: str) -> HttpResponse:
    """The form, then what its change moves, then the change itself."""
    if request.method == "POST" and form.is_valid():
        answer = saved(form, lambda: preview_or_change(request, form, edit_of()))
        if answer is not None and not form.errors:
            return answer
    return render(request, template, {"form": form})


def preview_or_change(request: HttpRequest, form: forms.Form, edit: Edit) -> HttpResponse | None:
    first_day = form.cleaned_data[form.begins]  # type: ignore[attr-defined]
    try:
        if "confirm" not in request.POST:
            what = form.in_words()  # type: ignore[attr-defined]
            return show_preview(request, preview_change(edit=edit, now=clock.now()), first_day, what)
        return changed(request, change_calendar(edit=edit, now=clock.now()), first_day)
    except YearWithoutService as refusal:
        form.add_error(form.begins, no_service_in(refusal))  # type: ignore[attr-defined]
    except DayIsInCalendar:
        form.add_error(form.begins, _("This day is in the calendar already."))  # type: ignore[attr-defined]
    return None


def show_preview(request: HttpRequest, moves: list[Move], first_day: date, what: str) -> HttpResponse:
    """Who may not know a caller sees the time alone."""
    shown = moves[:MOST_SHOWN]
    ids = [move.follow_up.pk for move in shown]
    known = FollowUp.objects.visible_to(request.user).filter(pk__in=ids).select_related("contact", "assigned_to")
    follow_ups = {follow_up.pk: follow_up for follow_up in known}
    record_access(
        kind=AccessEvent.Kind.LISTED, object_type="followups.followup", detail={"view": "moves", "count": len(known)}
    )
    typed = [
        (name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values
    ]
    context = {
        "what": what,
        "count": len(moves),
        "rows": [(follow_ups.get(move.follow_up.pk), move.before, move.due.at) for move in shown],
        "more": len(moves) - len(shown),
        "typed": typed,
        "back": f"{reverse('followups:calendar')}?year={first_day.year}",
    }
    return render(request, "followups/calendar_preview.html", context)


def changed(request: HttpRequest, moves: list[Move], first_day: date) -> HttpResponse:
    moved = ngettext("%(count)s due time moved.", "%(count)s due times moved.", len(moves)) % {"count": len(moves)}
    messages.success(request, _("Calendar changed.") + " " + (moved if moves else _("No due time moved.")))
    return to_year(first_day)


def to_year(day: date) -> HttpResponse:
    return redirect(f"{reverse('followups:calendar')}?year={day.year}")


def no_service_in(refusal: YearWithoutService) -> str:
    return _("With this, no day of %(year)s would have service.") % {"year": refusal.year}


def year_asked_for(request: HttpRequest, this_year: int) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in YEARS else this_year


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)]


def week_of(calendar: Calendar, day: date) -> dict[int, tuple[Block, ...]]:
    """The usual hours of the week in force on a day."""
    week = calendar.week
    for valid_from, later in calendar.later_weeks:
        if valid_from <= day:
            week = later
    return dict(week)


def weeks_in_words(calendar: Calendar) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each week of service hours: from when on, and its days."""
    weeks = [("", calendar.week), *((say_full_day(day), week) for day, week in calendar.later_weeks)]
    return [
        (since, [(str(label), blocks_in_words(week.get(number, ()))) for number, label in enumerate(WEEKDAYS, start=1)])
        for since, week in weeks
    ]


def blocks_in_words(blocks: tuple[Block, ...]) -> str:
    return ", ".join(
        _("%(opens)s to %(closes)s") % {"opens": say_time(block.opens), "closes": say_time(block.closes)}
        for block in blocks
    )
