"""Signing in at the department's identity provider, by OpenID Connect (docs/operations.md).

It says who somebody is. Whether they may come in stays with the register: nobody gets an account here.
"""

import base64
import json
import time
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from requests import RequestException

from access.models import User
from access.second_factor import BY_DEPARTMENT
from access.services.sign_in import record_failure
from audit.models import AccessEvent

SKEW_SECONDS = 60  # between its clock and ours


class DepartmentProvider(OpenIDConnectOAuth2Adapter):
    def complete_login(self, request: Any, app: Any, token: Any, **kwargs: Any) -> Any:
        """What it said of the person is read and not kept: the register knows them."""
        login = super().complete_login(request, app, token, **kwargs)
        said = login.account.extra_data
        request.department_says = said.get("id_token", {}) | said.get("userinfo", {})
        login.account.extra_data = {}
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """The claims. They come over TLS from the provider itself, so their signature says nothing more (OpenID Connect
        Core 3.1.3.7, 6); for whom, by whom and until when is checked."""
        claims = claims_of(id_token)
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self.openid_config["issuer"] or app.client_id not in audiences:
            raise OAuth2Error("ID token of another issuer or for another client")
        if not isinstance(claims.get("exp"), int | float) or claims["exp"] < time.time() - SKEW_SECONDS:
            raise OAuth2Error("ID token has run out")
        return claims


def claims_of(id_token: str) -> dict[str, Any]:
    try:
        part = id_token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError) as error:
        raise OAuth2Error("ID token cannot be read") from error
    if not isinstance(claims, dict):
        raise OAuth2Error("ID token cannot be read")
    return claims


class DepartmentAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        """The first time by work e-mail, then by the provider's own number of the person."""
        says = request.department_says
        if not sociallogin.is_existing:
            user = user_with(says.get("email"), says.get("email_verified", True))
            if user is None:
                refuse(request, "not_in_register", _("Nobody in the register has this work e-mail. Ask your manager."))
            sociallogin.connect(request, user)
        if not sociallogin.user.is_active:
            refuse(request, "inactive", _("Nobody in the register has this work e-mail. Ask your manager."))
        if "mfa" in (says.get("amr") or []):  # RFC 8176: it asked for a second step
            request.session[BY_DEPARTMENT] = sociallogin.user.pk

    def on_authentication_error(self, request: Any, provider: Any, **kwargs: Any) -> NoReturn:
        refuse(request, "single_sign_on", _("That did not work. Try again, or sign in with your password."))


def user_with(email: Any, is_verified: Any) -> User | None:
    if not email or not is_verified:
        return None
    return User.objects.filter(email__iexact=email, is_active=True).first()


def refuse(request: HttpRequest, reason: str, words: str) -> NoReturn:
    record_failure(None, AccessEvent.Kind.SIGN_IN_FAILED, reason)
    messages.error(request, words)
    raise ImmediateHttpResponse(redirect("account_login"))


@require_GET
@login_not_required
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _answered(request, provider_id, OAuth2LoginView)


@require_GET
@login_not_required
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _answered(request, provider_id, OAuth2CallbackView)


def _answered(request: HttpRequest, provider_id: str, view: Any) -> HttpResponse:
    if not settings.I2A_OIDC_URL or provider_id != settings.OIDC_PROVIDER:
        raise Http404
    try:
        response: HttpResponse = view.adapter_view(DepartmentProvider(request, provider_id))(request)
    except (RequestException, KeyError, ValueError):  # it does not answer, or not as the standard says
        messages.error(request, _("That did not work. Try again, or sign in with your password."))
        return redirect("account_login")
    return response
