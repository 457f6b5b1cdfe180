"""Who sees one contact: decide, share for a time, end."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access.models import ObjectGrant
from audit.models import AccessEvent
from audit.services import record_access
from contacts.access_forms import NOT_TO_ONESELF, DecideForm, EndForm, ShareForm
from contacts.models import Contact, RecordRequest
from contacts.opening import purpose_of
from contacts.services import grants
from contacts.services.contacts import StaleVersion
from contacts.services.need_to_know import decide_access
from contacts.views.loading import governed_contact
from contacts.who_sees import grants_on
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import requires


@require_http_methods(["GET", "POST"])
@requires("contacts.restrict_contact")
def access(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Says who sees the record, not what is in it: the name only to those who see it, too."""
    contact = governed_contact(request.user, "contacts.restrict_contact", uid)
    now = clock.now()
    form = DecideForm(request.POST if request.method == "POST" else None, contact=contact, by=request.user, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            if saved(form, lambda: decide(request, contact, form)):
                return after_deciding(request, contact)
        except StaleVersion as stale:
            said = {"who": stale.by}
            form.add_error(None, _("%(who)s changed this record meanwhile. Look again, then save.") % said)
            form.data = form.data.copy()
            form.data["version"] = str(stale.current.version)
        except grants.GrantToOneself:
            form.add_error("named", NOT_TO_ONESELF)
    return show(request, contact, form=form)


def decide(request: HttpRequest, contact: Contact, form: DecideForm) -> Contact:
    return decide_access(contact=contact, by=request.user, now=clock.now(), **chosen(form))  # type: ignore[arg-type]


def chosen(form: DecideForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("team", "named", "reason", "version")}


def after_deciding(request: HttpRequest, contact: Contact) -> HttpResponse:
    """Back to the page, or home for who gave the record away."""
    messages.success(request, _("Saved. Who may see this record has changed from now on."))
    if Contact.objects.governed_by(request.user, "contacts.restrict_contact").filter(pk=contact.pk).exists():
        return redirect("contacts:access", contact.uid)
    return redirect("home")


def show(
    request: HttpRequest, contact: Any, *, form: DecideForm | None = None, share: ShareForm | None = None
) -> HttpResponse:
    now = clock.now()
    why = {"purpose": purpose_of(request, contact) or "access"}  # to decide who sees it is a work of its own
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="contacts.access", object_uid=contact.uid, detail=why)
    context = {
        "contact": contact,
        "form": form or DecideForm(contact=contact, by=request.user, now=now),
        "share": share or ShareForm(contact=contact, by=request.user, now=now),
        "end_form": EndForm(),
        "grants": grants_on(contact, now),
        "decisions": contact.access_decisions.select_related("by", "team", "team_before").order_by("-at", "-pk")[:20],
        "requests": RecordRequest.objects.to_decide(request.user).filter(contact=contact).select_related("asked_by"),
    }
    return render(request, "contacts/access.html", context)


@require_POST
@requires("contacts.grant_access")
def share(request: HttpRequest, uid: UUID) -> HttpResponse:
    contact = governed_contact(request.user, "contacts.grant_access", uid)
    form = ShareForm(request.POST, contact=contact, by=request.user, now=clock.now())
    if form.is_valid():
        try:
            if saved(form, lambda: give(request, contact, form)):
                messages.success(request, _("Access given. It ends by itself."))
                return redirect("contacts:access", contact.uid)
        except grants.AlreadyGranted:
            form.add_error("person", _("They have access to this record already."))
        except grants.GrantToOneself:
            form.add_error("team", NOT_TO_ONESELF)
    return show(request, contact, share=form)


def give(request: HttpRequest, contact: Contact, form: ShareForm) -> ObjectGrant:
    now, chosen = clock.now(), form.cleaned_data
    return grants.grant_access(
        contact=contact,
        to=chosen["person"] or chosen["team"],
        basis=ObjectGrant.Basis.SHARED,
        reason=chosen["reason"],
        until=now + timedelta(days=chosen["days"]),
        by=request.user,  # type: ignore[arg-type]
        now=now,
    )


@require_POST
@requires("contacts.grant_access")
def end(request: HttpRequest, uid: UUID, grant_uid: UUID) -> HttpResponse:
    contact = governed_contact(request.user, "contacts.grant_access", uid)
    grant = get_object_or_404(ObjectGrant.objects.open().about(contact), uid=grant_uid)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the access ends."))
    elif grant.basis in {ObjectGrant.Basis.NAMED, ObjectGrant.Basis.KEPT}:
        raise PermissionDenied  # the list of named people is decided as a whole, above
    else:
        grants.end_access(contact=contact, grant=grant, by=request.user, now=clock.now(), **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("Access ended."))
    return redirect("contacts:access", contact.uid)
