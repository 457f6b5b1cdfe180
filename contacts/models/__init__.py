from contacts.models.consents import ConsentEvent, ConsentState
from contacts.models.contact import Contact, ContactGroupGrant, ContactUserGrant
from contacts.models.notes import Note, NoteRevision
from contacts.models.texts import TextVersion

__all__ = [
    "ConsentEvent",
    "ConsentState",
    "Contact",
    "ContactGroupGrant",
    "ContactUserGrant",
    "Note",
    "NoteRevision",
    "TextVersion",
]
