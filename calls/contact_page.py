"""What calls put on the contact's page."""

from typing import Any

from django.http import HttpRequest

from contacts.models import Contact
from contacts.record_page import Part, Place, register
from i2a.permissions import may


def register_parts() -> None:
    register(Part(Place.ACTION, 10, "calls/_start_with_contact.html", start))
    register(Part(Place.UPGRADE, 10, "calls/_start_with_contact.html", start), "start to upgrade")


def start(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    return {} if contact.merged_into_id is None and may(request.user, "calls.add_call") else None
