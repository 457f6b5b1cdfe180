"""`run`: everything on this machine, with demonstration data, until Ctrl-C."""

from __future__ import annotations

import errno
import os
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence

from ops import environment
from ops.children import Child
from ops.embedded import Servers, servers
from ops.places import LOCAL, ROOT
from ops.preparation import Preparation
from ops.processes import LogFollower, first_ended, parse_procfile, start_process, stop_in_order
from ops.refusal import Refusal, Stopped
from ops.stop import StopRequest

FIRST_PORT, PORTS_TRIED = 8000, 20
FIRST_PAGE_WITHIN = 120  # seconds


def run() -> int:
    """Exit code: 0 after a stop that was asked for, 1 if a process ended by itself."""
    stop = StopRequest()
    stop.listen()
    try:
        with servers(LOCAL, stop=stop) as running:
            ended = _run_processes(running, stop)
    except Stopped:
        ended = None
    print("stopped" if ended is None else "everything is stopped", flush=True)
    return 0 if ended is None else 1


def _run_processes(running: Servers, stop: StopRequest) -> Child | None:
    """Prepare, start, watch, stop. Returns the process that ended by itself, or None."""
    with reserve_port(os.environ.get("PORT")) as reserved:
        settings = environment.for_run(running, port=reserved.getsockname()[1], sink_port=any_free_port())
        preparation = Preparation(running, settings, stop)
        preparation.migrate()
        preparation.load_demo()
        preparation.collect_static()
    environment.save_for_other_commands(running.places.state, settings)
    children: list[Child] = []
    ended = None
    try:
        for name, command in _processes().items():
            places, held = running.places, running.held
            children.append(start_process(name, command, places=places, cwd=ROOT, env=settings, held=held))
        followers = [LogFollower(child, everything=os.environ.get("I2A_VERBOSE") == "1") for child in children]
        ended = _watch([*children, *running.children], followers, lambda: _announced(settings, preparation), stop)
    finally:
        print("\nstopping ..." if ended is None else f"{_told(ended)}; stopping everything", flush=True)
        stop.times = 0  # from now on another Ctrl-C means: hurry
        stop_in_order(children, hurry=lambda: stop.times > 0)
    return ended


def _processes() -> dict[str, str]:
    processes = parse_procfile((ROOT / "Procfile").read_text())
    if os.environ.get("EMAIL_URL"):  # mail goes where the user wants it
        processes.pop("sink", None)
    return processes


def _told(ended: Child) -> str:
    return f"{ended.name} ended by itself (exit code {ended.process.returncode}; see {ended.log})"


def _watch(
    children: Sequence[Child], followers: Sequence[LogFollower], announced: Callable[[], bool], stop: StopRequest
) -> Child | None:
    """Show what is worth showing until a process ends, which is returned, or somebody asks us to stop.

    :raises Refusal: there is no first page in time.
    """
    started, ready = time.monotonic(), False
    while not stop.times:
        for follower in followers:
            for line in follower.new_lines():
                print(line, flush=True)
        if ended := first_ended(children):
            return ended
        ready = ready or announced()
        if not ready and time.monotonic() - started > FIRST_PAGE_WITHIN:
            raise Refusal(f"There was no first page within {FIRST_PAGE_WITHIN} s; see .local/logs/web.log")
        time.sleep(0.1)
    return None


def _announced(settings: Mapping[str, str], preparation: Preparation) -> bool:
    """Print the address as soon as the first page is served; False: not yet."""
    if not serves_first_page(settings["PORT"]):
        return False
    announce(settings, preparation.sign_ins() if settings["I2A_DEMO"] == "1" else "")
    return True


def announce(settings: Mapping[str, str], sign_ins: str) -> None:
    """Where it runs, and who may sign in."""
    print(f"\n  I2A is ready:  http://127.0.0.1:{settings['PORT']}/\n")
    if sign_ins:
        print("  Demonstration sign-ins (user name, role, password):")
        print("\n".join(f"    {line}" for line in sign_ins.splitlines()), end="\n\n")
    print("  Ctrl-C stops it; data and logs stay in .local/. The database: python3 dev.py psql\n", flush=True)


def reserve_port(wanted: str | None) -> socket.socket:
    """Keep the wanted port, or the first free one of 20, from others until the socket is closed.

    :raises Refusal: the wanted one is taken or no port at all, or all 20 are taken.
    """
    if wanted:
        if not re.fullmatch("[0-9]{1,5}", wanted) or not 0 < int(wanted) < 65536:
            raise Refusal(f"PORT must be a number from 1 to 65535, not {wanted!r}.")
        if reserved := reserve(int(wanted)):
            return reserved
        raise Refusal(f"Port {wanted} is taken. Free it, or choose another: PORT=8100 make run")
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if reserved := reserve(port):
            return reserved
    last = FIRST_PORT + PORTS_TRIED - 1
    raise Refusal(f"Ports {FIRST_PORT} to {last} are all taken. Choose another: PORT=8100 make run")


def reserve(port: int) -> socket.socket | None:
    """:raises Refusal: the system does not let us use it at all."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        reserved.bind(("127.0.0.1", port))
        reserved.listen()
    except OSError as problem:
        reserved.close()
        if problem.errno == errno.EACCES:
            raise Refusal(f"Port {port} may not be used by this account. Choose one from 1024: PORT=8100") from None
        return None
    return reserved


def any_free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def serves_first_page(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as answer:
        print(f"web: the first page answers {answer.code}; see .local/logs/web.log", flush=True)
        return True
    except OSError:
        return False
