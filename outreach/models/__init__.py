from outreach.models.events import Event
from outreach.models.registrations import Registration

__all__ = ["Event", "Registration"]
