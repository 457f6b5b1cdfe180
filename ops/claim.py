"""One launcher per state directory, and nothing left over from the one before."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ops.refusal import Refusal
from ops.stop import StopRequest

LEFTOVERS_END_IN = 5  # seconds; a killed launcher's children need about one
LEFTOVERS_LADDER = (signal.SIGTERM, signal.SIGINT, signal.SIGKILL)


class AlreadyRunning(Refusal):
    """Another launcher works in this state directory."""


@contextmanager
def claim(state: Path, stop: StopRequest) -> Iterator[int]:
    """Make this process the only launcher of `state`; yield the descriptor that every child inherits.

    :raises AlreadyRunning: somebody else is.
    """
    with (state / "lock").open("a+") as ours, (state / "children.lock").open("a") as theirs:
        if not _lock(ours.fileno()):
            raise AlreadyRunning(f"already running here (process {_owner(Path(ours.name))})")
        ours.truncate(0)
        ours.write(str(os.getpid()))
        ours.flush()
        end_leftovers(Path(theirs.name), lambda: _lock(theirs.fileno()), stop)
        try:
            yield theirs.fileno()
        finally:
            ours.truncate(0)


def _owner(lock: Path) -> str:
    """The number that the owner writes into the file right after locking it."""
    end = time.monotonic() + 1
    while not (number := lock.read_text()) and time.monotonic() < end:
        time.sleep(0.02)
    return number or "?"


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def end_leftovers(path: Path, gone: Callable[[], bool], stop: StopRequest) -> None:
    """Wait for the children of a killed launcher; help along those that do not end by themselves.

    A child still holds the lock that it inherited, so none is overlooked and nobody else is hit.

    :raises Refusal: something survives SIGKILL (it hangs in the kernel).
    """
    for number in LEFTOVERS_LADDER:
        with suppress(Refusal):
            stop.wait_until(gone, seconds=LEFTOVERS_END_IN, what="")
            return
        for process in holders(path):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, number)
    survivors = f"Processes {sorted(holders(path))} of an earlier run"
    stop.wait_until(gone, seconds=LEFTOVERS_END_IN, what=f"{survivors} do not end; this start")


def holders(path: Path) -> set[int]:
    """The processes that have `path` open, without ourselves."""
    if Path("/proc/self/fd").exists():
        found = {int(link.parts[2]) for link in Path("/proc").glob("[0-9]*/fd/*") if _points_to(link, path)}
    else:  # macOS, where leftovers are likelier: no signal at the parent's death
        lsof = shutil.which("lsof") or "/usr/sbin/lsof"
        said = subprocess.run([lsof, "-t", path], capture_output=True, text=True, check=False).stdout
        found = {int(word) for word in said.split()}
    return found - {os.getpid()}


def _points_to(link: Path, path: Path) -> bool:
    try:
        return os.readlink(link) == str(path)
    except OSError:  # it ended just now, or belongs to another user
        return False
