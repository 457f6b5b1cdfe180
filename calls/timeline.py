"""Calls on a contact's timeline, each with its note; and the notes that stand on their own (R-CAL-09)."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.choices import CallStatus, Direction, FollowUpDecision, Service
from calls.models import Call, CallService, CallTopic
from calls.records import label_of
from contacts.models import Note, NoteRevision
from contacts.timeline import Entry, Row, Source, Viewed, instant, name_of, register
from i2a.templatetags.i2a_ui import duration


def register_sources() -> None:
    """Called once, when the apps are ready."""
    nothing = gettext_lazy("No calls so far.")
    register(Source("calls", gettext_lazy("Calls"), 10, call_rows, call_entries, nothing, "calls.view_call"))
    nothing = gettext_lazy("No notes of their own. A note written during a call stands with the call.")
    register(Source("notes", gettext_lazy("Notes"), 35, note_rows, note_entries, nothing))


def call_rows(contact: Viewed) -> list[QuerySet[Call]]:
    topics = CallTopic.objects.filter(call=OuterRef("pk")).order_by("topic__position", "pk")
    services = CallService.objects.filter(call=OuterRef("pk")).order_by("pk")
    row = JSONObject(
        uid="uid",
        ended_at="ended_at",
        direction="direction",
        status="status",
        void_reason="void_reason",
        decision="follow_up_decision",
        by=name_of("specialist"),
        topics=ArraySubquery(topics.values_list(label_of("topic"))),
        services=ArraySubquery(services.values_list("service")),
        note=newest_words("note"),
    )
    return [Call.objects.filter(contact=contact).annotate(entry_at=F("started_at"), entry_row=row)]


def newest_words(note: str) -> Subquery:
    revisions = NoteRevision.objects.filter(note=OuterRef(note)).order_by("-number")
    return Subquery(revisions.values("body")[:1])


def call_entries(rows: list[Row], user: Any) -> list[Entry]:
    return [call_entry(row) for row in rows]


def call_entry(row: Row) -> Entry:
    call = row.of
    services = [str(service.label) for service in Service if service.value in call["services"]]
    is_voided = call["status"] == CallStatus.VOIDED
    ended_at = instant(call["ended_at"])
    title = _("Call to the client, %(length)s") if call["direction"] == Direction.OUT else _("Call, %(length)s")
    return Entry(
        at=row.at,
        kind="calls",
        icon="call",
        tone="stop" if is_voided else "call",
        title=title % {"length": duration((ended_at - row.at).total_seconds()) if ended_at else ""},
        detail=_("Voided: %(reason)s") % {"reason": call["void_reason"]} if is_voided else say_decision(call),
        text=call["note"] or "",
        by=call["by"],
        url=reverse("calls:detail", args=[call["uid"]]),
        tags=(*call["topics"], *services),
    )


def say_decision(call: dict[str, Any]) -> str:
    """R-FUP-01: that nothing is owed is printed; what is owed has an entry of its own."""
    return str(FollowUpDecision.NONE.label) if call["decision"] == FollowUpDecision.NONE else ""


def note_rows(contact: Viewed) -> list[QuerySet[Note]]:
    row = JSONObject(body=newest_words("pk"), by=name_of("created_by"))
    notes = Note.objects.filter(~Exists(Call.objects.filter(note=OuterRef("pk"))), contact=contact)
    return [notes.annotate(entry_at=F("created_at"), entry_row=row)]


def note_entries(rows: list[Row], user: Any) -> list[Entry]:
    return [Entry(row.at, "notes", "note", _("Note"), text=row.of["body"] or "", by=row.of["by"]) for row in rows]
