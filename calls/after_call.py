"""What may be done next for the caller of the call that was just saved: apps above register it, the desk offers it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest

from calls.models import Call

ON_THE_LINE = timedelta(minutes=10)  # for how long the caller may still be there


class NextStep(NamedTuple):
    """`values` answers what the template sees as `step`, or None: not after this call."""

    template: str
    values: Callable[[HttpRequest, Call], dict[str, Any] | None]


_steps: list[NextStep] = []


def register(step: NextStep) -> None:
    _steps.append(step)


def next_steps(request: HttpRequest, last_calls: list[Call], now: datetime) -> list[tuple[str, dict[str, Any]]]:
    """The template and the values of each step that this person may take with the caller of the newest of `last_calls`,
    as `calls.selectors.last_calls_of` found them."""
    newest = last_calls[0] if last_calls else None
    if newest is None or newest.contact is None or newest.created_at + ON_THE_LINE <= now:
        return []
    if not newest.is_visible:  # type: ignore[attr-defined]
        return []
    asked = ((step.template, step.values(request, newest)) for step in _steps)
    return [(template, values) for template, values in asked if values is not None]
