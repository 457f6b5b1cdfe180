from contacts.models.access import AccessDecision, RecordRequest
from contacts.models.consents import ConsentEvent, ConsentState
from contacts.models.contact import Contact
from contacts.models.duplicates import DuplicateDecision
from contacts.models.grants import ContactGroupGrant, ContactUserGrant
from contacts.models.lists import ContactExport, SavedView
from contacts.models.merging import FormerKey, MergeRecord, MergeSnapshot
from contacts.models.notes import Note, NoteRevision
from contacts.models.opening import OpeningReason
from contacts.models.representation import Representation
from contacts.models.suppression import Suppression
from contacts.models.texts import TextVersion
from contacts.models.unusable import UnusableAgreement
from contacts.models.words import NameWord

__all__ = [
    "AccessDecision",
    "ConsentEvent",
    "ConsentState",
    "Contact",
    "ContactExport",
    "ContactGroupGrant",
    "ContactUserGrant",
    "DuplicateDecision",
    "FormerKey",
    "MergeRecord",
    "MergeSnapshot",
    "NameWord",
    "Note",
    "NoteRevision",
    "OpeningReason",
    "RecordRequest",
    "Representation",
    "SavedView",
    "Suppression",
    "TextVersion",
    "UnusableAgreement",
]
