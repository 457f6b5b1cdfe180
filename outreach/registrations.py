"""What the page of an event says of its registrations."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Q, Value, When

from outreach.models import Event, Registration

State, Attendance = Registration.State, Registration.Attendance
TONES = {State.SEAT: "ok", State.WAITING: "warn", State.CANCELLED: ""}


@dataclass(frozen=True)
class Registrations:
    """`rows`: of people whom the user may see, each with the tone of its state; the counts are of everybody."""

    rows: list[tuple[Registration, str]]
    hidden: int
    seats_taken: int
    waiting: int
    attended: int


def registrations_of(event: Event, user: Any) -> Registrations:
    """Those with a seat, those who wait, those who cancelled; in each the first first."""
    counts = event.registrations.aggregate(
        everybody=Count("pk"),
        seats_taken=Count("pk", filter=Q(state=State.SEAT)),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        attended=Count("pk", filter=Q(attendance=Attendance.ATTENDED)),
    )
    place = Case(When(state=State.SEAT, then=Value(0)), When(state=State.WAITING, then=Value(1)), default=Value(2))
    found = event.registrations.visible_to(user).select_related("contact", "registered_by")
    rows = [(row, TONES[State(row.state)]) for row in found.order_by(place, "registered_at", "pk")]
    return Registrations(rows, counts.pop("everybody") - len(rows), **counts)
