"""Signing in and out."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from access.demo import CAST
from access.forms.sign_in import SignInForm
from access.models import User
from access.services import sign_in as sign_in_services
from audit.actor import acting_as
from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock


@sensitive_post_parameters("username", "password")
@require_http_methods(["GET", "POST"])
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    after = safe_next(request)
    if request.user.is_authenticated:
        return redirect(after or "home")
    form = SignInForm(request.POST if request.method == "POST" else None)
    wait_minutes = 0
    if form.is_valid():
        now = clock.now()
        typed, password = form.cleaned_data["username"], form.cleaned_data["password"]
        try:
            user = sign_in_services.check_credentials(typed=typed, password=password, now=now)
        except sign_in_services.CredentialsDoNotMatch:
            form.add_error(
                None, _("That user name and password do not match. Check both; passwords tell capital letters apart.")
            )
        except sign_in_services.TooManyTries as refusal:
            wait_minutes = minutes_until(refusal.until, now)
            form.add_error(None, say_wait(wait_minutes))
        else:
            return welcome(request, user, after)
    demo_accounts = CAST if settings.I2A_DEMO else []
    context = {"form": form, "next": after, "wait_minutes": wait_minutes, "demo_accounts": demo_accounts}
    return render(request, "registration/sign_in.html", context, status=429 if wait_minutes else 200)


def welcome(request: HttpRequest, user: User, after: str) -> HttpResponse:
    """`login` gives the session a new key: one planted before is worth nothing (reliability goal A3)."""
    login(request, user)
    with acting_as(user):
        record_access(kind=AccessEvent.Kind.SIGNED_IN)
    return redirect(after or "home")


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """Open to strangers too: after a session has ended, the button must not lead to an error."""
    if request.user.is_authenticated:
        record_access(kind=AccessEvent.Kind.SIGNED_OUT)
        logout(request)
        messages.success(request, _("You are signed out."))
    response = redirect("sign_in")
    response["Clear-Site-Data"] = '"storage"'  # half-typed copies; pages themselves are never stored (no-store)
    return response


def safe_next(request: HttpRequest) -> str:
    """Where to go afterwards: a page of this site, or "" for home."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours and target.startswith("/") else ""


def minutes_until(until: datetime, now: datetime) -> int:
    """Rounded up, at least 1: who waits that long may try again."""
    return max(1, -int((now - until).total_seconds() // 60))


def say_wait(minutes: int) -> str:
    wait = ngettext(
        "Five tries did not match, so signing in with this name from here has to wait %(minutes)s minute.",
        "Five tries did not match, so signing in with this name from here has to wait %(minutes)s minutes.",
        minutes,
    )
    return wait % {"minutes": minutes} + " " + _("Passwords typed before then are not looked at.")
