"""The real project under the launcher: first start, backup, kill -9, second start, stop."""

import json
import os
import signal
import subprocess
import urllib.request

import pytest

from ops import postgres
from ops.places import find_places
from tests.ops.conftest import wait_until

PREPARATION = ("Migrating the database", "Loading the demonstration data", "Collecting the static files")


def get(launcher, path):
    port = launcher.said.split("http://127.0.0.1:")[1].split("/")[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return answer.read().decode()


def tool(project, *command):
    """A PostgreSQL program on the running database, as `dev.py psql` and `dev.py pg_dump` call it."""
    places = find_places(project / ".local")
    programs = postgres.find_programs(places)
    environment = os.environ | postgres.client_environment(places.sockets)
    return subprocess.check_output([programs / command[0], *command[1:]], env=environment, text=True)


def counted(project, database):
    tables = ("calls_call", "contacts_contact", "audit_logentry")
    sql = "; ".join(f"select count(*) from {table}" for table in tables)
    return tool(project, "psql", "-qAtX", "-d", database, "-c", sql)


def restored_from_a_backup(project):
    """docs/operations.md, into a database beside the one in use."""
    dump = str(project / "backup.dump")
    tool(project, "pg_dump", "-Fc", "-f", dump)
    tool(project, "createdb", "--owner", "i2a_owner", "restored")
    tool(project, "pg_restore", "--exit-on-error", "-d", "restored", dump)
    return counted(project, "restored")


@pytest.mark.live
def test_first_start_backup_kill_9_second_start_and_stop(copy_of_the_project, launch):
    launcher = launch(copy_of_the_project).wait_for("Ctrl-C stops it", seconds=400)
    assert all(title in launcher.said for title in PREPARATION)
    assert "maya " in launcher.said
    assert "csrf" in get(launcher, "/sign-in/")
    said = json.loads(get(launcher, "/healthz"))
    assert said.pop("mail") in {"ok", "no tick"}  # beat may need a moment
    assert said == {
        "database": True,
        "redis": True,
        "zone_data": True,
        "bounces": "off",
        "withdrawals": "ok",
        "audit": "ok",
    }
    worker = copy_of_the_project / ".local/logs/worker.log"
    wait_until(lambda: "outbox.tasks.tick" in worker.read_text() and "succeeded" in worker.read_text(), seconds=60)

    assert restored_from_a_backup(copy_of_the_project) == counted(copy_of_the_project, "i2a")

    launcher.end(signal.SIGKILL)
    wait_until(lambda: not launcher.descendants(), seconds=20)

    launcher = launch(copy_of_the_project).wait_for("Ctrl-C stops it", seconds=120)
    assert not any(title in launcher.said for title in PREPARATION)
    assert "csrf" in get(launcher, "/sign-in/")

    assert launcher.end(signal.SIGINT, seconds=60) == 0
    assert not launcher.descendants()
