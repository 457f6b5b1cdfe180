"""Who registered for the demonstration's events: one that is full with a wait list, and one that is over."""

from datetime import datetime, timedelta

from access.models import User
from contacts.models import Contact
from outreach import registering
from outreach.models import Event

FULL, OVER = "Hiring from abroad", "Newcomers"


def add_registrations(users: dict[str, User], now: datetime) -> None:
    """Eight ask for six seats, and one gives theirs back; of five who registered for the past evening four came."""
    known = Contact.objects.active().filter(team__name="Phone", sensitivity="standard", merged_into__isnull=True)
    people = list(known.exclude(name__startswith="Aloysius").order_by("pk")[:13])
    full, over = (Event.objects.get(title__startswith=title) for title in (FULL, OVER))
    asked = now - timedelta(days=4)
    made = [ask(full, contact, users["maya"], asked + timedelta(hours=n)) for n, contact in enumerate(people[:8])]
    registering.cancel(registration=made[2], now=now - timedelta(days=1))
    assert over.starts_at is not None
    before, after = over.starts_at - timedelta(days=3), over.starts_at + timedelta(hours=3)
    for number, contact in enumerate(people[8:]):
        registration = ask(over, contact, users["tomas"], before + timedelta(hours=number))
        was_there = registering.Attendance.ABSENT if number == 3 else registering.Attendance.ATTENDED
        registering.record_attendance(registration=registration, attendance=was_there, now=after)


def ask(event: Event, contact: Contact, by: User, at: datetime) -> registering.Registration:
    return registering.register(event=event, contact=contact, by=by, now=at)
