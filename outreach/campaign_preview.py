"""The mail of a campaign as one of its people will read it, before it is sent."""

from typing import Any
from uuid import UUID

from outreach.campaigns.audience import agreements, included
from outreach.mailings.preview import Preview, as_read, language_for, neighbours
from outreach.models import Campaign


def preview_for(campaign: Campaign, user: Any, *, to: UUID | None, language: str) -> Preview:
    """`language` "" is the one this person gets."""
    people = neighbours(included(campaign, user).order_by("pk"), to)
    contact = people[0]
    agreement = agreements(campaign, [contact]).get(contact.pk) if contact else None
    return as_read(campaign, agreement, language or language_for(campaign, contact), *people)
