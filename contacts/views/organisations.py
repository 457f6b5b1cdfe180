from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from contacts.organisations import colleagues_of, organisations_like
from contacts.views.loading import permitted_contact
from i2a.permissions import requires


@require_POST
@requires("contacts.view_contact")
def organisations(request: HttpRequest) -> HttpResponse:
    """A list to choose from, for what is typed into the field "organisation"; by POST, as it may be personal."""
    matches = organisations_like(request.POST.get("organisation", ""), request.user)
    return render(request, "contacts/_organisations.html", {"organisations": matches})


@require_POST
@requires("contacts.view_contact")
def colleagues(request: HttpRequest, uid: UUID | None = None) -> HttpResponse:
    """Who else is of the organisation that was chosen, besides the contact `uid` whose page it is."""
    contact = permitted_contact(request.user, "contacts.view_contact", uid) if uid else None
    found = colleagues_of(request.POST.get("organisation", ""), request.user, but=contact)
    context = {"colleagues": found, "may_use": contact is None}
    return render(request, "contacts/_organisation_people.html", context)
