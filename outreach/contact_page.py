"""What outreach puts on the contact's page."""

from typing import Any

from django.http import HttpRequest

from contacts.record_page import Part, Place, register
from i2a import clock
from i2a.permissions import may
from outreach.upcoming import upcoming_for


def register_parts() -> None:
    register(Part(Place.PANEL, 30, "outreach/_upcoming.html", upcoming))


def upcoming(request: HttpRequest, contact: Any) -> dict[str, Any]:
    return {
        "upcoming": upcoming_for(contact, contact.answers, clock.now()),
        "can_register": may(request.user, "outreach.change_registration"),
    }
