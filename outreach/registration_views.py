"""Registering a contact, giving the seat back, attendance (F75, F76)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from i2a import clock
from i2a.constraints import saved
from i2a.permissions import get_permitted, requires
from outreach import registering
from outreach.forms import AttendanceForm, RegisterForm
from outreach.models import Registration
from outreach.registering import Attendance, State
from outreach.views import loaded, show_event

MARKS = {"attended": Attendance.ATTENDED, "absent": Attendance.ABSENT, "unknown": Attendance.UNKNOWN}


@require_POST
@requires("outreach.change_registration")
def register(request: HttpRequest, uid: UUID) -> HttpResponse:
    event = loaded(request, uid)
    form = RegisterForm(request.POST, user=request.user)
    if form.is_valid():
        asked = {"event": event, "contact": form.cleaned_data["reference"], "by": request.user, "now": clock.now()}
        try:
            made = saved(form, lambda: registering.register(**asked))
        except registering.AlreadyRegistered:
            form.add_error("reference", _("This person is registered already."))
        except registering.NotOpen:
            form.add_error(None, _("Nobody can register for this event."))
        else:
            if made:
                has_seat = made.state == State.SEAT
                messages.success(request, _("Registered.") if has_seat else _("It is full: on the wait list."))
                return redirect(asked["contact"] if "from_contact" in request.POST else event)
    return show_event(request, event, form)


@require_POST
@requires("outreach.change_registration")
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = Registration.objects.select_related("event")
    registration: Registration = get_permitted(found, request.user, "outreach.change_registration", uid=uid)
    form = AttendanceForm(request.POST)
    if not form.is_valid():
        raise SuspiciousOperation("A registration is cancelled or marked, nothing else.")
    do = form.cleaned_data["do"]
    try:
        if do == "cancel":
            moved_up = registering.cancel(registration=registration, now=clock.now())
            messages.success(request, cancelled_words(moved_up))
        elif do == "told":
            registering.mark_told(registration=registration, now=clock.now())
            messages.success(request, _("Noted: they know."))
        else:
            registering.record_attendance(registration=registration, attendance=MARKS[do], now=clock.now())
            messages.success(request, _("Attendance recorded."))
    except (registering.NothingToCancel, registering.NobodyToTell, registering.NoAttendance):
        messages.info(request, _("Somebody else was faster. Nothing was changed."))
    return redirect(registration.event)


def cancelled_words(moved_up: int) -> str:
    if not moved_up:
        return _("Registration cancelled.")
    words = ngettext(
        "Registration cancelled. %(n)s person moved up from the wait list: tell them.",
        "Registration cancelled. %(n)s people moved up from the wait list: tell them.",
        moved_up,
    )
    return words % {"n": moved_up}
