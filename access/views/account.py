"""One's own account: password, second step, where one is signed in."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access import kept_forms, second_factor, sessions
from access.backends import roles_of
from access.second_factor import Type
from access.user_agents import device
from audit.models import AccessEvent
from audit.services import record_access
from i2a.permissions import SIGNED_IN, asked_by_the_page, requires


@require_GET
@requires(SIGNED_IN)
@second_factor.open_before_it
def account(request: Any) -> HttpResponse:
    found = list(Authenticator.objects.filter(user=request.user).order_by("created_at", "pk"))
    codes = next((one.wrap() for one in found if one.type == Type.RECOVERY_CODES), None)
    rows = sessions.sessions_of(request.user)
    context = {
        "app": next((one for one in found if one.type == Type.TOTP), None),
        "passkeys": [one for one in found if one.type == Type.WEBAUTHN],
        "codes_left": len(codes.get_unused_codes()) if codes else None,
        "is_needed": second_factor.is_needed(roles_of(request.user)),
        "is_missing": second_factor.is_missing(request),
        "sessions": [(row, device(row.user_agent), row.session_key == request.session.session_key) for row in rows],
        "others": sum(row.session_key != request.session.session_key for row in rows),
    }
    return render(request, "account/account.html", context)


@require_POST
@requires(SIGNED_IN)
def end_session(request: Any, pk: int) -> HttpResponse:
    """One of one's own; the others' do not exist."""
    row = get_object_or_404(UserSession, user=request.user, pk=pk)
    end([row])
    messages.success(request, _("That session is ended."))
    return redirect("mfa_index")


@require_POST
@requires(SIGNED_IN)
def end_other_sessions(request: Any) -> HttpResponse:
    rows = list(UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key))
    end(rows)
    words = ngettext("%(n)s other session is ended.", "%(n)s other sessions are ended.", len(rows))
    messages.success(request, words % {"n": len(rows)})
    return redirect("mfa_index")


def end(rows: list[UserSession]) -> None:
    for row in rows:
        row.end()
    if rows:
        record_access(kind=AccessEvent.Kind.SESSION_ENDED, detail={"count": len(rows)})


@require_GET
@asked_by_the_page
@requires(SIGNED_IN)
@second_factor.open_before_it
def time_left(request: HttpRequest) -> HttpResponse:
    """Asked by the page's own script before it warns. Asking is not using: it lengthens nothing."""
    return HttpResponse(str(sessions.seconds_left(request.session)), content_type="text/plain")


@require_POST
@requires(SIGNED_IN)
@second_factor.open_before_it
def stay(request: HttpRequest) -> HttpResponse:
    """ "Stay signed in". The middleware has noted that somebody is there."""
    return HttpResponse(str(sessions.seconds_left(request.session)), content_type="text/plain")


@require_http_methods(["GET", "POST"])
@requires(SIGNED_IN)
def kept_form(request: HttpRequest) -> HttpResponse:
    """What was typed when the sign-in ran out, to be sent now. A POST here throws it away."""
    kept = kept_forms.of(request)
    if kept is None:
        return redirect("home")
    if request.method == "POST":
        kept_forms.forget(request)
        messages.success(request, _("What you typed is thrown away."))
        return redirect("home")
    return render(request, "account/kept_form.html", {"kept": kept})
