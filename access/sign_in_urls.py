"""Everything about signing in. The names are those that django-allauth asks for."""

from typing import Any

from allauth.account import views as accounts
from allauth.mfa.base import views as steps
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path, reverse_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from access import single_sign_on
from access.forms.passwords import ChangeForm, ConfirmByPasswordForm, NewPasswordForm
from access.second_factor import open_before_it
from access.views import account, sign_in
from i2a.permissions import SIGNED_IN, requires


def for_strangers(view: Any) -> Any:
    return login_not_required(_as_ours(view))


def for_everybody(view: Any) -> Any:
    """Also for who must set up a second step first: these are the way there."""
    return open_before_it(requires(SIGNED_IN)(_as_ours(view)))


def _as_ours(view: Any) -> Any:
    def ours(request: Any, *args: Any, **kwargs: Any) -> Any:
        return view(request, *args, **kwargs)

    hidden = sensitive_post_parameters("code", "password", "password1", "password2", "oldpassword", "credential")
    return hidden(require_http_methods(["GET", "POST"])(ours))


account_page, sign_in_page = reverse_lazy("mfa_index"), reverse_lazy("account_login")
change_password = accounts.PasswordChangeView.as_view(form_class=ChangeForm, success_url=account_page)
new_password = accounts.PasswordResetFromKeyView.as_view(form_class=NewPasswordForm, success_url=sign_in_page)
confirm = accounts.ReauthenticateView.as_view(form_class=ConfirmByPasswordForm)
remove_passkey = passkeys.RemoveWebAuthnView.as_view(success_url=account_page)

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/code/", for_strangers(steps.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", for_strangers(sign_in.PasskeySignIn.as_view()), name="mfa_login_webauthn"),
    path("sign-in/with/<slug:provider_id>/", single_sign_on.begin, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", single_sign_on.come_back, name="openid_connect_callback"),
    path("sign-in/help/", sign_in.help_to_sign_in, name="account_reset_password"),
    re_path(
        r"^sign-in/help/(?P<uidb36>[0-9a-z]+)-(?P<key>[^/]+)/$",
        for_strangers(new_password),
        name="account_reset_password_from_key",
    ),
    path("sign-in/again/", for_everybody(confirm), name="account_reauthenticate"),
    path("sign-in/again/code/", for_everybody(steps.reauthenticate), name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", for_everybody(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("sign-in/kept/", account.kept_form, name="kept_form"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("account/", account.account, name="mfa_index"),
    path("account/password/", for_everybody(change_password), name="account_change_password"),
    path("account/app/", for_everybody(app.activate_totp), name="mfa_activate_totp"),
    path("account/app/remove/", for_everybody(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/passkey/", for_everybody(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("account/passkey/<int:pk>/remove/", for_everybody(remove_passkey), name="mfa_remove_webauthn"),
    path("account/codes/", for_everybody(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/codes/new/", for_everybody(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/sessions/<int:pk>/end/", account.end_session, name="session_end"),
    path("account/sessions/end-others/", account.end_other_sessions, name="sessions_end_others"),
    path("account/time-left/", account.time_left, name="session_time_left"),
    path("account/stay/", account.stay, name="session_stay"),
]
