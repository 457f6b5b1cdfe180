"""Who rings at one's desk, on every page of who takes calls (F3)."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.middleware import STOP_ASKING
from access.models import User
from calls.forms.phone import ExtensionForm
from calls.models import RingingCall
from calls.services import ringing as services
from contacts.phones import to_edit
from contacts.search import Found, search
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import SIGNED_IN, asked_by_the_page, requires


@dataclass(frozen=True)
class Caller:
    call: RingingCall
    typed: str  # as one would type the number into the lookup
    found: Found


@require_http_methods(["GET", "POST"])
@asked_by_the_page
@requires(SIGNED_IN)
def ringing(request: HttpRequest) -> HttpResponse:
    """GET is asked every few seconds: who calls, or nothing while that is on the page already. POST puts it away.

    Whose training ran out while the page was open asks no more; it is no attempt to see something.
    """
    assert request.user.is_authenticated  # LoginRequiredMiddleware; tells mypy
    if not request.user.has_perm("calls.add_call"):
        return HttpResponse(status=STOP_ASKING)
    if request.method == "POST":
        services.take(user=request.user)
        return HttpResponse() if request.htmx else redirect("calls:desk")
    call = call_at_desk_of(request.user)
    if request.GET.get("shown", "") == (str(call.uid) if call else ""):
        return HttpResponse(status=204)
    return render(request, "calls/_ringing.html", {"rings": caller_of(call, request.user) if call else None})


def who_rings(user: User) -> Caller | None:
    """For a page that is drawn anyway: without a script nobody asks later."""
    call = call_at_desk_of(user) if user.extension else None
    return caller_of(call, user) if call else None


def call_at_desk_of(user: User) -> RingingCall | None:
    return RingingCall.objects.at_desk_of(user, clock.now()).first()


def caller_of(call: RingingCall, user: User) -> Caller:
    """Whom of those the user may see has this number; recorded as any search of theirs."""
    typed = to_edit(call.number)
    return Caller(call, typed, search(typed, user))


@require_http_methods(["GET", "POST"])
@requires("calls.add_call")
def extension(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    user = User.objects.get(pk=request.user.pk)  # the form writes into it, valid or not
    form = ExtensionForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid() and saved(form, lambda: kept(user)):
        said = _("Calls for extension %(extension)s come up on your pages.") % {"extension": user.extension}
        messages.success(request, said if user.extension else _("No calls come up on your pages."))
        return redirect("calls:desk")
    return render(request, "calls/extension.html", {"form": form})


def kept(user: User) -> User:
    user.save(update_fields=["extension"])
    return user
