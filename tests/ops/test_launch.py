"""The launcher as a user meets it, on a small stand-in project (conftest)."""

import json
import os
import signal
import socket
import stat
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from ops import postgres
from ops.launch import reserve_port
from ops.places import find_places
from ops.refusal import Refusal
from tests.ops.conftest import wait_until


def port_of(launcher):
    return int(launcher.said.split("http://127.0.0.1:")[1].split("/")[0])


def ended(project):
    path = project / "ended.log"
    return path.read_text().split() if path.exists() else []


def commands(project):
    return (project / "commands.log").read_text().split()


def forget_commands(project):
    (project / "commands.log").write_text("")


def test_start_sign_ins_and_a_clean_stop_in_order(standin, launch):
    launcher = launch(standin).wait_for("Ctrl-C stops it")
    with urllib.request.urlopen(f"http://127.0.0.1:{port_of(launcher)}/") as page:
        assert page.status == 200
    assert "    maya  specialist  correct horse" in launcher.said

    assert launcher.end(signal.SIGINT) == 0

    assert launcher.said.rstrip().endswith("stopped")
    assert ended(standin) == ["beat", "worker"]
    assert not launcher.descendants()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "terminal closed"])
def test_other_ways_to_ask_for_a_stop(standin, launch, number):
    launcher = launch(standin).wait_for("I2A is ready")

    assert launcher.end(number) == 0

    assert not launcher.descendants()


def test_a_stop_while_it_is_starting(standin, launch):
    (standin / "manage.py").write_text("import time; time.sleep(60)")
    launcher = launch(standin).wait_for("Migrating the database")

    assert launcher.end(signal.SIGINT, seconds=10) == 0

    assert not launcher.descendants()


def test_kill_9_of_the_launcher_leaves_nothing_and_the_next_start_is_normal(standin, launch):
    launcher = launch(standin).wait_for("I2A is ready")
    names = {"postgres", "valkey-server", "python"}
    assert names <= {Path(f"/proc/{pid}/comm").read_text().strip() for pid in launcher.descendants()}

    launcher.end(signal.SIGKILL)

    wait_until(lambda: not launcher.descendants(), seconds=6)
    assert launch(standin).wait_for("I2A is ready").end() == 0


def test_a_start_right_after_kill_9_waits_for_the_old_processes(standin, launch):
    launch(standin).wait_for("I2A is ready").end(signal.SIGKILL)

    assert launch(standin).wait_for("I2A is ready").end() == 0


def test_kill_9_of_everything_at_once(standin, launch):
    launcher = launch(standin).wait_for("I2A is ready")
    for process in {launcher.process.pid, *launcher.descendants()}:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    launcher.process.wait()

    assert launch(standin).wait_for("I2A is ready").end() == 0


@pytest.mark.parametrize(
    ("victim", "name"),
    [("ends.py beat", "beat"), ("pginstall/bin/postgres", "postgres"), ("valkey-server", "valkey")],
)
def test_a_process_that_dies_stops_everything_and_is_named(standin, launch, victim, name):
    launcher = launch(standin).wait_for("I2A is ready")

    os.kill(launcher.pid_of(victim), signal.SIGKILL)

    assert launcher.process.wait(20) == 1
    assert f"{name} ended by itself (exit code -9" in launcher.said
    assert not launcher.descendants()
    assert launch(standin).wait_for("I2A is ready").end() == 0


def test_a_process_that_cannot_start_is_named(standin, launch):
    with (standin / "Procfile").open("a") as procfile:
        procfile.write("broken: no-such-program\n")

    launcher = launch(standin)

    assert launcher.process.wait(20) == 1
    assert "broken ended by itself (exit code 127" in launcher.said


def test_two_starts_at_once(standin, launch):
    first, second = launch(standin), launch(standin)
    wait_until(lambda: first.process.poll() is not None or second.process.poll() is not None)
    refused, runs = (first, second) if first.process.poll() is not None else (second, first)

    assert refused.process.returncode == 1
    assert f"already running here (process {runs.process.pid})" in refused.said
    assert runs.wait_for("I2A is ready").end() == 0


def test_preparation_is_done_once_and_again_when_something_changes(standin, launch):
    launch(standin).wait_for("I2A is ready").end()
    assert commands(standin) == ["migrate", "seed_demo", "collectstatic"]

    forget_commands(standin)
    launch(standin).wait_for("I2A is ready").end()
    assert commands(standin) == []

    (standin / "contacts/migrations/0002_more.py").touch()
    (standin / "static").mkdir()
    (standin / "static/app.css").touch()
    launch(standin).wait_for("I2A is ready").end()
    assert commands(standin) == ["migrate", "collectstatic"]


def test_a_new_database_is_prepared_whatever_was_noted_before(standin, launch):
    launcher = launch(standin).wait_for("I2A is ready")
    places = find_places(standin / ".local")
    programs = postgres.find_programs(places)
    for statement in ("drop database i2a with (force)", "create database i2a owner i2a_owner"):
        postgres.ask(places, programs, statement, database="postgres")
    launcher.end()
    forget_commands(standin)

    launch(standin).wait_for("I2A is ready").end()

    assert commands(standin) == ["migrate", "seed_demo"]


def test_a_migration_taken_back_by_hand_is_noticed(standin, launch):
    launcher = launch(standin).wait_for("I2A is ready")
    places = find_places(standin / ".local")
    postgres.ask(places, postgres.find_programs(places), "delete from django_migrations")
    launcher.end()
    forget_commands(standin)

    launch(standin).wait_for("I2A is ready").end()

    assert commands(standin) == ["migrate"]


def test_a_failing_migration_says_why(standin, launch):
    (standin / "manage.py").write_text("raise SystemExit('relation already exists')")

    launcher = launch(standin)

    assert launcher.process.wait(20) == 1
    assert "i2a: manage.py migrate failed:\nrelation already exists" in launcher.said


def test_keys_are_random_private_and_kept(standin, launch):
    launch(standin).wait_for("I2A is ready").end()
    keys = standin / ".local/keys"
    first = keys.read_text()
    environment = json.loads((standin / ".local/environment.json").read_text())
    launch(standin).wait_for("I2A is ready").end()

    assert keys.read_text() == first
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert environment["SECRET_KEY"] != environment["I2A_HMAC_KEY"]
    assert min(len(environment["SECRET_KEY"]), len(environment["I2A_HMAC_KEY"])) >= 50


def test_what_the_processes_are_told(standin, launch):
    launcher = launch(standin).wait_for("I2A is ready")
    told = json.loads((standin / ".local/environment.json").read_text())
    launcher.end()

    assert told["I2A_SITE_URL"] == f"http://127.0.0.1:{port_of(launcher)}"
    assert (told["I2A_DEMO"], told["I2A_HTTPS"], told["PYTHONTZPATH"]) == ("1", "0", "")
    assert told["DATABASE_URL"].startswith("postgres://i2a_app@/")
    assert told["EMAIL_URL"] == f"smtp://127.0.0.1:{told['SINK_PORT']}"


def test_with_a_mail_server_of_ones_own_there_is_no_sink(standin, launch):
    launcher = launch(standin, EMAIL_URL="smtp://mail.example.org:25").wait_for("I2A is ready")
    told = json.loads((standin / ".local/environment.json").read_text())
    launcher.end()

    assert not (standin / ".local/logs/sink.log").exists()
    assert (standin / ".local/logs/worker.log").exists()
    assert "EMAIL_URL" not in told  # the user's own reaches the processes as it is


@pytest.fixture
def taken():
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        yield somebody.getsockname()[1]


def test_a_taken_port_that_was_asked_for_is_refused(standin, launch, taken):
    launcher = launch(standin, PORT=str(taken))

    assert launcher.process.wait(20) == 1
    assert f"i2a: Port {taken} is taken. Free it, or choose another: PORT=8100 make run" in launcher.said


def test_otherwise_the_next_free_port_is_taken_and_kept_from_others(monkeypatch, taken):
    monkeypatch.setattr("ops.launch.FIRST_PORT", taken)

    with reserve_port(None) as first, reserve_port(None) as second:
        assert taken < first.getsockname()[1] < second.getsockname()[1] < taken + 20


def test_no_port_is_free(monkeypatch):
    monkeypatch.setattr("ops.launch.reserve", lambda port: None)

    with pytest.raises(Refusal, match="Ports 8000 to 8019 are all taken"):
        reserve_port(None)


@pytest.mark.parametrize("text", ["eight", "0", "65536", "-1", "²"])
def test_what_is_no_port(text):
    with pytest.raises(Refusal, match="PORT must be a number from 1 to 65535"):
        reserve_port(text)
