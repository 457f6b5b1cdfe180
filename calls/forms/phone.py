"""Which phone stands on one's desk."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import User
from contacts.phones import ascii_digits

DIGITS = gettext_lazy("An extension has digits only, ten at most.")


class ExtensionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ["extension"]
        labels = {"extension": gettext_lazy("Extension of the phone on your desk")}
        help_texts = {"extension": gettext_lazy("As in 204. Leave it empty if no calls should come up on your pages.")}
        error_messages = {"extension": {"max_length": DIGITS}}
        widgets = {"extension": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})}

    def clean_extension(self) -> str:
        extension = ascii_digits(self.cleaned_data["extension"])
        if not re.fullmatch(r"[0-9]*", extension):
            raise ValidationError(DIGITS)
        holder = User.objects.filter(extension=extension).exclude(pk=self.instance.pk).first() if extension else None
        if holder:
            raise ValidationError(
                _("%(person)s has this extension. Ask them to give it up on this page.") % {"person": holder}
            )
        return extension
