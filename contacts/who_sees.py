"""Who may see a contact besides its team, for its own page and the page that decides it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from access.models import ObjectGrant
from contacts.models import Contact
from contacts.services.grants import READ
from i2a import clock


def grants_on(contact: Contact, now: datetime) -> list[ObjectGrant]:
    """What counts now: people named for good first, then those let in for a time."""
    in_force = ObjectGrant.objects.in_force(now).about(contact).filter(permission=READ[0])
    return list(in_force.select_related("user__team", "group__team", "granted_by").order_by("-until", "pk"))


def who_sees(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    """For those who decide about it."""
    user: Any = request.user
    if not user.has_perm("contacts.restrict_contact"):
        return None
    if not user.has_perm("contacts.view_all_teams") and contact.team_id != user.team_id:
        return None
    return {"grants": grants_on(contact, clock.now())}
