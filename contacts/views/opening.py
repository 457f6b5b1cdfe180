"""Recording that a record was opened, and why; asking who has no work with it (N11)."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods

from audit.models import AccessEvent
from audit.services import record_access
from contacts.models import Contact, OpeningReason
from contacts.opening import purpose_of
from contacts.opening_form import OpeningForm
from contacts.views.loading import permitted_contact
from i2a import clock
from i2a.permissions import requires


class PurposeNeeded(Exception):
    """Nothing says why this person opens this record."""

    def __init__(self, contact: Contact) -> None:
        super().__init__()
        self.contact = contact


def asks_purpose(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view that calls `record_opening`: who has to say why goes there first, and then comes back."""

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PurposeNeeded as needed:
            ask = reverse("contacts:opening", args=[needed.contact.uid])
            return redirect(f"{ask}?{urlencode({'next': request.get_full_path()})}")

    return asking


def record_opening(
    request: HttpRequest,
    *contacts: Contact,
    kind: AccessEvent.Kind = AccessEvent.Kind.VIEWED,
    object_type: str = "contacts.contact",
    object_uid: UUID | None = None,
) -> None:
    """One row each: who opened what, and for which work. `object_uid` names something of the contact's.

    What was posted is never lost for want of a purpose.

    :raises PurposeNeeded: see there; nothing was written and nothing may be shown.
    """
    purposes = [(contact, purpose_of(request, contact)) for contact in contacts]
    for contact, purpose in purposes:
        if not purpose and request.method == "GET":
            raise PurposeNeeded(contact)
    for contact, purpose in purposes:
        uid = object_uid or contact.uid
        record_access(kind=kind, object_type=object_type, object_uid=uid, detail={"purpose": purpose})


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
