from outreach.models.campaigns import Campaign, Recipient
from outreach.models.events import Event
from outreach.models.form_entries import FormEntry
from outreach.models.registrations import Registration

__all__ = ["Campaign", "Event", "FormEntry", "Recipient", "Registration"]
