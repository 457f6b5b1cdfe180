"""Keeping events (R-CMP-01)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from access.models import User
from outreach.models import Event


class StaleEvent(Exception):
    """Somebody changed the event since the page was opened. Nothing was changed. `current` is what is saved now."""

    def __init__(self, current: Event) -> None:
        super().__init__()
        self.current = current


class AlreadyCancelled(Exception):
    """The event was cancelled before."""


@transaction.atomic
def add_event(*, event: Event, form_uuid: UUID, by: User, now: datetime) -> Event:
    """The same form sent twice makes one event."""
    before = Event.objects.filter(form_uuid=form_uuid).first()
    if before is not None:
        return before
    event.form_uuid, event.created_by, event.created_at = form_uuid, by, now
    event.save()
    return event


@transaction.atomic
def change_event(*, event: Event, seen_version: int) -> Event:
    """:raises StaleEvent: somebody was faster, or it is cancelled."""
    current = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if current.version != seen_version or current.cancelled_at:
        raise StaleEvent(current)
    event.version = seen_version + 1
    event.save()
    return event


@transaction.atomic
def cancel_event(*, event: Event, because: str, now: datetime) -> Event:
    """It is offered to nobody any more; what was recorded about it stays.

    :raises AlreadyCancelled: somebody was faster.
    """
    event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if event.cancelled_at:
        raise AlreadyCancelled
    event.cancelled_at, event.cancelled_because = now, because
    event.version += 1
    event.save()
    return event
