"""The processes of the Procfile: started together, watched, stopped in order."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ops.children import Child, Ladder, start
from ops.places import Places
from ops.refusal import Refusal

LINE = re.compile(r"(?P<name>[A-Za-z0-9_-]+):\s*(?P<command>\S.*)")
# Nobody may ask for work before the one who does it has gone; the broker, which the worker needs to say goodbye,
# comes after all of these.
STOP_ORDER = ("web", "beat", "worker", "sink")
# If we are killed the broker ends at once; a worker that wants to say goodbye to it would hang, even after SIGQUIT.
ON_OUR_DEATH = {"worker": signal.SIGKILL}
# A warm shutdown ends the task in hand; a second signal drops it, to be delivered again.
LADDERS: dict[str, Ladder] = {"worker": ((signal.SIGTERM, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5))}
NOTEWORTHY = re.compile(r"\b(WARNING|ERROR|CRITICAL|FATAL|PANIC)\b|^Traceback ")
BELONGS_TO_THE_LINE_ABOVE = re.compile(r"\s|Traceback |[\w.]+(Error|Exception)\b")


def parse_procfile(text: str) -> dict[str, str]:
    """Name and shell command of each process, in the order of the file.

    :raises Refusal: a line is neither a process, a comment nor empty, or a name comes twice.
    """
    processes: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        found = LINE.fullmatch(line)
        if found is None or found["name"] in processes:
            raise Refusal(f"Procfile, line {number}: expected a new `name: command`.")
        processes[found["name"]] = found["command"]
    return processes


def start_process(name: str, command: str, *, places: Places, cwd: Path, env: Mapping[str, str], held: int) -> Child:
    return start(
        name,
        ["/bin/sh", "-c", f"exec {command}"],
        log=places.logs / f"{name}.log",
        cwd=cwd,
        env=env,
        held=held,
        on_our_death=ON_OUR_DEATH.get(name, signal.SIGTERM),
        ladder=LADDERS.get(name, ((signal.SIGTERM, 15), (signal.SIGKILL, 5))),
    )


def stop_in_order(children: Iterable[Child], hurry: Callable[[], bool] = lambda: False) -> None:
    """Stop each and wait for it, in STOP_ORDER; whatever that does not name goes first."""
    for child in sorted(children, key=lambda child: STOP_ORDER.index(child.name) if child.name in STOP_ORDER else -1):
        child.stop(hurry)


def first_ended(children: Iterable[Child]) -> Child | None:
    return next((child for child in children if child.ended), None)


class LogFollower:
    """Reads what was added to a log; by default only warnings, errors and the traceback under them."""

    def __init__(self, child: Child, *, everything: bool) -> None:
        self.name, self.path, self.everything = child.name, child.log, everything
        self.position = 0
        self.rest = ""
        self.in_noteworthy = False

    def new_lines(self) -> list[str]:
        with self.path.open("rb") as log:
            log.seek(self.position)
            added = log.read()
        self.position += len(added)
        *lines, self.rest = (self.rest + added.decode(errors="replace")).split("\n")
        return [f"{self.name}: {line}" for line in lines if line.strip() and self._wanted(line)]

    def _wanted(self, line: str) -> bool:
        continued = self.in_noteworthy and BELONGS_TO_THE_LINE_ABOVE.match(line)
        self.in_noteworthy = bool(NOTEWORTHY.search(line) or continued)
        return self.everything or self.in_noteworthy
