from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.edit_form import OUT_OF_DATE
from contacts.emails import OneEmailField
from followups.models import FollowUp

STALE = {"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}


class VerifyForm(forms.Form):
    """The address as the client said it on the phone."""

    email = OneEmailField(
        label=_("E-mail address, as the client says it"),
        help_text=_("Read it back letter by letter."),
        error_messages={"required": _("Type the address that the client said.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, error_messages=STALE)
    contact_version = forms.IntegerField(widget=forms.HiddenInput, error_messages=STALE)

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        contact = follow_up.contact
        assert contact is not None  # a verification has one
        initial = {"email": contact.email, "version": follow_up.version, "contact_version": contact.version}
        super().__init__(*args, initial=initial, **kwargs)
