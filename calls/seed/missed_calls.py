"""Two callers whom nobody answered: one we do not know, one we do."""

from datetime import datetime, timedelta

from calls.services.missed_calls import take_missed_call

CALLERS = {"demo-1": ("+1 780 555 0186", 70), "demo-2": ("403-555-0191", 25)}


def add_missed_calls(now: datetime) -> None:
    for event_id, (caller, minutes) in CALLERS.items():
        at = now - timedelta(minutes=minutes)
        take_missed_call(event_id=event_id, at=at, caller=caller, now=now)
