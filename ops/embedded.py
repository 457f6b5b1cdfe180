"""The embedded default: a private PostgreSQL and a private Valkey for `run` and `test`. Not for production."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ops import postgres, valkey
from ops.children import Child
from ops.claim import claim
from ops.places import Places, find_places, own
from ops.stop import StopRequest

URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


@dataclass(frozen=True)
class Servers:
    """What is running, and how to reach it."""

    places: Places
    held: int  # the descriptor that every further child inherits (`ops.claim`)
    environment: Mapping[str, str]  # DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL
    children: tuple[Child, ...] = field(default=())
    embedded_database: bool = True


def addresses(sockets: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The three addresses: those the user has given, else those of the embedded servers."""
    embedded = {
        "DATABASE_URL": postgres.address(postgres.APP, sockets),
        "DATABASE_OWNER_URL": postgres.address(postgres.OWNER, sockets),
        "REDIS_URL": valkey.address(sockets),
    }
    own_database = given.get("DATABASE_URL")
    if own_database:
        embedded["DATABASE_OWNER_URL"] = own_database
    return embedded | {name: given[name] for name in URLS if given.get(name)}


@contextmanager
def servers(state: Path, *, durable: bool = True, stop: StopRequest | None = None) -> Iterator[Servers]:
    """Start what the user has not given an address for; stop it at the end: Valkey first, PostgreSQL last.

    `durable` off trades crash safety for speed: tests only.

    :raises Refusal: a server cannot start, or another launcher works in `state`.
    """
    stop = stop or StopRequest()
    given = os.environ
    places = find_places(state)
    with ExitStack() as running:
        held = running.enter_context(claim(places.state, stop))
        own(places.sockets, places.account)
        children = []
        if not given.get("DATABASE_URL"):
            server = postgres.running_postgres(places, durable=durable, held=held, stop=stop)
            children.append(running.enter_context(server))
        elif not given.get("DATABASE_OWNER_URL"):
            print("DATABASE_OWNER_URL is not set: migrations use the role of DATABASE_URL.", flush=True)
        if not given.get("REDIS_URL"):
            children.append(running.enter_context(valkey.running_valkey(places, durable=durable, held=held, stop=stop)))
        yield Servers(
            places=places,
            held=held,
            environment=addresses(places.sockets, given),
            children=tuple(children),
            embedded_database=not given.get("DATABASE_URL"),
        )
