"""What follow-ups put on the contact's page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.models import Contact
from contacts.record_page import Part, Place, register
from i2a.permissions import may


def register_parts() -> None:
    register(Part(Place.MORE, 40, "contacts/actions/menu_item.html", plan), "plan a later contact")


def plan(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    may_plan = may(request.user, "followups.change_followup") and may(request.user, "contacts.change_contact")
    if contact.merged_into_id is not None or contact.do_not_contact or not may_plan:
        return None
    return {"url": reverse("followups:plan", args=[contact.uid]), "label": _("Plan a later contact"), "icon": "clock"}
