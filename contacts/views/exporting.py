from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from contacts.list_form import ContactFilterForm
from contacts.listing import count_capped, list_contacts
from contacts.models.lists import MAX_EXPORT
from contacts.names import TextField
from contacts.services.exports import TooManyContacts, export_contacts
from contacts.views.lookup import address, filters_of
from i2a import clock
from i2a.permissions import requires


class ExportForm(forms.Form):
    reason = TextField(
        max_length=300,
        label=_("Reason"),
        help_text=_("What the file is for, and who gets it. Without names or numbers of callers."),
        error_messages={"required": _("State why this export is necessary.")},
    )


@require_http_methods(["GET", "POST"])
@requires("contacts.export_contact")
def export(request: HttpRequest) -> HttpResponseBase:
    """The list that the address describes, as a CSV file (R-SEC-01)."""
    filters = filters_of(request)
    form = ExportForm(request.POST or None)
    contacts = list_contacts(request.user, filters.cleaned_data, clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            file, record = export_contacts(
                contacts=contacts,
                query=filters.query(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=clock.now(),
            )
        except TooManyContacts:
            form.add_error(None, _("An export may have at most 5,000 contacts. Use more filters."))
        else:
            name = f"contacts-{record.ref}.csv"
            return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
    return show(request, form, filters, contacts)


def show(request: HttpRequest, form: ExportForm, filters: ContactFilterForm, contacts: Any) -> HttpResponse:
    count = count_capped(contacts, MAX_EXPORT)
    context = {
        "form": form,
        "words": [words for words, _url in filters.active()],
        "count": min(count, MAX_EXPORT),
        "is_too_many": count > MAX_EXPORT,
        "back_url": reverse("contacts:lookup") + address(filters.query()),
    }
    return render(request, "contacts/export.html", context)
