"""What we promised a contact, and what became of it, on the contact's timeline (R-CAL-09)."""

from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.timeline import Entry, Row, Source, Viewed, instant, name_of, register
from followups.models import FollowUp
from i2a import clock
from i2a.wall_time import say_day, say_time
from outbox.models import Reason

KIND = "followups"
Status = FollowUp.Status


def register_sources() -> None:
    """Called once, when the apps are ready."""
    nothing = gettext_lazy("No follow-ups so far.")
    permission = "followups.view_followup"
    register(Source(KIND, gettext_lazy("Follow-ups"), 30, follow_up_rows, follow_up_entries, nothing, permission))


def follow_up_rows(contact: Viewed) -> list[QuerySet[FollowUp]]:
    """A follow-up happens twice: it is promised, and it ends."""
    follow_ups = FollowUp.objects.filter(contact=contact)
    promised = JSONObject(
        uid="uid",
        kind="kind",
        asked="asked",
        due_at="due_at",
        status="status",
        by=name_of("created_by"),
        assigned_to=name_of("assigned_to"),
        paused="paused_at",
    )
    by = Case(
        When(status=Status.DONE, then=name_of("completed_by")),
        default=name_of("cancelled_by"),
        output_field=CharField(),
    )
    ended = JSONObject(
        ended=Value("yes"), status="status", method="method", outcome="outcome", why="cancel_reason", by=by
    )
    ends = follow_ups.exclude(status=Status.OPEN)
    return [
        follow_ups.annotate(entry_at=F("created_at"), entry_row=promised),
        ends.annotate(entry_at=Coalesce("completed_at", "cancelled_at"), entry_row=ended),
    ]


def follow_up_entries(rows: list[Row], user: Any) -> list[Entry]:
    may_close = user.has_perm("followups.change_followup")
    return [end(row) if "ended" in row.of else promise(row, may_close) for row in rows]


def end(row: Row) -> Entry:
    if row.of["status"] == Status.CANCELLED:
        return Entry(row.at, KIND, "close", _("Follow-up cancelled"), text=Reason.say(row.of["why"]), by=row.of["by"])
    how = str(FollowUp.Method(row.of["method"]).label)
    return Entry(
        row.at, KIND, "check", _("Follow-up done"), detail=how, text=row.of["outcome"], tone="ok", by=row.of["by"]
    )


def promise(row: Row, may_close: bool) -> Entry:
    """An absolute due time: entries are read years later. Open ones lead to where they are closed."""
    due_at = instant(row.of["due_at"])
    assert due_at is not None
    person = row.of["assigned_to"] or _("nobody yet")
    words = {"day": say_day(due_at), "time": say_time(due_at), "person": person}
    is_open = row.of["status"] == Status.OPEN
    is_late = is_open and not row.of["paused"] and due_at < clock.now()
    return Entry(
        at=row.at,
        kind=KIND,
        icon="clock",
        tone="stop" if is_late else "",
        title=_("Follow-up promised"),
        detail=_("due %(day)s %(time)s, %(person)s") % words,
        text=row.of["asked"] or str(FollowUp.Kind(row.of["kind"]).label),
        by=row.of["by"],
        url=reverse("followups:detail", args=[row.of["uid"]]) if is_open and may_close else "",
        tags=(_("Overdue"),) if is_late else (_("Open"),) if is_open else (),
    )
