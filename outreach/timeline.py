"""Events on a contact's timeline: registered, cancelled, attended (F76)."""

from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.timeline import Entry, Row, Source, Viewed, name_of, register
from outreach.campaigns import timeline as campaigns
from outreach.models import Event, Registration

KIND = "events"
State, Attendance = Registration.State, Registration.Attendance


def register_sources() -> None:
    """Called once, when the apps are ready."""
    nothing = gettext_lazy("Not registered for any event.")
    register(Source(KIND, gettext_lazy("Events"), 27, rows_of, entries, nothing, "outreach.view_event"))
    nothing = gettext_lazy("No invitations so far.")
    of_campaigns = campaigns.rows_of, campaigns.entries
    register(Source(campaigns.KIND, gettext_lazy("Campaigns"), 25, *of_campaigns, nothing))


def rows_of(contact: Viewed) -> list[QuerySet[Registration]]:
    """A registration happens up to three times."""
    found = Registration.objects.filter(contact=contact)
    about: dict[str, Any] = {name: name for name in ["state", "attendance", "from_form"]}
    about |= {"title": "event__title", "kind": "event__kind", "event": "event__uid", "by": name_of("registered_by")}
    steps = [
        ("registered", "registered_at", found),
        ("cancelled", "cancelled_at", found.filter(cancelled_at__isnull=False)),
        ("attendance", "attendance_at", found.filter(attendance_at__isnull=False)),
    ]
    return [
        rows.annotate(
            entry_at=F(column),
            entry_row=JSONObject(step=Value(step), **about),
        )
        for step, column, rows in steps
    ]


def entries(rows: list[Row], user: Any) -> list[Entry]:
    return [entry(row) for row in rows]


def entry(row: Row) -> Entry:
    step, was_there = row.of["step"], row.of["attendance"] == Attendance.ATTENDED
    titles = {
        "registered": _("Registered for an event"),
        "cancelled": _("Registration cancelled"),
        "attendance": _("Attended an event") if was_there else _("Did not come to an event"),
    }
    waits = step == "registered" and row.of["state"] == State.WAITING
    by_form = step == "registered" and row.of["from_form"]
    return Entry(
        at=row.at,
        kind=KIND,
        icon="close" if step == "cancelled" else "calendar",
        tone="ok" if step == "attendance" and was_there else "",
        title=titles[step],
        detail=str(Event.Kind(row.of["kind"]).label),
        text=row.of["title"],
        by=_("public form") if by_form else row.of["by"] if step == "registered" else "",
        url=reverse("outreach:event", args=[row.of["event"]]),
        tags=(str(State.WAITING.label),) if waits else (),
    )
