"""Reads of the main screen that span tables."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from access.models import User
from calls.models import Call, CallDraft
from calls.records import with_topic_names
from contacts.models import Contact
from outbox.models import Message

UNDO_FOR = timedelta(seconds=20)
DRAFT_COLUMNS = [
    "uid", "user", "undo", "started_at", "saved_at", "contact__name", "contact__name_latin", "contact__organisation",
    "call__uid", "call__ref", "call__created_at",
]  # fmt: skip


@dataclass
class Drafts:
    """One person's drafts: the call in progress, the unfinished ones, and the save that can still be undone."""

    current: CallDraft | None = None
    unfinished: list[CallDraft] = field(default_factory=list)
    undoable: CallDraft | None = None


def drafts_of(user: User, now: datetime) -> Drafts:
    """Everything the strip, the desk and the Undo toast need, in one query: it is asked on every page."""
    rows = CallDraft.objects.visible_to(user).select_related("contact", "call").only(*DRAFT_COLUMNS)
    seen = Contact.objects.visible_to(user).filter(pk=OuterRef("contact_id"))
    earlier = Call.objects.active().filter(contact=OuterRef("contact_id")).values("contact").annotate(count=Count("pk"))
    rows = rows.annotate(earlier_calls=Subquery(earlier.values("count")), sees_contact=Exists(seen))
    drafts = Drafts()
    for draft in rows.order_by("-started_at", "-pk")[:20]:
        if draft.call is not None:
            if drafts.undoable is None and draft.call.created_at + UNDO_FOR > now:
                drafts.undoable = draft
        elif drafts.current is None:
            drafts.current = draft
        else:
            drafts.unfinished.append(draft)
    return drafts


def day_bounds(now: datetime) -> tuple[datetime, datetime]:
    """The Edmonton day of `now`, half-open."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)


def last_calls_of(user: User, count: int = 6) -> list[Call]:
    """One's own last calls with the words of topics and services, in one query. Which ones comes first: aggregating all
    calls of somebody who took 75 000 would take a second."""
    newest = Call.objects.active().filter(specialist=user).order_by("-started_at", "-pk").values("pk")[:count]
    calls = with_topic_names(Call.objects.filter(pk__in=newest)).select_related("contact", "follow_up")
    visible = Call.objects.visible_to(user).filter(pk=OuterRef("pk"))
    calls = calls.annotate(
        is_visible=Exists(visible),
        service_codes=ArrayAgg("services__service", distinct=True, default=[], filter=Q(services__isnull=False)),
    )
    return list(calls.order_by("-started_at", "-pk"))


def day_so_far(user: User, now: datetime) -> dict[str, int]:
    start, end = day_bounds(now)
    return {
        "calls": Call.objects.active().filter(specialist=user).started_between(start, end).count(),
        "mails": Message.objects.filter(created_by=user, state="sent", sent_at__gte=start, sent_at__lt=end).count(),
    }


def earlier_calls(contact: Any, user: User, count: int = 3) -> list[Call]:
    """The last calls with a caller, for the side of the call page."""
    calls = with_topic_names(Call.objects.visible_to(user).active().filter(contact=contact))
    return list(calls.order_by("-started_at", "-pk")[:count])
