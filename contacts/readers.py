"""Who looked at a contact, when, and for which work: on its page, for privacy officers (N11, F109)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from audit.models import AccessEvent
from audit.reports import purposes
from contacts.models import Contact
from i2a import clock

SHOWN = 6
ALL_SINCE = 364  # days; the audit answers for a year at most


def readers(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    if not request.user.has_perm("audit.view_readers"):
        return None
    kinds = [AccessEvent.Kind.VIEWED, AccessEvent.Kind.PRINTED]
    events = AccessEvent.objects.filter(object_uid=contact.uid, kind__in=kinds).select_related("actor")
    since = clock.today() - timedelta(days=ALL_SINCE)
    asked = urlencode({"did": "viewed", "record": contact.ref, "since": since})
    return {
        "events": [(event, purposes.say(event.detail.get("purpose", ""))) for event in events.order_by("-at")[:SHOWN]],
        "url": f"{reverse('audit:entries')}?{asked}",
    }
