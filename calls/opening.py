"""A call in progress, or one just saved, says why its caller's record is opened (N11)."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from calls.context_processors import drafts_for
from contacts.models import Contact
from contacts.opening import Work, register


def register_works() -> None:
    register(Work("call", 10, _("A call with this person"), is_the_caller))


def is_the_caller(request: HttpRequest, contact: Contact) -> bool:
    drafts = drafts_for(request)
    mine = [drafts.current, drafts.undoable, *drafts.unfinished]
    return contact.pk in {draft.contact_id for draft in mine if draft is not None}
