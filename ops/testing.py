"""`test`: the whole suite, browser tests included, on servers of its own beside those of `run`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from ops import environment
from ops.children import die_with_parent
from ops.chromium import find_or_install
from ops.embedded import servers
from ops.places import LOCAL, ROOT
from ops.stop import StopRequest


def test(arguments: Sequence[str]) -> int:
    """The exit code of pytest."""
    chromium = find_or_install()
    without_browser = [] if chromium else ["-m", "not browser"]
    stop = StopRequest()
    stop.listen()
    with servers(LOCAL / "test", durable=False, stop=stop) as running:
        settings = environment.for_tests(running, chromium)
        settings.pop("DJANGO_SETTINGS_MODULE")  # the tests name their own in pyproject.toml
        command = [sys.executable, "-m", "pytest", "-n", "2", *without_browser, *arguments]
        pytest = subprocess.Popen(
            command,
            env=settings,
            cwd=ROOT,
            start_new_session=True,  # Ctrl-C reaches us only, and we pass it on once
            pass_fds=[running.held],
            preexec_fn=die_with_parent(signal.SIGINT),
        )
        return _wait(pytest, stop)


def _wait(pytest: subprocess.Popen[bytes], stop: StopRequest) -> int:
    """Let pytest end by itself; a stop request is passed on to it and its workers, the second one more firmly."""
    passed_on = 0
    while pytest.poll() is None:
        if stop.times > passed_on:
            os.killpg(pytest.pid, signal.SIGTERM if passed_on else signal.SIGINT)
            passed_on = stop.times
        time.sleep(0.1)
    return pytest.returncode
