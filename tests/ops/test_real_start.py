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


def tool(project, *command, script=""):
    """A PostgreSQL program on the running database, as `dev.py psql` and `dev.py pg_dump` call it."""
    places = find_places(project / ".local")
    programs = postgres.find_programs(places)
    environment = os.environ | postgres.client_environment(places.sockets) | {"PG_DUMP": str(programs / "pg_dump")}
    return subprocess.check_output(
        [programs / command[0], *command[1:]], env=environment, text=True, cwd=project, input=script
    )


TABLES = ("calls_call", "contacts_contact", "audit_logentry")
COUNTS = "; ".join(f"select count(*) from {table}" for table in TABLES)


def backed_up(project):
    """docs/operations.md, and how many rows it must hold: of the same moment, since the worker goes on writing."""
    sql = f"""
        begin isolation level repeatable read;
        select pg_export_snapshot() as snapshot \\gset
        \\setenv SNAPSHOT :snapshot
        \\! "$PG_DUMP" -Fc --snapshot="$SNAPSHOT" -f backup.dump
        {COUNTS};
        commit;
    """
    return tool(project, "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", "i2a", script=sql)


def restored(project):
    """The same counts, out of the backup in a database beside the one in use."""
    tool(project, "createdb", "--owner", "i2a_owner", "restored")
    tool(project, "pg_restore", "--exit-on-error", "-d", "restored", "backup.dump")
    return tool(project, "psql", "-qAtX", "-d", "restored", "-c", COUNTS)


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

    backup = backed_up(copy_of_the_project)
    assert int(backup.split()[0]) > 0
    assert restored(copy_of_the_project) == backup

    launcher.end(signal.SIGKILL)
    wait_until(lambda: not launcher.descendants(), seconds=20)

    launcher = launch(copy_of_the_project).wait_for("Ctrl-C stops it", seconds=120)
    assert not any(title in launcher.said for title in PREPARATION)
    assert "csrf" in get(launcher, "/sign-in/")

    assert launcher.end(signal.SIGINT, seconds=60) == 0
    assert not launcher.descendants()
