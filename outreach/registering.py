"""Registering for an event, giving a seat back, the wait list, attendance (F75, F76).

Every step locks the event first, so that two people never get the last seat.
"""

from datetime import datetime

from django.db import transaction

from access.models import User
from contacts.models import Contact
from outreach.models import Event, Registration

State, Attendance = Registration.State, Registration.Attendance


class NotOpen(Exception):
    """The event is cancelled, or has no date."""


class AlreadyRegistered(Exception):
    """This person is registered, or waits."""


class NothingToCancel(Exception):
    """It was cancelled before, or the event has been attended."""


class NobodyToTell(Exception):
    """They did not move up from the wait list, or know it already."""


class NoAttendance(Exception):
    """The event has not begun, or the registration holds no seat."""


@transaction.atomic
def register(*, event: Event, contact: Contact, by: User, now: datetime) -> Registration:
    """A seat if there is one, else a place on the wait list.

    :raises NotOpen: nobody can register for it.
    :raises AlreadyRegistered: they are registered, or wait.
    """
    event = locked(event.pk)
    if not is_open(event):
        raise NotOpen
    if event.registrations.filter(contact=contact).exclude(state=State.CANCELLED).exists():
        raise AlreadyRegistered
    asked = {"event": event, "contact": contact, "registered_at": now, "registered_by": by}
    return Registration.objects.create(state=seat_or_wait(event), **asked)


@transaction.atomic
def cancel(*, registration: Registration, now: datetime) -> int:
    """Give the seat back; return how many moved up from the wait list.

    :raises NothingToCancel: there is nothing to give back.
    """
    event = locked(registration.event_id)
    registration = event.registrations.get(pk=registration.pk)
    if registration.state == State.CANCELLED or registration.attendance:
        raise NothingToCancel
    registration.state, registration.cancelled_at = State.CANCELLED, now
    registration.save()
    return move_up(event, now)


@transaction.atomic
def mark_told(*, registration: Registration, now: datetime) -> Registration:
    """Somebody who moved up knows it now.

    :raises NobodyToTell: they did not move up, or know already.
    """
    event = locked(registration.event_id)
    registration = event.registrations.get(pk=registration.pk)
    if registration.moved_up_at is None or registration.told_at or registration.state != State.SEAT:
        raise NobodyToTell
    registration.told_at = now
    registration.save()
    return registration


@transaction.atomic
def record_attendance(*, registration: Registration, attendance: str, now: datetime) -> Registration:
    """Whether they came; "" takes an answer back.

    :raises NoAttendance: it cannot be known yet, or they had no seat.
    """
    event = locked(registration.event_id)
    registration = event.registrations.get(pk=registration.pk)
    if not event.has_begun(now) or registration.state != State.SEAT:
        raise NoAttendance
    registration.attendance = attendance
    registration.attendance_at = now if attendance else None
    registration.save()
    return registration


def move_up(event: Event, now: datetime) -> int:
    """Seats that are free go to those who wait, in turn; not once the event has begun. `event` is locked."""
    if event.has_begun(now) or event.cancelled_at:
        return 0
    free = free_seats(event)
    waiting = list(event.registrations.waiting()[:free])  # all of them without a limit of seats
    for registration in waiting:
        registration.state, registration.moved_up_at = State.SEAT, now
        registration.save()
    return len(waiting)


def is_open(event: Event) -> bool:
    """Also after it has begun: who came without asking is written down."""
    return event.cancelled_at is None and event.starts_at is not None


def seat_or_wait(event: Event) -> Registration.State:
    """What the next person gets. `event` is locked."""
    return State.WAITING if free_seats(event) == 0 else State.SEAT


def free_seats(event: Event) -> int | None:
    """None: everybody fits in."""
    return None if event.seats is None else max(event.seats - event.registrations.holding().count(), 0)


def locked(pk: int) -> Event:
    return Event.objects.select_for_update(of=("self",)).get(pk=pk)
