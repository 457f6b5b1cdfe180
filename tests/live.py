"""A real stack for tests: its own database, a mail sink, and the processes of the Procfile, as the role of production.

    def test_x(live):
        live.start("web", "worker", "beat")        # returns when they answer; those that run already are left alone
        page.goto(live.web_url)
        with live.database():                      # Django's connection in the test, committing for real
            ...
        live.wait_until(lambda: live.mails(), seconds=15)

Every process dies with pytest. Logs are in `live.directory`; a process that does not start shows its own.
"""

import email
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import psycopg2.errors
import redis
from django.db import connections

from i2a.settings import BASE_DIR, database_from
from ops.processes import parse_procfile

PATIENCE = 90  # seconds to start on a busy machine; a few are enough on an idle one
# The process is killed when pytest dies, whatever kills it: workers of gunicorn and Celery end with their master.
DIE_WITH_US = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9)
os.execvp("sh", ["sh", "-c", "exec " + sys.argv[1]])
"""


class Live:
    """One stack. `number` (0 to 3) keeps its Redis databases apart from those of other stacks on the same server.
    `shared` is a directory of all stacks of a test run."""

    def __init__(self, directory: Path, blocker, *, number: int, shared: Path) -> None:
        self.directory = directory
        self.static = shared / "static"
        self.blocker = blocker
        self.mail_directory = directory / "mail"
        self.port, self.sink_port = free_port(), free_port()
        self.web_url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        template = connections["default"].settings_dict["NAME"]
        self.database_name = f"{template}_live{number}"
        self.broker_url = numbered_redis(os.environ["REDIS_URL"], number)
        with blocker.unblock():
            connections["default"].close()  # a database that somebody is connected to cannot be copied
        copy_database(template, self.database_name)
        redis.Redis.from_url(self.broker_url).flushdb()
        self.mail_directory.mkdir()

    @property
    def environment(self) -> dict[str, str]:
        url = urlsplit(os.environ["DATABASE_URL"])
        return {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "DJANGO_SETTINGS_MODULE": "i2a.settings",
            "DATABASE_URL": url._replace(path=f"/{self.database_name}").geturl(),
            "REDIS_URL": self.broker_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink_port}",
            "I2A_MAIL_SINK_DIR": str(self.mail_directory),
            "I2A_SITE_URL": self.web_url,
            "I2A_STATE": str(self.directory),
            "STATIC_ROOT": str(self.static),
            "PORT": str(self.port),
            "SINK_PORT": str(self.sink_port),
        }

    # Processes

    def start(self, *names: str, **environment: str) -> None:
        """Start these lines of the Procfile and wait until they answer. `environment` changes variables for them."""
        missing = sorted({*names} - {name for name in names if self.is_running(name)})  # "web" comes last
        commands = parse_procfile((BASE_DIR / "Procfile").read_text())
        for name in missing:
            if name == "web":
                self.collect_static()
            self.spawn(name, commands[name], **environment)
        for name in missing:
            self.wait_until(lambda name=name: self.answers(name), what=f"{name} to start")

    def spawn(self, name: str, command: str, **environment: str) -> subprocess.Popen[bytes]:
        with self.log(name).open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-c", DIE_WITH_US, command],
                cwd=BASE_DIR,
                env={**self.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.processes[name]

    def is_running(self, name: str) -> bool:
        return name in self.processes and self.processes[name].poll() is None

    def answers(self, name: str) -> bool:
        assert self.is_running(name), f"{name} has ended:\n{self.last_words(name)}"
        if name == "web":
            return status_of(f"{self.web_url}/healthz") == 200
        if name == "sink":
            return accepts_connections(self.sink_port)
        return {"worker": " ready.", "beat": "beat: Starting"}[name] in self.log(name).read_text(errors="replace")

    def kill(self, *names: str) -> None:
        """kill -9, with everything it has started."""
        for name in names:
            process = self.processes.pop(name)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop_everything(self) -> None:
        self.kill(*self.processes)
        redis.Redis.from_url(self.broker_url).flushdb()
        drop_database(self.database_name)

    def log(self, name: str) -> Path:
        return self.directory / f"{name}.log"

    def last_words(self, name: str) -> str:
        return self.log(name).read_text(errors="replace")[-3000:]

    def collect_static(self) -> None:
        """Once for all stacks: who comes first does it, the others wait."""
        with self.static.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.static / "staticfiles.json").exists():  # written last
                self.manage("collectstatic", "--noinput", "--verbosity=0")

    # What is in it

    def manage(self, *arguments: str) -> str:
        """Run a management command as the app role; what it printed."""
        command = [sys.executable, str(BASE_DIR / "manage.py"), *arguments]
        done = subprocess.run(command, cwd=BASE_DIR, env=self.environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def seed(self) -> str:
        """The demonstration's people and calls; what it printed, passwords included. Twice is the same as once."""
        return self.manage("seed_demo")

    @contextmanager
    def database(self) -> Iterator[None]:
        """Django's default connection on this stack's database, in this thread and in threads started inside."""
        connection = connections["default"]
        with self.blocker.unblock():
            connection.close()
            before = connection.settings_dict["NAME"]
            connection.settings_dict["NAME"] = self.database_name
            try:
                yield
            finally:
                connection.close()
                connection.settings_dict["NAME"] = before

    def mails(self) -> list[EmailMessage]:
        """What the sink has received, oldest first."""
        files = sorted(self.mail_directory.glob("*.eml"))
        return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]

    def wait_until(self, condition: Callable[[], object], *, seconds: float = PATIENCE, what: str = "it") -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"waited {seconds} s for {what}\n{self._everything_said()}"
            time.sleep(0.1)

    def _everything_said(self) -> str:
        return "\n".join(f"--- {name}\n{self.last_words(name)}" for name in self.processes)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def accepts_connections(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def numbered_redis(url: str, number: int) -> str:
    """The same server, with databases from 8 on: two for each stack, after those of the test run itself."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        first = int(parts.query.removeprefix("db=") or 0)
        return f"unix://{parts.path}?db={8 + 2 * ((first + number) % 4)}"
    first = int(parts.path.lstrip("/") or 0)
    return parts._replace(path=f"/{8 + 2 * ((first + number) % 4)}", query="").geturl()


def copy_database(template: str, name: str) -> None:
    drop_database(name)
    as_owner(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop_database(name: str) -> None:
    """Waits for the last sessions of killed processes: the owner may not end those of the app role."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return as_owner(f'DROP DATABASE IF EXISTS "{name}"')
        except psycopg2.errors.ObjectInUse:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def as_owner(statement: str, database: str = "postgres") -> None:
    owner = database_from(os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"]))
    connection = psycopg2.connect(
        dbname=database,
        user=owner["USER"],
        password=owner["PASSWORD"],
        host=owner["HOST"],
        port=owner["PORT"] or None,
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
