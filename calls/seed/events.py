"""Who registered for the demonstration's events: one that is full with a wait list, one that is over, and one to which
people came by the public form."""

from datetime import datetime, timedelta
from uuid import uuid4

from access.models import User
from audit.actor import acting_as_visitor
from contacts.models import Contact
from outreach import public_form, registering
from outreach.models import Event

FULL, OVER, OPEN = "Hiring from abroad", "Newcomers", "Work permits for spouses"
TYPED = [  # on the public form: the first is somebody we know, the last two are one person
    {"name": "O. Kovalenko", "email": "olena.kovalenko@example.com", "phone": "", "phone_typed": "", "language": "en"},
    {"name": "Amélie Inventée", "email": "", "phone": "+15875550163", "phone_typed": "587 555-0163", "language": "fr"},
    {"name": "Kwesi Madeup", "email": "kwesi@example.net", "phone": "", "phone_typed": "", "language": "en"},
    {"name": "Kwesi Madeup", "email": "kwesi@example.net", "phone": "", "phone_typed": "", "language": "en"},
]


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
    add_entries(Event.objects.get(title__startswith=OPEN), now)


def add_entries(event: Event, now: datetime) -> None:
    for number, values in enumerate(TYPED):
        at = now - timedelta(hours=30 - 7 * number)
        notice = public_form.notice_in(values["language"], at)
        assert notice is not None
        with acting_as_visitor():
            public_form.enter(event=event, values=values, form_uuid=uuid4(), notice=notice, now=at)


def ask(event: Event, contact: Contact, by: User, at: datetime) -> registering.Registration:
    return registering.register(event=event, contact=contact, by=by, now=at)
