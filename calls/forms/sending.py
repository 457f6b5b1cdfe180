"""What to send to one contact, in which language; and what may not be sent, in the words of R-INF-01."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.library import sendable
from calls.models import DocumentVersion, Topic
from calls.services.information import faults_of
from contacts.choices import EmailState, Language
from contacts.models import Contact
from contacts.names import TextField
from i2a import clock
from outbox.services import AddressNotWorking, InformationRefused, NoEmail

ONLY_OWN_ADDRESS = _("Information can be sent only to the client's own e-mail address.")
DO_NOT_CONTACT = _("This client asked not to be contacted. No outbound contact can be planned.")
NONE_CHOSEN = _("Choose at least one document.")
REPLACED = _("One of these documents was replaced or withdrawn meanwhile. Choose again.")
OTHER_RECEIVERS = ["cc", "bcc"]


class ChooseForm(forms.Form):
    """Lives in the address: which documents, the language of the mail, and how the list of documents is narrowed."""

    documents = forms.ModelMultipleChoiceField(
        DocumentVersion.objects.none(),
        label=_("Documents"),
        error_messages={"required": NONE_CHOSEN, "invalid_choice": REPLACED, "invalid_pk_value": REPLACED},
    )
    language = forms.ChoiceField(
        choices=Language.choices, required=False, widget=forms.RadioSelect, label=_("Language of the e-mail")
    )
    q = TextField(max_length=80, required=False, label=_("Words of the title"))
    topic = forms.ModelChoiceField(Topic.objects.none(), required=False, empty_label=_("Any"), label=_("Topic"))

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact
        self.fields["documents"].queryset = sendable()  # type: ignore[attr-defined]
        self.fields["topic"].queryset = Topic.objects.order_by("position", "pk")  # type: ignore[attr-defined]

    @property
    def language_chosen(self) -> str:
        """As the client prefers, unless something else was said."""
        said = self.data.get("language", "")
        preferred = Language.FR if self.contact.language == Language.FR else Language.EN
        return said if said in Language.values else str(preferred)

    def clean_language(self) -> str:
        return self.language_chosen

    def clean_documents(self) -> list[DocumentVersion]:
        """In the order of the list."""
        chosen = ordered(self.cleaned_data["documents"], self.language_chosen)
        for fault in faults_of(chosen, clock.today()):
            raise forms.ValidationError(fault)
        return chosen

    def chosen_pks(self) -> set[int]:
        given = self.data.getlist("documents") if hasattr(self.data, "getlist") else []
        return {int(pk) for pk in given if pk.isascii() and pk.isdigit() and len(pk) < 18}

    def listed(self) -> list[DocumentVersion]:
        """What fits the filters, and what was chosen before; in the language of the mail first."""
        asked, chosen = self.cleaned_data, self.chosen_pks()
        words, topic = asked.get("q", "").lower().split(), asked.get("topic")
        fits = [
            version
            for version in sendable()
            if version.pk in chosen
            or (
                all(word in version.document.title.lower() for word in words)
                and (topic is None or version.document.topic_id == topic.pk)
            )
        ]
        return ordered(fits, self.language_chosen)


class SendForm(ChooseForm):
    """The same, sent for good. There is one receiver, whatever a browser says."""

    to = forms.CharField(required=False, max_length=254, label=_("To"))
    form_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = self.data.get("to", "").strip()
        is_other = bool(said) and said.casefold() != self.contact.email.casefold()
        if is_other or any(self.data.get(name) for name in OTHER_RECEIVERS):
            self.add_error("to", ONLY_OWN_ADDRESS)
        return cleaned


def refusal_of(contact: Contact, *, is_on_the_line: bool) -> str:
    """Why nothing can be sent to this client at all; empty: something can. What they ask for today is always theirs."""
    if contact.do_not_contact and not is_on_the_line:
        return str(DO_NOT_CONTACT)
    refused: dict[type[InformationRefused], bool] = {
        NoEmail: not contact.email,
        AddressNotWorking: contact.email_state == EmailState.NOT_WORKING,
    }
    return next((str(refusal.message) for refusal, is_so in refused.items() if is_so), "")


def ordered(versions: Any, language: str) -> list[DocumentVersion]:
    return sorted(versions, key=lambda v: (v.document.language != language, v.document.title.lower(), v.pk))
