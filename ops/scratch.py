"""A PostgreSQL and a Valkey that somebody may kill: for the fault runs and for benchmarks, thrown away afterwards."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ops import environment, postgres, valkey
from ops.children import Child
from ops.claim import claim
from ops.embedded import addresses
from ops.places import ROOT, Places, find_places, own
from ops.stop import StopRequest


class Scratch:
    """Both servers, written to disk as in production. Start, crash and start them again in any order."""

    def __init__(self, places: Places, held: int) -> None:
        self.places, self.held = places, held
        self.children: dict[str, Child] = {}
        self.running = {"postgres": ExitStack(), "valkey": ExitStack()}
        self.start("postgres")
        self.start("valkey")

    @property
    def environment(self) -> dict[str, str]:
        """For every process of the product, and for migrations."""
        return environment.common() | environment.as_in_production() | addresses(self.places.sockets, {})

    def start(self, name: str) -> None:
        run = {"postgres": postgres.running_postgres, "valkey": valkey.running_valkey}[name]
        server = run(self.places, durable=True, held=self.held, stop=StopRequest())
        self.children[name] = self.running[name].enter_context(server)

    def crash(self, name: str) -> None:
        """PostgreSQL as by `pg_ctl stop -m immediate`, Valkey by kill -9."""
        child = self.children[name]
        child.process.send_signal(signal.SIGQUIT if name == "postgres" else signal.SIGKILL)
        child.process.wait(30)
        self.running[name].close()

    def stop(self) -> None:
        for running in reversed(self.running.values()):
            running.close()

    def manage(self, *arguments: str, as_owner: bool = False) -> str:
        env = self.environment
        if as_owner:
            env = env | {"DATABASE_URL": env["DATABASE_OWNER_URL"]}
        done = subprocess.run(
            environment.manage(*arguments), cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Two servers with migrated tables, in a directory that is removed at the end."""
    state = Path(tempfile.mkdtemp(prefix="i2a-scratch-"))
    state.chmod(0o711)
    stop = StopRequest()
    places = find_places(state / "s")
    try:
        with claim(places.state, stop) as held:
            own(places.sockets, places.account)
            servers = Scratch(places, held)
            try:
                servers.manage("migrate", "--verbosity=0", as_owner=True)
                yield servers
            finally:
                servers.stop()
    finally:
        shutil.rmtree(state, ignore_errors=True)
