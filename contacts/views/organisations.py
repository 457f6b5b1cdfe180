from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from contacts.organisations import organisations_like
from i2a.permissions import requires


@require_POST
@requires("contacts.view_contact")
def organisations(request: HttpRequest) -> HttpResponse:
    """`<option>`s for what is typed into the field "organisation"; by POST, as it may be personal."""
    matches = organisations_like(request.POST.get("organisation", ""), request.user)
    return render(request, "contacts/_organisations.html", {"organisations": matches})
