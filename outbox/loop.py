"""What comes due beside mail itself, for `send_loop`: where there is no Celery, it begins mailings as beat would."""

from datetime import datetime
from typing import Protocol

from audit.actor import acting_as_system


class Tick(Protocol):
    def __call__(self, *, now: datetime) -> None: ...


_ticks: dict[str, Tick] = {}


def register(actor: str, tick: Tick) -> None:
    """Higher apps say what looks after their mailings; it is signed `system:actor`, as its Celery task is."""
    _ticks[actor] = tick


def look_after_mailings(now: datetime) -> None:
    for actor, tick in _ticks.items():
        with acting_as_system(actor):
            tick(now=now)
