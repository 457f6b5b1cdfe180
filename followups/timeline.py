"""What we promised a contact, and what became of it, on the contact's timeline (R-CAL-09)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Contact
from contacts.timeline import Entry, Source, register
from followups.models import FollowUp
from i2a.wall_time import say_day, say_time

KIND = "followups"


def register_sources() -> None:
    """Called once, when the apps are ready."""
    register(Source(KIND, gettext_lazy("Follow-ups"), 30, follow_up_entries))


def follow_up_entries(contact: Contact, user: Any, before: datetime | None, limit: int) -> list[Entry]:
    """One query. A follow-up happens twice, promised and ended, so its rows are read whole: nobody has many.

    An entry that shows a follow-up itself covers `follow_up:<pk>` (the promise) and `follow_up_end:<pk>`.
    """
    follow_ups = FollowUp.objects.visible_to(user).filter(contact=contact)
    follow_ups = follow_ups.select_related("assigned_to", "created_by", "completed_by", "cancelled_by").order_by("-pk")
    may_close = user.has_perm("followups.change_followup")
    entries = [entry for follow_up in follow_ups for entry in entries_of(follow_up, may_close)]
    past = [entry for entry in entries if before is None or entry.at < before]
    return sorted(past, key=lambda entry: entry.at, reverse=True)[:limit]


def entries_of(follow_up: FollowUp, may_close: bool) -> Iterator[Entry]:
    """The end first: it is newer."""
    if follow_up.status == FollowUp.Status.DONE and follow_up.completed_at is not None:
        yield Entry(
            at=follow_up.completed_at,
            kind=KIND,
            icon="check",
            tone="ok",
            title=_("Follow-up done"),
            detail=str(follow_up.get_method_display()),
            text=follow_up.outcome,
            by=str(follow_up.completed_by or ""),
            identity=f"follow_up_end:{follow_up.pk}",
        )
    if follow_up.status == FollowUp.Status.CANCELLED and follow_up.cancelled_at is not None:
        yield Entry(
            at=follow_up.cancelled_at,
            kind=KIND,
            icon="close",
            title=_("Follow-up cancelled"),
            text=follow_up.cancel_reason,
            by=str(follow_up.cancelled_by or ""),
            identity=f"follow_up_end:{follow_up.pk}",
        )
    yield promise(follow_up, may_close)


def promise(follow_up: FollowUp, may_close: bool) -> Entry:
    """An absolute due time: entries are read years later. Open ones lead to where they are closed."""
    words = {"day": say_day(follow_up.due_at), "time": say_time(follow_up.due_at), "person": follow_up.assigned_to}
    return Entry(
        at=follow_up.created_at,
        kind=KIND,
        icon="clock",
        title=_("Follow-up promised"),
        detail=_("due %(day)s %(time)s, %(person)s") % words,
        text=follow_up.asked or str(follow_up.get_kind_display()),
        by=str(follow_up.created_by or ""),
        url=follow_up.get_absolute_url() if follow_up.is_open and may_close else "",
        tags=(_("Open"),) if follow_up.is_open else (),
        identity=f"follow_up:{follow_up.pk}",
    )
