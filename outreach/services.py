"""Keeping events (R-CMP-01)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from access.models import User
from outreach.models import Event
from outreach.public_form import new_token
from outreach.registering import move_up


class StaleEvent(Exception):
    """Somebody changed the event since the page was opened. Nothing was changed. `current` is what is saved now."""

    def __init__(self, current: Event) -> None:
        super().__init__()
        self.current = current


class SeatsTaken(Exception):
    """More people hold a seat than there would be. `taken` says how many."""

    def __init__(self, taken: int) -> None:
        super().__init__()
        self.taken = taken


class AlreadyCancelled(Exception):
    """The event was cancelled before."""


@transaction.atomic
def add_event(*, event: Event, form_uuid: UUID, by: User, now: datetime) -> Event:
    """The same form sent twice makes one event."""
    before = Event.objects.filter(form_uuid=form_uuid).first()
    if before is not None:
        return before
    event.form_uuid, event.created_by, event.created_at = form_uuid, by, now
    event.link_token = new_token()
    event.save()
    return event


@transaction.atomic
def change_event(*, event: Event, seen_version: int, now: datetime) -> Event:
    """More seats go to those who wait.

    :raises StaleEvent: somebody was faster, or it is cancelled.
    :raises SeatsTaken: fewer seats than people who hold one.
    """
    current = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if current.version != seen_version or current.cancelled_at:
        raise StaleEvent(current)
    taken = event.registrations.holding().count()
    if event.seats is not None and event.seats < taken:
        raise SeatsTaken(taken)
    event.version, event.link_token = seen_version + 1, current.link_token or new_token()
    event.save()
    move_up(event, now)
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
