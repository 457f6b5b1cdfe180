"""Signing in with a password, and out. The second step and passkeys are django-allauth's views in our pages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from access.demo import CAST
from access.forms.passwords import HelpForm
from access.forms.sign_in import SignInForm
from access.services import sign_in as sign_in_services
from access.services.passwords import ask_for_new_password
from access.sign_in_words import say_wait
from audit.actor import acting_as
from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock

AS_LONG_FOR_ALL = 0.1  # seconds; more than writing the mail takes


@sensitive_post_parameters("username", "password")
@require_http_methods(["GET", "POST"])
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    after = safe_next(request)
    if request.user.is_authenticated:
        return redirect(after or "home")
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        typed, password = form.cleaned_data["username"], form.cleaned_data["password"]
        try:
            user = sign_in_services.check_credentials(typed=typed, password=password, now=clock.now())
        except sign_in_services.CredentialsDoNotMatch:
            form.add_error(
                None, _("That user name and password do not match. Check both; passwords tell capital letters apart.")
            )
        except sign_in_services.TooManyTries as refusal:
            form.add_error(None, say_wait(refusal.until))
            status = 429
        else:
            return perform_password_login(request, {}, Login(user=user, redirect_url=after or None))
    context = {
        "form": form,
        "next": after,
        "single_sign_on": settings.I2A_OIDC_NAME if settings.I2A_OIDC_URL else "",
        "provider": settings.OIDC_PROVIDER,
        "ended": request.GET.get("ended", ""),
        "demo_accounts": CAST if settings.I2A_DEMO else [],
    }
    return render(request, "account/sign_in.html", context, status=status)


class PasskeySignIn(LoginWebAuthnView):
    """Whose passkey fits signs for what follows; that it was used is a change, too."""

    def form_valid(self, form: Any) -> HttpResponse:
        with acting_as(form.cleaned_data["credential"].user):
            return super().form_valid(form)


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """Open to strangers too: after a session has ended, the button must not lead to an error."""
    was_signed_in = request.user.is_authenticated
    if was_signed_in:
        record_access(kind=AccessEvent.Kind.SIGNED_OUT)
    logout(request)  # also forgets a sign-in that stopped at its second step
    if was_signed_in:
        messages.success(request, _("You are signed out."))
    response = redirect("account_login")
    response["Clear-Site-Data"] = '"storage"'  # half-typed copies; pages themselves are never stored (no-store)
    return response


@require_http_methods(["GET", "POST"])
@login_not_required
def help_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The answer is the same whoever asks, so it tells nobody who works here (reliability goal A2)."""
    form = HelpForm(request.POST if request.method == "POST" else None)
    is_sent = form.is_valid()
    if is_sent:
        with taking(AS_LONG_FOR_ALL):
            ask_for_new_password(email=form.cleaned_data["email"], now=clock.now())
    return render(request, "account/help.html", {"form": form, "is_sent": is_sent})


@contextmanager
def taking(seconds: float) -> Iterator[None]:
    """At least so long: what is written for one and not for another shows in no clock."""
    end = time.monotonic() + seconds
    yield
    time.sleep(max(0.0, end - time.monotonic()))


def safe_next(request: Any) -> str:
    """Where to go afterwards: a page of this site, or "" for home."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours and target.startswith("/") else ""
