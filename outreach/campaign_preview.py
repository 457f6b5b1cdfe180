"""The mail of a campaign as one of its people will read it, before it is sent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contacts.models import Contact
from i2a import clock
from outbox.models import Message
from outbox.rendering import LINK, NotRenderable, Written, wordings_in_force, write
from outreach.campaigns import words
from outreach.campaigns.audience import agreements, included
from outreach.campaigns.testing import LINK as SHOWN_LINK
from outreach.models import Campaign


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


def preview_for(campaign: Campaign, user: Any, *, to: UUID | None, language: str) -> Preview:
    """`language` "" is the one this person gets."""
    contact, previous, following = neighbours(included(campaign, user).order_by("pk"), to)
    reads_french = contact is not None and contact.language.startswith("fr") and words.has(campaign, "fr")
    chosen = language or ("fr" if reads_french else "en")
    if not words.has(campaign, chosen):
        return Preview(chosen, "", None, contact, previous, following)
    agreement = agreements(campaign, [contact]).get(contact.pk) if contact else None
    message = words.message_for(campaign, contact or Contact(), agreement, chosen)
    return Preview(chosen, message.content.subject, _written(message), contact, previous, following)


def neighbours(people: Any, to: UUID | None) -> tuple[Contact | None, Contact | None, Contact | None]:
    """Who was asked for, else the first; the one before and the one after."""
    asked = Contact.objects.filter(uid=to).values_list("pk", flat=True).first() if to else None
    found = list(people.filter(pk__gte=asked)[:2] if asked else people[:2])
    if asked and (not found or found[0].pk != asked):  # no longer among them
        return neighbours(people, None)
    previous = people.filter(pk__lt=asked).last() if asked else None
    return (found[0] if found else None), previous, (found[1] if len(found) > 1 else None)


def _written(message: Message) -> Written | None:
    try:
        written = write(message, wordings_in_force(clock.now()))
    except NotRenderable:
        return None
    return Written(written.text.replace(LINK, SHOWN_LINK), written.html.replace(LINK, SHOWN_LINK))
