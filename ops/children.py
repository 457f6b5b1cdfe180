"""Child processes that do not outlive the launcher, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.places import Account

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before the fork, where it would not be safe

Ladder = tuple[tuple[signal.Signals, float], ...]  # what to send, and how many seconds to wait for the end
GENTLY: Ladder = ((signal.SIGTERM, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    ladder: Ladder = GENTLY

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """End it as gently as it lets us, with everything it has started; `hurry` says that patience is over."""
        for number, seconds in self.ladder:
            if self.ended:
                break
            self.process.send_signal(number)
            _wait(self, seconds, hurry)
        with suppress(ProcessLookupError):  # what it left behind in its session
            os.killpg(self.process.pid, signal.SIGKILL)

    def last_words(self) -> str:
        """The end of its log, and where the rest is."""
        lines = self.log.read_text(errors="replace").rstrip().splitlines()
        return "\n".join([*lines[-15:], f"(all of it: {self.log})"])


def _wait(child: Child, seconds: float, hurry: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not child.ended and time.monotonic() < end and not hurry():
        time.sleep(0.02)


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str],
    held: int,
    account: Account | None = None,
    on_our_death: signal.Signals = signal.SIGTERM,
    ladder: Ladder = GENTLY,
) -> Child:
    """Start a child in a session of its own, so that Ctrl-C reaches only us.

    Its log begins anew; the one before is kept as NAME.old.log. It inherits `held`, the descriptor of a locked file:
    the lock is free again when the last descendant has gone.
    """
    if log.exists():
        log.replace(log.with_suffix(".old.log"))
    as_account: dict[str, Any] = {}
    if account:
        as_account = {"user": account.user, "group": account.group, "extra_groups": []}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            env=dict(env),
            start_new_session=True,
            pass_fds=[held],
            preexec_fn=die_with_parent(on_our_death),
            **as_account,
        )
    return Child(name, process, log, ladder)


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends `number` to the child when this process ends, even by kill -9 (Linux)."""
    libc = _LIBC
    if libc is None:
        return None
    parent = os.getpid()

    def in_the_child() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it ended before we could ask
            os._exit(1)

    return in_the_child
