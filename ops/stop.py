"""Being asked to end."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType

from ops.refusal import Refusal, Stopped

ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest:
    """Ctrl-C, SIGTERM and SIGHUP, remembered until somebody looks.

    Nothing is raised inside the handler: it could hit between starting a child and taking note of it.
    """

    def __init__(self) -> None:
        self.times = 0

    def listen(self) -> None:
        # Explicitly, because the child of a shell's `&` starts with SIGINT ignored.
        for asking in ASKING:
            signal.signal(asking, self._remember)

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self.times += 1

    def check(self) -> None:
        """:raises Stopped: somebody has asked."""
        if self.times:
            raise Stopped

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """:raises Stopped: somebody asked us to end meanwhile. :raises Refusal: not ready in time."""
        end = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > end:
                raise Refusal(f"{what} was not ready after {seconds:.0f} s.")
            time.sleep(0.05)
