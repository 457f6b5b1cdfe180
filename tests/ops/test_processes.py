import subprocess
import sys

import pytest

from ops.children import Child
from ops.claim import end_leftovers
from ops.places import ROOT
from ops.processes import LogFollower, parse_procfile
from ops.refusal import Refusal
from ops.stop import StopRequest


def test_a_procfile():
    text = "# what runs\n\nweb: gunicorn i2a.wsgi --bind 127.0.0.1:${PORT:-8000}\nworker:celery worker\n"

    assert parse_procfile(text) == {
        "web": "gunicorn i2a.wsgi --bind 127.0.0.1:${PORT:-8000}",
        "worker": "celery worker",
    }


@pytest.mark.parametrize("line", ["web", "web:", "two words: x", ": x", "web: once\nweb: twice"])
def test_a_line_that_is_no_process_is_named(line):
    with pytest.raises(Refusal, match=r"Procfile, line [12]"):
        parse_procfile(line)


def test_our_procfile_starts_everything():
    processes = parse_procfile((ROOT / "Procfile").read_text())

    assert list(processes) == ["web", "worker", "beat", "sink"]
    assert "--no-control-socket" in processes["web"]  # gunicorn would put one into the home directory
    assert "127.0.0.1" in processes["web"]


@pytest.fixture
def follower(tmp_path):
    log = tmp_path / "web.log"
    log.touch()
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return LogFollower(Child("web", process, log), everything=False)


def test_only_warnings_and_errors_are_shown_with_what_belongs_to_them(follower):
    follower.path.write_text(
        "2026-11-21 09:00:00 INFO i2a started\n"
        "2026-11-21 09:00:01 ERROR django.request Internal Server Error\n"
        "Traceback (most recent call last):\n"
        '  File "views.py", line 1, in home\n'
        "django.db.utils.OperationalError: connection refused\n"
        "2026-11-21 09:00:02 INFO i2a went on\n"
        "[2026-11-21 09:00:03,000: WARNING/MainProcess] slow\n"
    )

    assert follower.new_lines() == [
        "web: 2026-11-21 09:00:01 ERROR django.request Internal Server Error",
        "web: Traceback (most recent call last):",
        'web:   File "views.py", line 1, in home',
        "web: django.db.utils.OperationalError: connection refused",
        "web: [2026-11-21 09:00:03,000: WARNING/MainProcess] slow",
    ]


def test_a_line_is_shown_when_it_is_complete(follower):
    follower.everything = True
    follower.path.write_text("half a ")
    assert follower.new_lines() == []

    with follower.path.open("a") as log:
        log.write("line\n")

    assert follower.new_lines() == ["web: half a line"]


def test_leftovers_that_ignore_polite_signals_are_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("ops.claim.LEFTOVERS_END_IN", 0.2)
    deaf = (
        "import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (2, 15)]; print(1, flush=True); time.sleep(60)"
    )
    with (tmp_path / "children.lock").open("w") as lock:
        leftover = subprocess.Popen(
            [sys.executable, "-c", deaf], pass_fds=[lock.fileno()], stdout=subprocess.PIPE, text=True
        )
    leftover.stdout.readline()
    bystander = subprocess.Popen(["sleep", "30"])

    end_leftovers(tmp_path.resolve() / "children.lock", lambda: leftover.poll() is not None, StopRequest())

    assert leftover.returncode == -9
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()
    leftover.stdout.close()
