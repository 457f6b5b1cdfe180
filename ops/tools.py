"""`manage`, `shell`, `psql`, `pg_dump`, `pg_restore`: a tool on the running copy, or on servers started for it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ops import environment, postgres
from ops.claim import AlreadyRunning
from ops.embedded import servers
from ops.places import LOCAL, ROOT, find_places
from ops.refusal import Refusal

OWNERS_COMMANDS = {"migrate", "makemigrations", "sqlmigrate"}


def use_tool(name: str, arguments: Sequence[str]) -> int:
    """The exit code of the tool."""
    with surroundings() as settings:
        if name in {"manage", "shell"}:
            arguments = ["shell", *arguments] if name == "shell" else arguments
            if arguments and arguments[0] in OWNERS_COMMANDS:
                settings = {**settings, "DATABASE_URL": settings["DATABASE_OWNER_URL"]}
            return subprocess.call(environment.manage(*arguments), env=settings, cwd=ROOT)
        return _use_database_tool(name, arguments, settings)


def _use_database_tool(name: str, arguments: Sequence[str], settings: Mapping[str, str]) -> int:
    """:raises Refusal: the database is the user's own, so he has tools and a password for it."""
    if os.environ.get("DATABASE_URL"):
        raise Refusal(f"DATABASE_URL is set, so the embedded database is not used; call {name} yourself.")
    places = find_places(LOCAL)
    programs = postgres.find_programs(places)
    client = postgres.client_environment(places.sockets)
    return subprocess.call([programs / name, *arguments], env={**settings, **client})


@contextmanager
def surroundings() -> Iterator[Mapping[str, str]]:
    """The variables of the running launcher; if there is none, servers for as long as the tool needs them."""
    try:
        with servers(LOCAL) as running:
            yield environment.for_run(running, port=8000, sink_port=2525)
    except AlreadyRunning:
        yield environment.of_the_running_launcher(LOCAL)
