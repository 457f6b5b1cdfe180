"""Real servers and real launchers, each in a directory of its own that the servers' account can reach."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from ops.claim import holders
from ops.embedded import URLS, servers
from ops.environment import without_services
from ops.launch import any_free_port
from ops.places import DATA_OF_ROOT, ROOT, service_account, short_hash, socket_directory

OF_THE_USER = {*without_services(), *URLS, "PORT", "I2A_VERBOSE", "I2A_PG_BIN", "I2A_REDIS_BIN", "STATIC_ROOT"}
PLENTY = 2_000_000_000  # bytes; a cluster takes 40 million


def make_room():
    """A directory in a place that everybody may walk through, like a checkout; in memory if there is plenty."""
    memory = Path("/dev/shm")
    in_memory = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > PLENTY
    place = Path(tempfile.mkdtemp(prefix="i2a-ops-", dir=memory if in_memory else None))
    place.chmod(0o711)
    return place


def clear_room(place):
    """Remove it, and what belongs to it but had to lie elsewhere."""
    for lock in place.rglob("children.lock"):
        data = DATA_OF_ROOT / short_hash(lock.parent)
        for elsewhere in (data, socket_directory(lock.parent, os.geteuid()), socket_directory(data, os.geteuid())):
            shutil.rmtree(elsewhere, ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch):
    """`make test` itself exports addresses, which would keep the embedded servers from starting."""
    for name in OF_THE_USER:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def empty_room():
    place = make_room()
    yield place
    clear_room(place)


@pytest.fixture(scope="session")
def first_room():
    """Where initdb has run once for all tests of this session: it takes longer than most of them."""
    place = make_room()
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in OF_THE_USER:
            monkeypatch.delenv(name, raising=False)
        with servers(place, durable=False):
            pass
    yield place
    clear_room(place)


@pytest.fixture
def room(first_room):
    """A room with a cluster in it, as after an earlier start."""
    place = copy_of(first_room)
    yield place
    clear_room(place)


def copy_of(first_room):
    place = make_room()
    subprocess.run(["cp", "-a", first_room / "postgres", place], check=True)
    return place


MANAGE = """
import os, sys, psycopg2
from urllib.parse import urlsplit, parse_qs
if "--print-sign-ins" in sys.argv:
    print("maya  specialist  correct horse")
    sys.exit()
open("commands.log", "a").write(" ".join(sys.argv[1:2]) + "\\n")
url = urlsplit(os.environ["DATABASE_URL"])
with psycopg2.connect(host=parse_qs(url.query)["host"][0], user=url.username, dbname="i2a") as connection:
    with connection.cursor() as cursor:
        if sys.argv[1] == "migrate":
            cursor.execute("create table if not exists django_migrations (id serial)")
            cursor.execute("grant select on django_migrations to i2a_app")
            cursor.execute("insert into django_migrations default values")
        elif sys.argv[1] == "collectstatic":
            os.makedirs(".local/static", exist_ok=True)
            open(".local/static/staticfiles.json", "w").close()
"""
SAYS_WHEN_IT_ENDS = """
import signal, sys, time
def end(number, frame):
    open("ended.log", "a").write(sys.argv[1] + "\\n")
    sys.exit()
signal.signal(signal.SIGTERM, end)
while True:
    time.sleep(0.05)
"""
PROCFILE = """
sink: python -m ops.smtp_sink --port "$SINK_PORT" --directory "$I2A_MAIL_SINK_DIR"
worker: python ends.py worker
beat: python ends.py beat
web: python -m http.server "$PORT" --bind 127.0.0.1
"""


@pytest.fixture
def standin(empty_room, first_room):
    """A tiny project under the real launcher: it starts in a second, where the real one needs ten."""
    project = empty_room / "project"
    (project / ".local").mkdir(mode=0o755, parents=True)
    subprocess.run(["cp", "-a", first_room / "postgres", project / ".local"], check=True)
    shutil.copytree(ROOT / "ops", project / "ops", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in {"manage.py": MANAGE, "ends.py": SAYS_WHEN_IT_ENDS, "Procfile": PROCFILE}.items():
        (project / name).write_text(text)
    for package in ("i2a", "contacts"):
        (project / package / "migrations").mkdir(parents=True)
        (project / package / "__init__.py").touch()
    (project / "i2a/settings.py").touch()
    (project / "requirements.txt").write_text("django==5.2.19\n")
    return project


@pytest.fixture
def copy_of_the_project(empty_room, first_room):
    """The real project in another place, as after `git clone`, with a cluster as after initdb."""
    project = empty_room / "project"
    made = shutil.ignore_patterns(".*", "__pycache__", "node_modules")
    shutil.copytree(ROOT, project, ignore=made, symlinks=True)
    (project / ".local").mkdir(mode=0o755)
    subprocess.run(["cp", "-a", first_room / "postgres", project / ".local"], check=True)
    return project


class Launcher:
    """`python -m ops run` in a project, and what it has said."""

    def __init__(self, project, **environment):
        self.project = project
        self.output = project / f"output-{time.monotonic_ns()}.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ops", "run"],
                cwd=project,
                env={**os.environ, "PORT": str(any_free_port()), **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def said(self):
        return self.output.read_text()

    def wait_for(self, text, seconds=30):
        end = time.monotonic() + seconds
        while text not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.05)
        return self

    def end(self, number=signal.SIGINT, seconds=30):
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def descendants(self):
        return holders(self.project.resolve() / ".local/children.lock") - {self.process.pid}

    def pid_of(self, command):
        """The child whose command line holds this text; a server's own children have others."""
        lines = {
            pid: Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ") for pid in self.descendants()
        }
        return min(pid for pid, line in lines.items() if command in line)


@pytest.fixture
def launch():
    """Start launchers; whatever a failed test leaves running is killed."""
    launchers = []

    def start(project, **environment):
        launchers.append(Launcher(project, **environment))
        return launchers[-1]

    yield start
    for launcher in launchers:
        if launcher.process.poll() is None:
            launcher.process.kill()
            launcher.process.wait()
        for process in launcher.descendants():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        wait_until(lambda launcher=launcher: not launcher.descendants())


def wait_until(true, seconds=15):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def account():
    """The account the servers run as when we are root, else None."""
    return service_account()
