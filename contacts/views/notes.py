"""Notes on a contact: read, add, amend (R-NOT-01). Each page is also the fragment that the dialog shows."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from contacts import note_pages
from contacts.models import Contact, Note
from contacts.note_forms import AmendForm, NoteForm
from contacts.opening import asks_purpose, record_opening
from contacts.services.notes import OtherForm, StaleNote, add_note, amend_note
from contacts.views.loading import permitted_contact
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import may, requires


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@requires("contacts.view_contact")
@asks_purpose
def notes(request: HttpRequest, uid: UUID) -> HttpResponse:
    contact = permitted_contact(request.user, "contacts.view_contact", uid)
    may_write = may_write_notes(request.user, contact)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = NoteForm(request.POST or None, contact=contact, initial={"form_uuid": uuid4()})
    if request.method == "POST" and form.is_valid() and saved(form, lambda: write(request, contact, form)):
        messages.success(request, _("Note saved."))
        return redirect("contacts:notes", contact.uid)
    page = note_pages.page_of(contact, request.user, older=request.GET.get("older", ""))
    record_opening(request, contact, object_type="contacts.notes")
    context = {"contact": contact, "form": form, "page": page, "may_write": may_write}
    return show(request, "contacts/_notes.html", context)


def write(request: HttpRequest, contact: Contact, form: NoteForm) -> Note:
    said = form.cleaned_data
    try:
        return add_note(
            contact=contact,
            team=contact.team,
            body=said["body"],
            reason=said["reason"],
            form_uuid=said["form_uuid"],
            by=request.user,
            now=clock.now(),
        )
    except OtherForm:
        raise Http404 from None


@require_GET
@vary_on_headers("HX-Request")
@requires("contacts.view_contact")
@asks_purpose
def note(request: HttpRequest, uid: UUID, note_uid: UUID) -> HttpResponse:
    """One note with everything it ever said, and what each revision changed."""
    contact = permitted_contact(request.user, "contacts.view_contact", uid)
    found = get_object_or_404(Note, contact=contact, uid=note_uid)
    record_opening(request, contact, object_type="contacts.note", object_uid=found.uid)
    context = {
        "contact": contact,
        "note": found,
        "revisions": note_pages.revisions_of(found),
        "may_amend": may_amend(request.user, contact, found),
    }
    return show(request, "contacts/_note.html", context)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@requires("contacts.write_note")
@asks_purpose
def amend(request: HttpRequest, uid: UUID, note_uid: UUID) -> HttpResponse:
    contact = permitted_contact(request.user, "contacts.view_contact", uid)
    found = get_object_or_404(Note, contact=contact, uid=note_uid)
    if not may_amend(request.user, contact, found):
        raise PermissionDenied
    newest = note_pages.newest_of(found)
    form = AmendForm(request.POST or None, contact=contact, newest=newest)
    if request.method == "POST" and form.is_valid():
        try:
            if saved(form, lambda: amended(request, found, form)):
                messages.success(request, _("Note amended. What it said before is kept."))
                return redirect("contacts:notes", contact.uid)
        except StaleNote as stale:
            return conflict(request, contact, form, stale)
    record_opening(request, contact, object_type="contacts.note", object_uid=found.uid)
    return show(request, "contacts/_note_amend.html", {"contact": contact, "note": found, "form": form})


def amended(request: HttpRequest, found: Note, form: AmendForm) -> Any:
    said = form.cleaned_data
    return amend_note(
        note=found,
        version=said["version"],
        body=said["body"],
        reason=said["reason"],
        by=request.user,
        now=clock.now(),
    )


def conflict(request: HttpRequest, contact: Contact, form: AmendForm, stale: StaleNote) -> HttpResponse:
    """Both texts side by side; one click says mine, on top of theirs (R-CAL-11)."""
    record_opening(request, contact, object_type="contacts.note", object_uid=stale.newest.note.uid)
    context = {
        "contact": contact,
        "changed_by": stale.newest.author.short_name,
        "changed_at": stale.newest.at,
        "conflicts": form.differences(stale.newest),
        "form": form.on_top_of(stale.newest),
        "action": request.path,
        "back_url": note_pages.url_of_notes(contact),
    }
    template = "contacts/_note_conflict.html" if request.htmx else "contacts/note_conflict.html"
    return at_the_same_address(render(request, template, context, status=409))


def show(request: HttpRequest, fragment: str, context: dict[str, Any]) -> HttpResponse:
    """The fragment alone for the dialog, inside a page for everybody else."""
    template = fragment if request.htmx else "contacts/notes.html"
    return at_the_same_address(render(request, template, context | {"fragment": fragment}))


def at_the_same_address(response: HttpResponse) -> HttpResponse:
    """The page under the dialog keeps its address. Only a header holds for boosted links and forms (htmx 2.0.10)."""
    return push_url(response, False)


def may_write_notes(user: Any, contact: Any) -> bool:
    """Who may change the contact, in a role that takes calls."""
    return contact.is_changeable and may(user, "contacts.write_note")


def may_amend(user: Any, contact: Any, found: Note) -> bool:
    """Its author, or a team lead."""
    is_theirs = found.created_by_id == user.pk or may(user, "contacts.amend_any_note")
    return may_write_notes(user, contact) and is_theirs
