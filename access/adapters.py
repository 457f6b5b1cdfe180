"""What django-allauth asks of us: our limits instead of its own, our mail, our record of what happened."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from access import account_events, kept_forms
from access.models import User
from access.second_factor import OWN_STEP, cipher, is_needed
from access.services import sign_in
from access.sign_in_words import say_wait
from access.user_agents import device
from audit.actor import acting_as, current
from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": _("That is not your password. Passwords tell capital letters apart."),
        "enter_current_password": _("That is not your password. Passwords tell capital letters apart."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # people come in by request, authorisation and execution

    def reauthenticate(self, user: Any, password: str) -> bool:
        try:
            return sign_in.check_credentials(typed=user.username, password=password, now=clock.now()) == user
        except sign_in.CredentialsDoNotMatch:
            return False
        except sign_in.TooManyTries as refusal:
            raise ValidationError(say_wait(refusal.until)) from refusal

    def login(self, request: HttpRequest, user: Any) -> None:
        """What coming in changes, such as the time of it, is theirs already."""
        with acting_as(user):
            super().login(request, user)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        steps = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
        with acting_as(user):
            record_access(kind=AccessEvent.Kind.SIGNED_IN, detail={"by": steps})
        response = super().post_login(request, user, **kwargs)
        return redirect("kept_form") if kept_forms.claim(request, user) else response

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        words = account_events.SAID.get(message_template or "") or kwargs.get("message")
        if words:
            messages.add_message(request, level, words)

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        account_events.happened(template_prefix, user, clock.now())

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Forbidden on purpose: a mail past the outbox would leave no row. No page that we serve asks for it."""
        raise RuntimeError("Mail to colleagues goes through access.notices only.")

    def get_client_ip(self, request: HttpRequest) -> str:
        return current().ip or "0.0.0.0"  # noqa: S104 - an address that nobody has


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Your role needs a second step. Set up another one before removing this one."),
        "incorrect_code": _("That did not match. Try again with the code shown now."),
    }

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whose role needs a second step keeps one."""
        from access.backends import roles_of

        others = Authenticator.objects.filter(user=authenticator.user, type__in=OWN_STEP).exclude(pk=authenticator.pk)
        return others.exists() or not is_needed(roles_of(authenticator.user))

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": str(user), "name": user.username}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return device(context.request.META.get("HTTP_USER_AGENT", ""))

    def _get_site_name(self) -> str:
        return "I2A"
