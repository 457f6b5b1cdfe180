"""What came by the public form: whom it is of, or that it is nobody (F75)."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.models import AccessEvent
from audit.services import record_access
from contacts import phones
from contacts.choices import FutureContactAnswer
from contacts.models import Contact
from i2a import clock
from i2a.permissions import get_permitted, may, requires
from outreach import matching, public_form, registering
from outreach.forms import RegisterForm
from outreach.models import FormEntry
from outreach.registering import State
from outreach.views import loaded, told

KEY = "form_entry"  # the hidden field of "New contact"
DECIDE = "outreach.change_registration"
PURPOSE = "form_entry"  # why those whom it may be of are shown (N11)


@require_http_methods(["GET", "POST"])
@requires("outreach.view_event")
def entry(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who sees the event sees what was typed; a POST says whom it is of, and that only who registers people may say."""
    found = FormEntry.objects.select_related("registration__event", "registration__contact", "notice_version")
    needed = DECIDE if request.method == "POST" else "outreach.view_event"
    entry: FormEntry = get_permitted(found, request.user, needed, uid=uid)
    form = RegisterForm(request.POST or None, user=request.user)
    do = request.POST.get("do", "")
    if do in UNDOING:
        messages.info(request, UNDOING[do](entry))
        return redirect(entry.registration.event)
    if request.method == "POST" and form.is_valid():
        try:
            matching.match(entry=entry, contact=form.cleaned_data["reference"])
        except registering.AlreadyRegistered:
            form.add_error("reference", _("This person is registered already. Dismiss this one, or cancel the other."))
        except matching.NotToMatch:
            messages.info(request, _("Somebody else was faster. Nothing was changed."))
            return redirect(entry)
        else:
            messages.success(request, matched_words(form.cleaned_data["reference"]))
            return redirect(entry.registration.event)
    return show_entry(request, entry, form)


def dismiss(entry: FormEntry) -> str:
    try:
        moved_up = matching.dismiss(entry=entry, now=clock.now())
    except matching.NotToMatch:
        return _("Somebody else was faster. Nothing was changed.")
    return _("Dismissed, and the next on the wait list moved up: tell them.") if moved_up else _("Dismissed.")


def take_back(entry: FormEntry) -> str:
    try:
        registration = matching.take_back(entry=entry, now=clock.now())
    except matching.NothingToTakeBack:
        return _("Somebody else was faster. Nothing was changed.")
    if registration.state == State.WAITING:
        return _("Taken back. All seats are taken: on the wait list.")
    return _("Taken back.")


UNDOING = {"dismiss": dismiss, "take_back": take_back}


def matched_words(contact: Contact) -> str:
    return _("Matched with %(ref)s.") % {"ref": contact.ref}


def show_entry(request: HttpRequest, entry: FormEntry, form: RegisterForm) -> HttpResponse:
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="outreach.formentry", object_uid=entry.uid)
    registration = entry.registration
    may_decide = may(request.user, DECIDE, entry)
    is_open = may_decide and registration.contact_id is None and registration.state != State.CANCELLED
    found = matching.candidates(entry, request.user) if is_open else None
    for match in found.certain if found else []:
        record_access(
            kind=AccessEvent.Kind.VIEWED,
            object_type="contacts.contact",
            object_uid=match.contact.uid,
            detail={"purpose": PURPOSE},
        )
    context = {
        **told(registration.event),
        "entry": entry,
        "registration": registration,
        "is_open": is_open,
        "may_decide": may_decide,
        "found": found,
        "form": form,
        "prefill": prefill(entry) if is_open and may(request.user, "contacts.add_contact") else {},
    }
    return render(request, "outreach/entry.html", context)


def prefill(entry: FormEntry) -> dict[str, Any]:
    """What "New contact" is drawn with. They read the collection notice on the form; future contact nobody asked."""
    has_notice = public_form.notice_in(entry.notice_version.language, clock.now()) == entry.notice_version
    return {
        KEY: entry.uid,
        "form_uuid": uuid.uuid4(),
        "name": entry.name,
        "email": entry.email,
        "phone": phones.to_edit(entry.phone),
        "phone_country": phones.HOME,
        "language": entry.language,
        "future_contact": FutureContactAnswer.NOT_ASKED.value,
        "future_contact_reason": _("Registered on the public form of an event."),
        **({"notice_given": "on"} if has_notice else {}),
    }


def contact_saved(request: HttpRequest, key: str, contact: Contact) -> str:
    """The contact was entered for an entry: it is theirs, unless that was settled meanwhile."""
    try:
        found = FormEntry.objects.visible_to(request.user).filter(uid=UUID(key))
    except ValueError:
        return ""
    entry = found.select_related("registration__event").first()
    if entry is None or not may(request.user, DECIDE):
        return ""
    try:
        matching.match(entry=entry, contact=contact)
    except (matching.NotToMatch, registering.AlreadyRegistered):
        return ""
    messages.success(request, matched_words(contact))
    return entry.registration.event.get_absolute_url()


@require_POST
@requires("outreach.change_event")
def new_link(request: HttpRequest, uid: UUID) -> HttpResponse:
    event = public_form.renew_link(loaded(request, uid))
    messages.success(request, _("The form has a new address. The old one opens nothing any more."))
    return redirect(event)
