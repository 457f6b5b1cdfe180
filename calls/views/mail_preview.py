"""The mail that saving a call will send, from what the draft holds now (R-INF-01: look at it before it goes)."""

from dataclasses import dataclass

from calls.forms import entry
from calls.forms.call import CallForm
from calls.models import CallDraft
from calls.services.information import preview_of
from contacts.forms import CallerForm
from contacts.models import Contact
from i2a import clock
from outbox.models import Message
from outbox.rendering import wordings_in_force, write


@dataclass(frozen=True)
class Preview:
    """`message` is None while nothing is chosen that can be sent."""

    message: Message | None = None
    text: str = ""


def preview_for(draft: CallDraft, caller: CallerForm, form: CallForm) -> Preview:
    """`caller` and `form` are bound; that not everything is filled in yet does not matter here."""
    caller.is_valid()
    form.is_valid()
    versions = form.cleaned_data.get("documents")
    if not versions:
        return Preview()
    typed = Contact(name=caller.cleaned_data.get("name", ""), email=entry.email_of(caller))
    contact = draft.contact if caller.is_read_only and draft.contact else typed
    message = preview_of(contact, versions, language=entry.mail_language(caller, form))
    return Preview(message, write(message, wordings_in_force(clock.now())).text)
