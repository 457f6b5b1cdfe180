from outreach.models.campaigns import Campaign, Recipient
from outreach.models.drafted import DraftedMailing, approval_constraints
from outreach.models.events import Event
from outreach.models.form_entries import FormEntry
from outreach.models.registrations import Registration

__all__ = [
    "Campaign",
    "DraftedMailing",
    "Event",
    "FormEntry",
    "Recipient",
    "Registration",
    "approval_constraints",
]
