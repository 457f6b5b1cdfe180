"""The real project under the launcher: first start, kill -9, second start, stop."""

import json
import signal
import urllib.request

import pytest

from tests.ops.conftest import wait_until

PREPARATION = ("Migrating the database", "Loading the demonstration data", "Collecting the static files")


def get(launcher, path):
    port = launcher.said.split("http://127.0.0.1:")[1].split("/")[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return answer.read().decode()


@pytest.mark.live
def test_first_start_kill_9_second_start_and_stop(copy_of_the_project, launch):
    launcher = launch(copy_of_the_project).wait_for("Ctrl-C stops it", seconds=180)
    assert all(title in launcher.said for title in PREPARATION)
    assert "maya " in launcher.said
    assert "csrf" in get(launcher, "/sign-in/")
    assert json.loads(get(launcher, "/healthz")) == {"database": True, "redis": True, "zone_data": True}
    worker = copy_of_the_project / ".local/logs/worker.log"
    wait_until(lambda: "outbox.tasks.tick" in worker.read_text() and "succeeded" in worker.read_text(), seconds=60)

    launcher.end(signal.SIGKILL)
    wait_until(lambda: not launcher.descendants(), seconds=20)

    launcher = launch(copy_of_the_project).wait_for("Ctrl-C stops it", seconds=60)
    assert not any(title in launcher.said for title in PREPARATION)
    assert "csrf" in get(launcher, "/sign-in/")

    assert launcher.end(signal.SIGINT, seconds=60) == 0
    assert not launcher.descendants()
