"""Choosing a password: changed by its owner, or new by a link that was mailed."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, ReauthenticateForm, ResetPasswordKeyForm
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

LENGTH_LIMIT = 1_000
RULES = _("At least 12 characters. A few unrelated words are good; spaces count. It never runs out.")


def present_password() -> forms.CharField:
    return forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=LENGTH_LIMIT,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password."), "max_length": _("This is too long for a password.")},
    )


def new_password(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LENGTH_LIMIT,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={
            "required": _("Choose a new password."),
            "max_length": _("This is too long for a password."),
        },
    )


class ChoosesPassword(forms.Form):
    """The new password twice, by the rules of the settings."""

    user: Any

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("These two are not the same. Type the new password again."))
        return cleaned


class ChangeForm(ChoosesPassword, ChangePasswordForm):
    oldpassword = present_password()
    password1 = new_password(_("New password"), RULES)
    password2 = new_password(_("New password again"))
    field_order = ["oldpassword", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)


class NewPasswordForm(ChoosesPassword, ResetPasswordKeyForm):
    password1 = new_password(_("New password"), RULES)
    password2 = new_password(_("New password again"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user, self.temp_key = kwargs.pop("user", None), kwargs.pop("temp_key", None)
        forms.Form.__init__(self, *args, **kwargs)


class ConfirmByPasswordForm(ReauthenticateForm):
    password = present_password()


class HelpForm(forms.Form):
    email = forms.EmailField(
        label=_("Your work e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={
            "required": _("Enter your work e-mail."),
            "invalid": _("This is not an e-mail address. Write it like this: name@example.org."),
        },
    )
