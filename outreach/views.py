"""Events: find, read, keep (R-CMP-01). Everybody who takes calls reads them; team leads and managers keep them."""

import re
import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from audit.conflict_page import on_top, show_conflict
from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock
from i2a.constraints import saved
from i2a.keyset import Key, Order, Page, instant_of, number_of, page_of, parts_of, token_of
from i2a.permissions import get_permitted, may, requires
from i2a.wall_time import unbroken
from outreach import public_form, services
from outreach.forms import SHOWN, CancelForm, EventFilterForm, EventForm, RegisterForm
from outreach.interest import interest_in
from outreach.models import Event, FormEntry
from outreach.registering import is_open
from outreach.registrations import registrations_of, with_counts
from outreach.words import say_aim, say_here, say_languages, say_span, say_start, say_zone

ROWS_PER_PAGE = 50
REFERENCE = re.compile(r"R-[0-9]{4}-[0-9]{6,}", re.IGNORECASE)
ORDERS = {"past": Order("starts_at", descending=True), "cancelled": Order("cancelled_at", descending=True)}


@require_GET
@vary_on_headers("HX-Request")
@requires("outreach.view_event")
def event_list(request: HttpRequest) -> HttpResponse:
    form = EventFilterForm(request.GET)
    form.is_valid()
    if entry := entry_referred_to(form.cleaned_data.get("q", ""), request.user):
        to_page = HttpResponseClientRedirect if request.htmx else redirect  # type: ignore[attr-defined]
        return to_page(entry.get_absolute_url())
    show = form.cleaned_data.get("show", "upcoming")
    page = events_of(request, form, show)
    record_access(kind=AccessEvent.Kind.LISTED, object_type="outreach.event", detail={"count": len(page.rows)})
    last = page.rows[-1] if page.has_next else None
    return render(
        request,
        "outreach/_table.html" if request.htmx else "outreach/list.html",  # type: ignore[attr-defined]
        {
            "rows": [told(event) for event in page.rows],
            "form": form,
            "show": show,
            "shows": [(address_with(request, show=name), label, name == show) for name, label in SHOWN.items()],
            "older_url": address_with(request, older=place_of(last, show)) if last else "",
            "is_first": not request.GET.get("older"),
            "is_filtered": any(form.cleaned_data.get(name) for name in ["q", "kind"]),
            "can_change": may(request.user, "outreach.change_event"),
        },
    )


def entry_referred_to(words: str, user: Any) -> FormEntry | None:
    """Who registered on a public form says this reference on the phone."""
    if not REFERENCE.fullmatch(words):
        return None
    return FormEntry.objects.visible_to(user).filter(ref=words.upper()).first()


def events_of(request: HttpRequest, form: EventFilterForm, show: str) -> Page:
    """What is coming up fits on one page; what is over does not for ever."""
    events, now = with_counts(form.narrow(Event.objects.visible_to(request.user))), clock.now()
    if show == "upcoming":
        return Page(list(events.upcoming(now)), has_previous=False, has_next=False)
    found = events.past(now) if show == "past" else events.cancelled()
    return page_of(found, ORDERS[show], ROWS_PER_PAGE, after=key_from(request.GET.get("older", "")))


def place_of(event: Event, show: str) -> str:
    return token_of(getattr(event, ORDERS[show].column).isoformat(), event.pk)


def key_from(token: str) -> Key | None:
    at, pk = (*parts_of(token), "", "")[:2]
    instant, number = instant_of(at), number_of(pk)
    return None if instant is None or number is None else Key(instant, number)


def address_with(request: HttpRequest, **values: str) -> str:
    """The same filters, another view or page."""
    query = request.GET.copy()
    query.pop("older", None)
    for name, value in values.items():
        query[name] = value
    return f"?{query.urlencode()}"


def told(event: Event) -> dict[str, Any]:
    """An event as a page says it."""
    return {
        "event": event,
        "when": unbroken(say_span(event)),
        "starts": unbroken(say_start(event)),
        "zone": say_zone(event),
        "here": say_here(event),
        "aim": say_aim(event),
        "languages": say_languages(event),
    }


@require_GET
@requires("outreach.view_event")
def event_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    event = loaded(request, uid)
    return show_event(request, event, RegisterForm(user=request.user))


def show_event(request: HttpRequest, event: Event, form: RegisterForm) -> HttpResponse:
    """With who comes and who showed interest, of those whom the user may see; the others are counted."""
    registrations = registrations_of(event, request.user)
    interest = interest_in(event, request.user)
    shown = {"count": len(registrations.rows) + len(interest.people)}
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="outreach.event", object_uid=event.uid, detail=shown)
    has_begun = event.has_begun(clock.now())
    context = {
        **told(event),
        "has_begun": has_begun,
        "registrations": registrations,
        "interest": interest,
        "form": form,
        "can_register": may(request.user, "outreach.change_registration") and is_open(event),
        "can_mark": may(request.user, "outreach.change_registration") and not event.cancelled_at,
        "can_change": may(request.user, "outreach.change_event"),
        "form_address": public_form.address_of(event),
        "closed_because": public_form.closed_because(event, clock.now()),
        "can_invite": may(request.user, "outreach.draft_campaign") and not has_begun and not event.cancelled_at,
        "campaigns": event.campaigns.visible_to(request.user).order_by("-pk"),
    }
    return render(request, "outreach/event.html", context)


@require_http_methods(["GET", "POST"])
@requires("outreach.change_event")
def event_new(request: HttpRequest) -> HttpResponse:
    form = EventForm(request.POST or None, instance=Event(), initial={"form_uuid": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        added = {"form_uuid": form.cleaned_data.get("form_uuid") or uuid.uuid4(), "by": request.user}
        event = saved(form, lambda: services.add_event(event=form.instance, now=clock.now(), **added))  # type: ignore[arg-type]
        if event:
            messages.success(request, _("Event saved."))
            return redirect(event)
    return render(request, "outreach/new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires("outreach.change_event")
def event_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    event = loaded(request, uid)
    if event.cancelled_at:
        messages.info(request, _("A cancelled event is not changed any more."))
        return redirect(event)
    form = EventForm(request.POST or None, instance=event)
    if request.method == "POST" and form.is_valid():
        change = {"event": form.instance, "seen_version": form.seen_version, "now": clock.now()}
        try:
            kept = saved(form, lambda: services.change_event(**change))
        except services.StaleEvent as stale:
            return show_both(request, form, stale.current)
        except services.SeatsTaken as error:
            form.add_error("seats", too_few_seats(error.taken))
            kept = None
        if kept:
            messages.success(request, _("Event saved."))
            return redirect(event)
    return render(request, "outreach/edit.html", {"form": form, "event": event})


def too_few_seats(taken: int) -> str:
    words = ngettext("%(taken)s person holds a seat already.", "%(taken)s people hold a seat already.", taken)
    return words % {"taken": taken}


def show_both(request: HttpRequest, form: EventForm, current: Event) -> HttpResponse:
    return show_conflict(
        request,
        "outreach/conflict.html",
        current=current,
        conflicts=form.differences(current),
        form=EventForm(on_top(request, current), instance=form.instance),
        back_url=current.get_absolute_url(),
        is_final=current.cancelled_at is not None,
    )


@require_http_methods(["GET", "POST"])
@requires("outreach.change_event")
def event_cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    event = loaded(request, uid)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_event(event=event, because=form.cleaned_data["because"], now=clock.now())
        except services.AlreadyCancelled:
            messages.info(request, _("Somebody else was faster. Nothing was changed."))
        else:
            messages.success(request, _("Cancelled. It is offered to nobody any more."))
        return redirect(event)
    return render(request, "outreach/cancel.html", {"form": form, **told(event)})


def loaded(request: HttpRequest, uid: UUID) -> Event:
    event: Event = get_permitted(Event.objects.all(), request.user, "outreach.view_event", uid=uid)
    return event
