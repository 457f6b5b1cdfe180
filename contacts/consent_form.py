"""The question about future contact (R-CNS-01), asked on a call and when a contact is entered without one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.choices import FUTURE_CONTACT_PURPOSES, Channel, FutureContactAnswer, Language, Source
from contacts.forms import chips
from contacts.note_field import GuardedForm, NoteField


def many_chips(choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)


class FutureContactForm(GuardedForm):
    """Nothing is preselected. What must be answered, the page that knows the client asks for."""

    future_contact = chips(FutureContactAnswer.choices, required=False, label=_("Answer about future contact"))
    future_contact_reason = NoteField(required=False, max_length=120, label=_("Why not asked"))
    purposes = many_chips(
        [(purpose.value, purpose.label) for purpose in FUTURE_CONTACT_PURPOSES], required=False, label=_("For")
    )
    channels = many_chips(Channel.choices, required=False, label=_("By"))
    consent_language = forms.CharField(required=False, widget=forms.HiddenInput)
    minor_understands = forms.BooleanField(
        required=False,
        label=_("An adult, or clearly understands this"),
        help_text=_("Without this tick the answer is kept, and nothing is sent for it."),
    )

    def clean_consent_language(self) -> str:
        return Language.FR if self.cleaned_data["consent_language"] == Language.FR else Language.EN

    def check_future_contact(self, *, is_new: bool) -> None:
        """What must have been asked before a person's record is kept (R-CNS-01)."""
        cleaned = self.cleaned_data
        answer = cleaned.get("future_contact")
        if is_new and not answer and "future_contact" not in self.errors:
            self.add_error("future_contact", _("Record whether the client agrees to future contact."))
        if answer == FutureContactAnswer.NOT_ASKED and not cleaned.get("future_contact_reason"):
            self.add_error("future_contact_reason", _("Say why the client was not asked."))
        if answer == FutureContactAnswer.YES and not cleaned.get("purposes"):
            self.add_error("purposes", _("Choose at least one purpose."))
        if answer == FutureContactAnswer.YES and not cleaned.get("channels"):
            self.add_error("channels", _("Choose at least one way: e-mail or phone."))


class NewContactConsentForm(FutureContactForm):
    """Without a call, it must be said how the client told us."""

    source = chips(
        [(Source.CALL, _("On the phone")), (Source.EMAIL, _("By e-mail")), (Source.FAX, _("By fax"))],
        required=False,
        label=_("How the client told us"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.check_future_contact(is_new=True)
        is_answered = cleaned.get("future_contact") in {FutureContactAnswer.YES, FutureContactAnswer.NO}
        if is_answered and not cleaned.get("source") and "source" not in self.errors:
            self.add_error("source", _("Choose how the client told us."))
        return cleaned
