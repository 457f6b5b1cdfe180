from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contacts import duplicates
from contacts.duplicates import Question
from contacts.edit_form import EditForm
from contacts.models import Contact
from contacts.opening import asks_purpose, record_opening
from contacts.organisations import colleagues_of
from contacts.record_page import Place, parts_at
from contacts.redrawn import fill_again
from contacts.services import consents, contacts
from contacts.views.loading import permitted_contact
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import requires


@require_http_methods(["GET", "POST"])
@requires("contacts.change_contact")
@asks_purpose
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    contact = permitted_contact(request.user, "contacts.change_contact", uid)
    if not contact.is_changeable:  # type: ignore[attr-defined]
        raise PermissionDenied
    form, question, colleagues = EditForm(request.POST or None, contact=contact), None, None
    if "more" in request.POST:  # others of the organisation, without script
        form = EditForm(contact=contact)
        fill_again(form, request.POST)
        colleagues = colleagues_of(request.POST.get("organisation", ""), request.user, but=contact)
    elif request.method == "POST":
        try:
            if form.is_stale:
                raise contacts.StaleVersion(Contact.objects.select_related("updated_by").get(pk=contact.pk))
            if form.is_valid():
                question = duplicates.ask(form.changed_values(), data=request.POST, user=request.user, contact=contact)
                if not is_open(question) and saved(form, lambda: save(request, contact, form, question)):
                    return done(request, contact)
        except contacts.StaleVersion as stale:
            return conflict(request, form, stale)
    record_opening(request, contact)
    context = {
        "contact": contact,
        "form": form,
        "question": question if is_open(question) else None,
        "colleagues": colleagues,
        "upgrade": parts_at(Place.UPGRADE, request, contact) if contact.materials_only else [],
    }
    return render(request, "contacts/edit.html", context)


def is_open(question: Question | None) -> bool:
    return question is not None and not question.is_answered


def save(request: HttpRequest, contact: Contact, form: EditForm, question: Question | None) -> Contact:
    now = clock.now()
    changed = contacts.change_contact(
        contact=contact,
        values=form.changed_values(),
        version=form.cleaned_data["version"],
        by=request.user,
        now=now,
    )
    confirmed = form.cleaned_data.get("email_confirmed", "no")
    if confirmed != "no":
        by, ref = request.user, changed.ref
        consents.confirm_address(contact=changed, source=confirmed, source_ref=ref, by=by, now=now)  # type: ignore[arg-type]
    if question:
        question.record(contact=changed, by=request.user, now=now)
    return changed


def done(request: HttpRequest, contact: Contact) -> HttpResponse:
    messages.success(request, _("Details saved."))
    return redirect(contact)


def conflict(request: HttpRequest, form: EditForm, stale: contacts.StaleVersion) -> HttpResponse:
    """Both versions side by side. Pressing Save twice is no conflict: then everything is as the person wanted it."""
    differences = form.differences(stale.current)
    if not any(difference.is_mine for difference in differences):
        return done(request, stale.current)
    record_opening(request, stale.current)
    return render(
        request,
        "contacts/conflict.html",
        {
            "contact": stale.current,
            "changed_by": stale.by,
            "changed_at": stale.at,
            "conflicts": differences,
            "form": form.on_top_of(stale.current),
            "colleagues": None,
            "action": request.path,
            "back_url": stale.current.get_absolute_url(),
        },
        status=409,
    )
