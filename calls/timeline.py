"""Calls on a contact's timeline (R-CAL-09)."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.choices import CallStatus, Direction, FollowUpDecision, Service
from calls.models import Call
from calls.records import with_service_codes, with_topic_names
from contacts.models import Contact, NoteRevision
from contacts.timeline import Entry, Source, register
from i2a.templatetags.i2a_ui import duration


def register_sources() -> None:
    """Called once, when the apps are ready."""
    register(Source("calls", gettext_lazy("Calls"), 10, call_entries))


def call_entries(contact: Contact, user: Any, before: datetime | None, limit: int) -> list[Entry]:
    """One query, however many calls."""
    calls = Call.objects.visible_to(user).filter(contact=contact)
    if before is not None:
        calls = calls.filter(started_at__lt=before)
    newest = NoteRevision.objects.filter(note=OuterRef("note")).order_by("-number")
    calls = with_service_codes(with_topic_names(calls)).annotate(note_text=Subquery(newest.values("body")[:1]))
    return [call_entry(call) for call in calls.select_related("specialist").order_by("-started_at", "-pk")[:limit]]


def call_entry(call: Any) -> Entry:
    """`call` carries `topic_names`, `service_codes` and `note_text`."""
    services = [str(service.label) for service in Service if service.value in call.service_codes]
    is_voided = call.status == CallStatus.VOIDED
    return Entry(
        at=call.started_at,
        kind="calls",
        icon="call",
        tone="stop" if is_voided else "call",
        title=_title(call) % {"length": duration(call.duration_seconds)},
        detail=_voided(call) if is_voided else _decision(call),
        text=call.note_text or "",
        by=str(call.specialist),
        url=reverse("calls:detail", args=[call.uid]),
        tags=(*call.topic_names, *services),
        identity=f"call:{call.pk}",
        covers=(f"note:{call.note_id}",) if call.note_id else (),
    )


def _title(call: Call) -> str:
    return _("Call to the client, %(length)s") if call.direction == Direction.OUT else _("Call, %(length)s")


def _voided(call: Call) -> str:
    return _("Voided: %(reason)s") % {"reason": call.void_reason}


def _decision(call: Call) -> str:
    """R-FUP-01: that nothing is owed is printed; what is owed has an entry of its own."""
    return str(FollowUpDecision.NONE.label) if call.follow_up_decision == FollowUpDecision.NONE else ""
