"""Asking to see a record, and the queue of those who decide."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit.models import AccessEvent
from audit.services import record_access
from contacts import asking
from contacts.access_forms import GrantForm, RefuseForm, RequestForm
from contacts.choices import Sensitivity
from contacts.models import Contact, RecordRequest
from contacts.services import requests as services
from contacts.services.grants import AlreadyGranted
from i2a import clock
from i2a.permissions import get_permitted, requires

SHOWN = 50


@require_http_methods(["GET", "POST"])
@requires("contacts.view_contact")
def request_access(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Whoever was refused a record may ask for it. Nothing of the record is shown, not even its number."""
    user: Any = request.user
    contact = get_object_or_404(Contact, uid=uid)
    if Contact.objects.visible_to(user).filter(pk=contact.pk).exists():
        return redirect(contact)
    form = RequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.ask(contact=contact, kind=RecordRequest.Kind.ACCESS, by=user, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("Your request went to the team that owns the record."))
        return redirect("contacts:request_access", uid)
    mine = asking.asked_by(user).filter(contact=contact, kind=RecordRequest.Kind.ACCESS)
    asked = asking.states_of(mine[:5], clock.now())
    context = {"form": form, "asked": asked, "waits": any(item.state == asking.State.WAITS for item in asked)}
    return render(request, "contacts/request_access.html", context)


@require_GET
@requires("contacts.view_contact")
def request_list(request: HttpRequest) -> HttpResponse:
    """What waits for me, and what became of what I asked."""
    user: Any = request.user
    to_decide = RecordRequest.objects.to_decide(user).select_related("asked_by__team", "contact__team")
    rows = list(to_decide.order_by("asked_at", "pk")[:SHOWN])
    governed = Contact.objects.active().governed_by(user, "contacts.restrict_contact").select_related("team")
    restricted = governed.filter(sensitivity=Sensitivity.RESTRICTED).order_by("ref")[:SHOWN]
    record_access(kind=AccessEvent.Kind.LISTED, object_type="contacts.recordrequest", detail={"count": len(rows)})
    context = {
        "to_decide": rows,
        "decides": user.has_perm("contacts.grant_access"),
        "mine": asking.states_of(asking.asked_by(user)[:20], clock.now()),
        "restricted": list(restricted),
    }
    return render(request, "contacts/requests.html", context)


@require_http_methods(["GET", "POST"])
@requires("contacts.grant_access")
def answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    user: Any = request.user
    rows = RecordRequest.objects.select_related("asked_by__team", "contact__team", "answered_by", "grant")
    asked = get_permitted(rows, user, "contacts.grant_access", uid=uid)
    grant, refuse = GrantForm(), RefuseForm()
    if request.method == "POST":
        if "refuse" in request.POST:
            refuse = RefuseForm(request.POST)
        elif "grant" in request.POST:
            grant = GrantForm(request.POST)
        if done := decide(request, asked, grant, refuse):
            messages.success(request, done)
            return redirect("contacts:requests")
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="contacts.recordrequest", object_uid=asked.uid)
    context = {
        "asked": asked,
        "grant_form": grant,
        "refuse_form": refuse,
        "is_visible": Contact.objects.visible_to(user).filter(pk=asked.contact_id).exists(),
        "is_own": asked.asked_by_id == user.pk,
    }
    return render(request, "contacts/request.html", context)


def decide(request: HttpRequest, asked: RecordRequest, grant: GrantForm, refuse: RefuseForm) -> str:
    """What was done, in words; "" when the page must be shown again."""
    by: dict[str, Any] = {"request": asked, "by": request.user, "now": clock.now()}
    try:
        if grant.is_bound and grant.is_valid():
            services.grant_request(**by, **grant.cleaned_data)
            return _("Access given. It ends by itself.")
        if refuse.is_bound and refuse.is_valid():
            services.refuse_request(**by, **refuse.cleaned_data)
            return _("Refused. The person who asked can read why.")
        if not grant.is_bound and not refuse.is_bound and asked.kind != RecordRequest.Kind.ACCESS:
            services.mark_seen(**by)
            return _("Marked as seen.")
    except services.OwnRequest:
        messages.error(request, _("Somebody else decides about your own request."))
    except services.AnsweredAlready:
        messages.error(request, _("Somebody answered this already. Nothing was changed."))
    except AlreadyGranted:
        messages.error(request, _("They have access to this record already."))
    return ""
