"""Migrations, static files and demonstration data: done at a start when something has changed, and only then."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ops import postgres
from ops.children import start
from ops.embedded import Servers
from ops.environment import manage, write_privately
from ops.places import ROOT
from ops.refusal import Refusal
from ops.stop import StopRequest

LONGEST_STEP = 600  # seconds
NOT_THE_PRODUCT = {"ops", "tests", "benchmarks"}
STATE_OF_MIGRATIONS = "select count(*) || ':' || coalesce(max(id), 0) from django_migrations"
READ_NOTE = "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"


class Preparation:
    """What one start prepares. What was done is noted in the database itself: the note shares the fate of the data."""

    def __init__(self, servers: Servers, environment: Mapping[str, str], stop: StopRequest) -> None:
        self.servers, self.environment, self.stop = servers, dict(environment), stop
        self.programs = postgres.find_programs(servers.places) if servers.embedded_database else None

    def migrate(self) -> None:
        """Bring the tables up to date, as the role that owns them."""
        code = digest(code_files())
        if self._note().get("code") == code and self._note().get("migrations") == self._migrations():
            return
        as_owner = {"DATABASE_URL": self.environment["DATABASE_OWNER_URL"]}
        self._run("Migrating the database", "migrate", "--noinput", "--verbosity", "0", **as_owner)
        self._add_to_note(code=code, migrations=self._migrations())

    def load_demo(self) -> None:
        """Demonstration data, once per database. `seed_demo` may be repeated: a killed one is."""
        if self.environment.get("I2A_DEMO") != "1" or self._note().get("demo"):
            return
        self._run("Loading the demonstration data", "seed_demo")
        self._add_to_note(demo=True)

    def collect_static(self) -> None:
        """Static files under the names the pages use, when one has changed."""
        collected = Path(self.environment.get("STATIC_ROOT") or self.servers.places.state / "static")
        stamp = self.servers.places.state / "static.stamp"
        now = f"{collected} {digest(static_files())}"
        if (collected / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == now:
            return
        self._run("Collecting the static files", "collectstatic", "--noinput", "--verbosity", "0")
        stamp.write_text(now)

    def sign_ins(self) -> str:
        """One line per demonstration account: user name, role, password. Asked again when the code has changed."""
        kept, code = self.servers.places.state / "sign-ins", digest(code_files())
        if not kept.exists() or kept.read_text().partition("\n")[0] != code:
            command = manage("seed_demo", "--print-sign-ins")
            said = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)
            write_privately(kept, f"{code}\n{said.stdout}")
        return kept.read_text().partition("\n")[2].strip("\n")

    def _run(self, title: str, *arguments: str, **changes: str) -> None:
        """A command of manage.py, which Ctrl-C can end.

        :raises Refusal: it failed; the message holds its last words.
        """
        print(f"{title} ...", flush=True)
        places = self.servers.places
        child = start(
            arguments[0],
            manage(*arguments),
            log=places.logs / f"{arguments[0]}.log",
            cwd=ROOT,
            env=self.environment | changes,
            held=self.servers.held,
        )
        try:
            self.stop.wait_until(lambda: child.ended, seconds=LONGEST_STEP, what=f"manage.py {arguments[0]}")
        finally:
            child.stop()
        if child.process.returncode:
            raise Refusal(f"manage.py {arguments[0]} failed:\n{child.last_words()}")

    def _note(self) -> dict[str, Any]:
        """What earlier starts have done to this database; nothing is known of a database of the user's own."""
        if self.programs is None:
            return {}
        written = postgres.ask(self.servers.places, self.programs, READ_NOTE)
        return json.loads(written) if written.startswith("{") else {}

    def _add_to_note(self, **facts: str | bool) -> None:
        if self.programs is None:
            return
        note = json.dumps(self._note() | facts).replace("'", "''")
        postgres.ask(self.servers.places, self.programs, f"comment on database {postgres.DATABASE} is '{note}'")

    def _migrations(self) -> str:
        """Changes whenever a migration is applied or taken back, also by hand."""
        if self.programs is None:
            return ""
        return postgres.ask(self.servers.places, self.programs, STATE_OF_MIGRATIONS)


def code_files() -> list[Path]:
    """All that a migration may depend on: the product's Python, the pinned packages."""
    return [ROOT / "requirements.txt", *(path for package in packages() for path in package.rglob("*.py"))]


def static_files() -> list[Path]:
    """Our own static files; and what decides about the packages' ones."""
    deciding = [ROOT / "requirements.txt", ROOT / "i2a/settings.py"]
    return [*deciding, *(path for place in (ROOT, *packages()) for path in place.glob("static/**/*"))]


def packages() -> list[Path]:
    """The directories of the product's code."""
    return [place.parent for place in ROOT.glob("*/__init__.py") if place.parent.name not in NOT_THE_PRODUCT]


def digest(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in sorted(files):
        if path.is_file():
            whole.update(f"{path.relative_to(ROOT)}\0".encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]
