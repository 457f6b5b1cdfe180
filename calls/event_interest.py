"""Who spoke of an event on a call, for the event's page (R-CAL-10)."""

from typing import Any

from calls.choices import CallStatus, Interest
from calls.models import CallEvent
from contacts.models import Contact
from outreach.interest import Interest as Found
from outreach.interest import Interested
from outreach.models import Event


def interest_on_calls(event: Event, user: Any) -> Found:
    """The last word of each caller: interested or registered. Callers of other teams are only counted."""
    asked = CallEvent.objects.filter(event=event, call__contact__isnull=False).exclude(call__status=CallStatus.VOIDED)
    last = asked.order_by("call__contact", "-call__started_at", "-pk").distinct("call__contact")
    found = CallEvent.objects.filter(pk__in=last.values("pk")).exclude(interest=Interest.INFORMED)
    shown = found.filter(call__contact__in=Contact.objects.visible_to(user)).select_related("call__contact")
    people = [
        Interested(row.call.contact, str(row.get_interest_display()), row.call.started_at)
        for row in shown.order_by("-call__started_at", "-pk")
        if row.call.contact is not None
    ]
    return Found(people, found.count() - len(people))
