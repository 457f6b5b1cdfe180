"""Send what a client asked for, from their page: choose, look at it, send; for 20 seconds it can be taken back."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from calls.context_processors import drafts_for
from calls.forms.call import lacks_of
from calls.forms.sending import ChooseForm, SendForm, refusal_of
from calls.models import DocumentVersion
from calls.selectors import UNDO_FOR
from calls.services import sending as services
from calls.services.information import preview_of
from contacts.models import Contact
from contacts.opening import asks_purpose, record_opening
from i2a import clock
from i2a.permissions import OutOfReach, RecordRefused, get_permitted, requires
from outbox.framed import framed
from outbox.models import Message
from outbox.rendering import wordings_in_force, write
from outbox.services import AlreadyLeft, InformationRefused

UNDOABLE = "undoable_sending"


@require_GET
@vary_on_headers("HX-Request")
@requires("outbox.send_information")
@asks_purpose
def choose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Which documents. Nothing is stored: what was chosen stands in the address."""
    contact = contact_of(request, uid)
    form = ChooseForm(request.GET, contact=contact)
    form.is_valid()
    return show_choice(request, contact, form, [])


def show_choice(request: HttpRequest, contact: Contact, form: ChooseForm, errors: list[str]) -> HttpResponse:
    record_opening(request, contact)
    today, chosen = clock.today(), form.chosen_pks()
    rows = [
        (
            version,
            version.pk in chosen,
            version.is_due_for_review(today) or bool(version.wrong_at),
            lacks_of(version.document),
        )
        for version in form.listed()
    ]
    context = {"contact": contact, "form": form, "rows": rows, "errors": errors, "refusal": refusal(request, contact)}
    is_fragment = request.htmx and request.method == "GET"  # type: ignore[attr-defined]
    return render(request, "library/_choices.html" if is_fragment else "library/choose.html", context)


@require_http_methods(["GET", "POST"])
@requires("outbox.send_information")
@asks_purpose
def check(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The mail as it will be, and the button that sends it."""
    contact = contact_of(request, uid)
    form = SendForm(request.POST, contact=contact) if request.method == "POST" else None
    choice = form or ChooseForm(request.GET, contact=contact)
    refused = refusal(request, contact)
    if not choice.is_valid() or refused:
        return show_choice(request, contact, choice, errors_of(choice))
    if form is not None:
        return send(request, contact, form)
    versions, language = choice.cleaned_data["documents"], choice.cleaned_data["language"]
    record_opening(request, contact)
    message = preview_of(contact, versions, language=language)
    context = {
        "contact": contact,
        "message": message,
        "written": write(message, wordings_in_force(clock.now())),
        "versions": versions,
        "form": SendForm(contact=contact),
        "mail_language": language,
        "query": query_of(versions, language),
        "undo_seconds": int(UNDO_FOR.total_seconds()),
    }
    return render(request, "library/check.html", context)


def send(request: HttpRequest, contact: Contact, form: SendForm) -> HttpResponse:
    said = form.cleaned_data
    try:
        message = services.send_once(
            contact=contact,
            versions=said["documents"],
            language=said["language"],
            form_uuid=said["form_uuid"],
            by=request.user,
            now=clock.now(),
        )
    except InformationRefused as refused:
        return show_choice(request, contact, form, [str(refused)])
    request.session[UNDOABLE] = {
        "contact": str(contact.uid),
        "message": str(message.uid),
        "until": message.not_before.isoformat(),
    }
    return redirect(contact)


@require_GET
@requires("outbox.send_information")
@asks_purpose
def preview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The HTML part, for the frame on the page before."""
    contact = contact_of(request, uid)
    form = ChooseForm(request.GET, contact=contact)
    if not form.is_valid():
        raise Http404
    record_opening(request, contact)
    message = preview_of(contact, form.cleaned_data["documents"], language=form.cleaned_data["language"])
    return framed(request, write(message, wordings_in_force(clock.now())).html)


@require_POST
@requires("outbox.send_information")
def undo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take it back while it waits; the choice of documents is there again."""
    mine = Message.objects.filter(created_by=request.user).select_related("contact", "content")
    message = get_permitted(mine, request.user, "outbox.send_information", uid=uid)
    request.session.pop(UNDOABLE, None)
    try:
        services.undo_sending(message=message, now=clock.now())
    except (services.TooLateToUndo, AlreadyLeft):
        messages.error(request, _("It is too late to undo this. The e-mail has left."))
        return redirect(message.contact)
    messages.success(request, _("Taken back. Nothing was sent."))
    versions = [row.version for row in message.documents.select_related("version")]
    return redirect(f"{address_of(message.contact)}?{query_of(versions, message.content.language)}")


def contact_of(request: HttpRequest, uid: UUID) -> Contact:
    """:raises RecordRefused: there is one, but not for this user."""
    contacts = Contact.objects.select_related("team")
    try:
        contact: Contact = get_permitted(contacts, request.user, "outbox.send_information", uid=uid)
    except OutOfReach:
        raise RecordRefused(reverse("contacts:request_access", args=[uid])) from None
    if contact.merged_into_id is not None:
        raise Http404
    return contact


def refusal(request: HttpRequest, contact: Contact) -> str:
    current = drafts_for(request).current
    return refusal_of(contact, is_on_the_line=current is not None and current.contact_id == contact.pk)


def errors_of(form: ChooseForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def address_of(contact: Contact) -> str:
    return reverse("library:choose", args=[contact.uid])


def query_of(versions: list[DocumentVersion], language: str) -> str:
    pairs: list[Any] = [*(("documents", version.pk) for version in versions), ("language", language)]
    return urlencode(pairs)
