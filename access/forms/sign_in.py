from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("User name or work e-mail"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={
            "required": _("Enter your user name or work e-mail."),
            "max_length": _("This is too long for a user name or work e-mail."),
        },
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("You may paste it from your password manager."),
        error_messages={
            "required": _("Enter your password."),
            "max_length": _("This is too long for a password."),
        },
    )
