from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock
from i2a.permissions import get_permitted, requires
from outbox.models import Message
from outbox.progress import TONES, progress_of


@require_GET
@requires("contacts.view_contact")
def message(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Why was this sent: to whom, for what, in which words, and every step on the way (R-CMP-06)."""
    messages = Message.objects.select_related(
        "contact", "content", "created_by", "text_version", "consent_event__recorded_by"
    )
    found = get_permitted(messages, request.user, "contacts.view_contact", uid=uid)
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="outbox.message", object_uid=found.uid)
    return render(
        request,
        "outbox/message.html",
        {
            "message": found,
            "tone": TONES.get(found.state, ""),
            "progress": progress_of(found, clock.now()),
            "events": found.events.order_by("at", "pk"),
        },
    )
