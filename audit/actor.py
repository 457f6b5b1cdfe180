"""Who is acting right now: set by the middleware for a request, by the task or command for everything else.

auditlog's own `set_actor` loses the outer actor when blocks nest (measured, auditlog 3.4.1), and its middleware
believes a forged `X-Forwarded-For`; so the actor is kept here, and `audit.models.LogEntryManager` signs each entry.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

UNSIGNED = "unsigned"


@dataclass(frozen=True)
class Actor:
    """`label` is never empty: the user name, `system:<task>` for the worker, `anonymous` before sign-in."""

    user: Any = None
    label: str = UNSIGNED
    request_id: str = ""
    ip: str | None = None


_current: ContextVar[Actor] = ContextVar("i2a_actor", default=Actor())  # noqa: B039 - it is frozen


def current() -> Actor:
    return _current.get()


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def acting_as(user: Any) -> Iterator[None]:
    """Sign with `user`, keeping the request's id and address; restores the outer actor."""
    with acting(replace(current(), user=user, label=user.get_username())):
        yield


@contextmanager
def acting_as_system(task: str) -> Iterator[None]:
    """Sign as `system:<task>`: what beat starts, commands and imports."""
    with acting(replace(current(), user=None, label=f"system:{task}")):
        yield


@contextmanager
def acting_as_recipient() -> Iterator[None]:
    """Sign as whoever got a mail and follows its link, even if a colleague is signed in in the same browser."""
    with acting(replace(current(), user=None, label="recipient")):
        yield


@contextmanager
def acting_as_visitor() -> Iterator[None]:
    """Sign as whoever fills in a public form, even if a colleague is signed in in the same browser."""
    with acting(replace(current(), user=None, label="visitor")):
        yield
