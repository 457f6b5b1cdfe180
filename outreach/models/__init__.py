from outreach.models.events import Event

__all__ = ["Event"]
