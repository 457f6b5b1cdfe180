"""The second step: a code from the app or a recovery code, setting up the app, setting up a passkey."""

import re
import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from access import account_events, sign_in_limit
from access.second_factor import Type, use_code
from access.services import sign_in
from access.sign_in_words import say_wait
from audit.actor import acting_as, current
from i2a import clock

APP_DIGITS, RECOVERY_DIGITS = 6, 8
CODE_HELP = gettext_lazy("6 digits from your app, or one of your recovery codes with 8.")


def code_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        help_text=help_text,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code-input", "autofocus": True}
        ),
        error_messages={
            "required": gettext_lazy("Type the code."),
            "max_length": gettext_lazy("That is too long for a code."),
        },
    )


def digits_of(typed: str) -> str:
    """People type "123 456" and "1234-5678"."""
    return re.sub(r"[\s-]", "", typed)


def refuse_other_than(digits: str, lengths: list[int]) -> None:
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValidationError(_("A code has digits only."))
    if len(digits) not in lengths:
        raise ValidationError(
            ngettext(
                "That is %(n)s digit. A code has %(app)s, a recovery code %(recovery)s.",
                "That is %(n)s digits. A code has %(app)s, a recovery code %(recovery)s.",
                len(digits),
            )
            % {"n": len(digits), "app": APP_DIGITS, "recovery": RECOVERY_DIGITS}
        )


class TakesCode:
    """Instead of allauth's own check: our limits, and a code that works once even while Redis is away."""

    user: Any
    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def clean_code(self) -> str:
        digits = digits_of(self.cleaned_data["code"])
        refuse_other_than(digits, [APP_DIGITS, RECOVERY_DIGITS])
        now = clock.now()
        try:
            sign_in.await_turn(self.user, self.user.username, now)
            with acting_as(self.user):
                self.authenticator = self.matching(digits)
            if self.authenticator is None:
                sign_in.fail(self.user, self.user.username, sign_in_limit.WRONG_CODE, now)
        except sign_in.TooManyTries as refusal:
            raise ValidationError(say_wait(refusal.until)) from refusal
        if self.authenticator is None:
            raise ValidationError(self.say_wrong(sign_in_limit.tries_left(self.user, current().ip, now)))
        return digits

    def matching(self, digits: str) -> Any:
        wanted = Type.TOTP if len(digits) == APP_DIGITS else Type.RECOVERY_CODES
        found = Authenticator.objects.filter(user=self.user, type=wanted).first()
        if found is None:
            return None
        found.user = self.user
        is_right = use_code(found, digits) if wanted == Type.TOTP else found.wrap().validate_code(digits)
        return found if is_right else None

    def say_wrong(self, tries_left: int) -> str:
        left = ngettext("%(n)s try left.", "%(n)s tries left.", tries_left) % {"n": tries_left}
        return _("That did not match. Try again with the code shown now.") + " " + left

    def save(self) -> None:
        with acting_as(self.user):
            super().save()  # type: ignore[misc]
        if self.authenticator.type == Type.RECOVERY_CODES:
            account_events.happened("recovery_code_used", self.user, clock.now())


class CodeForm(TakesCode, AuthenticateForm):
    code = code_field(gettext_lazy("Code"), CODE_HELP)


class ConfirmByCodeForm(TakesCode, ReauthenticateForm):
    code = code_field(gettext_lazy("Code"), CODE_HELP)


class AppForm(ActivateTOTPForm):
    code = code_field(gettext_lazy("Code"), gettext_lazy("The 6 digits that the app shows now."))

    def clean_code(self) -> str:
        digits = digits_of(self.cleaned_data["code"])
        refuse_other_than(digits, [APP_DIGITS])
        if not validate_totp_code(self.secret, digits):
            raise get_adapter().validation_error("incorrect_code")
        return digits


UNREADABLE = (KeyError, IndexError, ValueError, TypeError, AttributeError, struct.error)


class ReadsAnything:
    """Whatever a browser, or somebody who plays one, may send: allauth expects an answer of the standard."""

    def clean_credential(self) -> Any:
        return self._read(super().clean_credential)  # type: ignore[misc]

    def _read(self, read: Any) -> Any:
        try:
            return read()
        except UNREADABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeyLoginForm(ReadsAnything, LoginWebAuthnForm):
    pass


class PasskeyStepForm(ReadsAnything, AuthenticateWebAuthnForm):
    def save(self) -> None:
        with acting_as(self.user):
            super().save()


class ConfirmByPasskeyForm(ReadsAnything, ReauthenticateWebAuthnForm):
    pass


class PasskeyForm(ReadsAnything, AddWebAuthnForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("So that you know it again, such as “Desk key” or “Phone”."),
    )
    passwordless = forms.BooleanField(
        label=gettext_lazy("Let me sign in with it alone, without my password"),
        required=False,
        initial=True,
        help_text=gettext_lazy("It then asks for a PIN, a fingerprint or your face."),
    )
    field_order = ["name", "passwordless", "credential"]

    def clean_credential(self) -> Any:
        return self.cleaned_data["credential"]

    def clean(self) -> Any:
        return self._read(super().clean)
