"""What the page of an event says of its registrations."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from contacts.emails import fingerprint
from outreach.models import Event, FormEntry, Registration

State, Attendance = Registration.State, Registration.Attendance
TONES = {State.SEAT: "ok", State.WAITING: "warn", State.CANCELLED: ""}


def with_counts(events: "QuerySet[Event]") -> "QuerySet[Event]":
    """`seats_taken`, `waiting`, `to_match`, whoever may see the people; counted for the rows that are fetched only."""
    own = Registration.objects.filter(event=OuterRef("pk"))
    return events.annotate(
        seats_taken=number_of(own.holding()), waiting=number_of(own.waiting()), to_match=number_of(own.to_match())
    )


def number_of(rows: "QuerySet[Registration]") -> Coalesce:
    counted = rows.order_by().values("event").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


@dataclass(frozen=True)
class Row:
    """A registration that the user may see. `entry`: what was typed on the public form, while that is kept; `is_twice`:
    another one of this event has the same address or number."""

    registration: Registration
    tone: str
    entry: FormEntry | None
    is_twice: bool = False

    @property
    def is_unmatched(self) -> bool:
        return self.registration.contact_id is None

    @property
    def is_to_match(self) -> bool:
        return self.is_unmatched and self.registration.state != State.CANCELLED

    @property
    def is_to_tell(self) -> bool:
        moved_up = self.registration.moved_up_at is not None and self.registration.state == State.SEAT
        return moved_up and self.registration.told_at is None


@dataclass(frozen=True)
class Registrations:
    """`rows` are of people whom the user may see; the counts are of everybody. `erased`: came by the public form, and
    what they typed is erased."""

    rows: list[Row]
    hidden: int
    erased: int
    seats_taken: int
    waiting: int
    attended: int

    @property
    def to_match(self) -> int:
        return sum(row.is_to_match for row in self.rows)

    @property
    def to_tell(self) -> int:
        return sum(row.is_to_tell for row in self.rows)


def registrations_of(event: Event, user: Any) -> Registrations:
    """Those with a seat, those who wait, those who cancelled; in each the first first."""
    counts = event.registrations.aggregate(
        everybody=Count("pk"),
        erased=Count("pk", filter=Q(contact=None, entry=None)),
        seats_taken=Count("pk", filter=Q(state=State.SEAT)),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        attended=Count("pk", filter=Q(attendance=Attendance.ATTENDED)),
    )
    rows = rows_of(event, user)
    return Registrations(rows, counts.pop("everybody") - counts["erased"] - len(rows), **counts)


def rows_of(event: Event, user: Any) -> list[Row]:
    place = Case(When(state=State.SEAT, then=Value(0)), When(state=State.WAITING, then=Value(1)), default=Value(2))
    found = event.registrations.visible_to(user).exclude(contact=None, entry=None)
    found = found.select_related("contact", "registered_by", "entry").order_by(place, "registered_at", "pk")
    times = Counter(key for row in found if row.state != State.CANCELLED for key in keys_of(row))
    return [
        Row(
            row,
            TONES[State(row.state)],
            getattr(row, "entry", None),
            is_twice=row.contact_id is None and any(times[key] > 1 for key in keys_of(row)),
        )
        for row in found
    ]


def keys_of(row: Registration) -> set[str]:
    """The address and the numbers that somebody can be told by."""
    who = row.contact or row.entry
    return {fingerprint(who.email), who.phone, getattr(who, "mobile", "")} - {""}
