"""A mail as one of its people will read it, before it is sent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contacts.models import ConsentEvent, Contact
from i2a import clock
from outbox.rendering import NotRenderable, Written, shown, wordings_in_force
from outreach.mailings import words
from outreach.mailings.kinds import Mailing


@dataclass(frozen=True)
class Preview:
    """`written` is None where nothing is written in this language, or what every mail must carry is not in force.

    `contact` is None where the user may see nobody of them; then the mail is shown without a name and a reason.
    """

    language: str
    subject: str
    written: Written | None
    contact: Contact | None
    previous: Contact | None = None
    next: Contact | None = None


def neighbours(people: Any, to: UUID | None) -> tuple[Contact | None, Contact | None, Contact | None]:
    """Who was asked for, else the first; the one before and the one after."""
    asked = Contact.objects.filter(uid=to).values_list("pk", flat=True).first() if to else None
    found = list(people.filter(pk__gte=asked)[:2] if asked else people[:2])
    if asked and (not found or found[0].pk != asked):  # no longer among them
        return neighbours(people, None)
    previous = people.filter(pk__lt=asked).last() if asked else None
    return (found[0] if found else None), previous, (found[1] if len(found) > 1 else None)


def language_for(mailing: Mailing, contact: Contact | None) -> str:
    """The one in which this person gets it."""
    return "fr" if contact is not None and contact.language.startswith("fr") and words.has(mailing, "fr") else "en"


def as_read(mailing: Mailing, agreement: ConsentEvent | None, language: str, *people: Contact | None) -> Preview:
    """`people`: whose mail it is, the one before, the one after."""
    contact, *beside = people
    if not words.has(mailing, language):
        return Preview(language, "", None, contact, *beside)
    message = words.message_for(mailing, contact or Contact(), agreement, language)
    try:
        written = shown(message, wordings_in_force(clock.now()))
    except NotRenderable:
        written = None
    return Preview(language, message.content.subject, written, contact, *beside)
