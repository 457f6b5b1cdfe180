"""A match one may not see: tell the team that owns it, without learning anything of it (R-CON-11)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.access_forms import NotifyForm
from contacts.search import hidden_matches
from contacts.services import requests
from i2a import clock
from i2a.permissions import requires


@require_POST
@requires("contacts.view_contact")
def hidden(request: HttpRequest) -> HttpResponse:
    """The record is found again by the whole number or address that was typed, never by something the browser holds."""
    user: Any = request.user
    is_sent = "reason" in request.POST
    form = NotifyForm(request.POST if is_sent else None, initial={"q": request.POST.get("q", "")[:200]})
    if is_sent and form.is_valid():
        found = hidden_matches(form.cleaned_data["q"], user)
        reason = form.cleaned_data["reason"]
        if not found:
            messages.error(request, _("No record out of your reach has exactly this number or address."))
        elif requests.tell_owners(contacts=found, reason=reason, by=user, now=clock.now()):
            messages.success(request, _("The team that owns the record will be told."))
        else:
            messages.info(request, _("You told the team today and it has not read that yet. Nothing was added."))
        return redirect("home")
    return render(request, "contacts/notify.html", {"form": form})
