"""Somebody acts for somebody else: choose the other one, record it, end it (F25)."""

import uuid
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contacts.choices import ContactStatus
from contacts.models import Contact, Representation
from contacts.opening import asks_purpose, record_opening
from contacts.represent_form import EndRepresentationForm, RepresentationForm
from contacts.search import search
from contacts.services.representations import Stale, end_representation, record_representation
from contacts.views.loading import permitted_contact
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import requires

PERMISSION = "contacts.change_contact"


@require_http_methods(["GET", "POST"])
@requires(PERMISSION)
def choose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who is the other one? POST looks up, because what is typed must never stand in a URL."""
    contact = changeable(request, uid)
    q = request.POST.get("q", "").strip()
    found = [match for match in search(q, request.user).matches if match.contact != contact] if q else None
    return render(request, "contacts/represent_choose.html", {"contact": contact, "q": q, "found": found})


@require_http_methods(["GET", "POST"])
@requires(PERMISSION)
@asks_purpose
def add(request: HttpRequest, uid: UUID, other_uid: UUID) -> HttpResponse:
    """`uid` is the person, `other_uid` acts for them. Both must be within reach of who records it."""
    if uid == other_uid:
        raise Http404
    person = changeable(request, uid)
    representative = permitted_contact(request.user, "contacts.view_contact", other_uid)
    if representative.status != ContactStatus.ACTIVE:
        raise PermissionDenied
    start = {"form_uuid": uuid.uuid4(), "starts_on": clock.today()}
    form = RepresentationForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_bound and form.is_valid() and saved(form, lambda: record(request, person, representative, form)):
        messages.success(request, _("Recorded. It ends by itself."))
        return redirect(person)
    record_opening(request, person, representative)
    context = {"form": form, "person": person, "representative": representative}
    return render(request, "contacts/represent_add.html", context)


@require_http_methods(["GET", "POST"])
@requires(PERMISSION)
@asks_purpose
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    rows = Representation.objects.visible_to(request.user).select_related("person", "representative")
    row: Representation = get_object_or_404(rows, uid=uid)
    person = changeable(request, row.person.uid)
    posted = request.POST if request.method == "POST" else None
    form = EndRepresentationForm(posted, initial={"version": row.version})
    if row.ended_at is not None:
        messages.info(request, _("This was ended already."))
        return redirect(person)
    if form.is_bound and form.is_valid():
        try:
            end_representation(
                representation=row,
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                by=request.user,  # type: ignore[arg-type]
                now=clock.now(),
            )
        except Stale:
            messages.info(request, _("This was ended already."))
        else:
            messages.success(request, _("Ended. They no longer act for this person."))
        return redirect(person)
    record_opening(request, person)
    return render(request, "contacts/represent_end.html", {"form": form, "row": row, "person": person})


def record(request: HttpRequest, person: Contact, representative: Contact, form: RepresentationForm) -> Representation:
    return record_representation(
        person=person,
        representative=representative,
        values=form.cleaned_data,
        by=request.user,  # type: ignore[arg-type]
        now=clock.now(),
    )


def changeable(request: HttpRequest, uid: UUID) -> Contact:
    contact = permitted_contact(request.user, PERMISSION, uid)
    if not contact.is_changeable:  # type: ignore[attr-defined]
        raise PermissionDenied
    return contact
