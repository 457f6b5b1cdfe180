"""Asking somebody who has no work with a record why they open it (N11)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from contacts.models import OpeningReason
from contacts.opening_form import OpeningForm
from contacts.views.loading import permitted_contact
from i2a import clock
from i2a.permissions import requires


@require_http_methods(["GET", "POST"])
@requires("contacts.view_contact")
def opening(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Shows nothing of the person but the reference."""
    contact = permitted_contact(request.user, "contacts.view_contact", uid)
    form = OpeningForm(request.POST if request.method == "POST" else None)
    onward = request.POST.get("next") or request.GET.get("next", "")
    if not (onward.startswith("/") and url_has_allowed_host_and_scheme(onward, allowed_hosts=None)):
        onward = contact.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        OpeningReason.objects.create(contact=contact, by=request.user, at=clock.now(), **form.cleaned_data)  # type: ignore[misc]
        return redirect(onward)
    return render(request, "contacts/opening.html", {"contact": contact, "form": form, "onward": onward})
