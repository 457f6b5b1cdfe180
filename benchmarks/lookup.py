"""How far the pages of a call are from a bare Django page that asks the same question.

Both are real web servers (one gunicorn process with one thread each) on the same database; requests alternate between
them, so that whatever else the machine does hits both. What counts is the ratio within one run.

    python3 dev.py manage seed_demo
    python3 dev.py manage seed_volume 100000
    python3 dev.py manage shell -c "import benchmarks.lookup as b; b.main()"
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from access.models import User
from access.sessions import SEEN_AT, SIGNED_IN_AT
from benchmarks.contacts_sql import misspell
from calls.models import Topic
from contacts.models import Contact

ROUNDS = 100
WARM_UP = 10
SEED = 1898
HTMX = {"HX-Request": "true"}


@dataclass
class Server:
    """One web server and one signed-in browser on it."""

    port: int
    session: str
    csrf: str = "c" * 32

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def ask(
        self, method: str, path: str, form: dict[str, object] | None = None, **headers: str
    ) -> tuple[int, str, str]:
        """Status, body and Location of one request."""
        body = urlencode({**form, "csrfmiddlewaretoken": self.csrf}, doseq=True) if form is not None else None
        sent = {"Cookie": f"session={self.session}; csrf={self.csrf}; csrftoken={self.csrf}", **headers}
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers.get("Location", "")


@dataclass
class Row:
    """One line of the table. `ours` and `floor` each do one round and return the seconds that count."""

    name: str
    target: float
    ours: Callable[[], float]
    floor: Callable[[], float]
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"ours": [], "floor": []})

    def run(self) -> None:
        for number in range(WARM_UP + ROUNDS):
            for side in ("ours", "floor") if number % 2 else ("floor", "ours"):
                seconds = getattr(self, side)()
                if number >= WARM_UP:
                    self.seconds[side].append(seconds)

    def line(self) -> str:
        ours, floor = self.seconds["ours"], self.seconds["floor"]
        ratio = statistics.median(ours) / statistics.median(floor)
        return f"| {self.name} | {figures(ours)} | {figures(floor)} | {ratio:.1f} | {self.target:.1f} |"


def figures(seconds: list[float]) -> str:
    """Milliseconds, p50 (p95)."""
    return f"{statistics.median(seconds) * 1000:.1f} ({statistics.quantiles(seconds, n=20)[-1] * 1000:.1f})"


def timed(server: Server, method: str, path: str, form: dict[str, object] | None, expect: int, **headers: str) -> float:
    started = time.perf_counter()
    status, body, _location = server.ask(method, path, form, **headers)
    seconds = time.perf_counter() - started
    if status != expect:
        raise SystemExit(f"{method} {path} answered {status}, not {expect}:\n{body[:2000]}")
    return seconds


def rows_for(ours: Server, floor: Server, people: list[Contact], random: Random) -> Iterator[Row]:
    topic = Topic.objects.order_by("pk")[0]

    def anybody() -> Contact:
        return random.choice(people)

    def look_up(say: Callable[[Contact], str], **headers: str) -> Callable[[], float]:
        return lambda: timed(ours, "POST", "/calls/desk/", {"q": say(anybody())}, 200, **headers)

    def bare(kind: str, say: Callable[[Contact], str]) -> Callable[[], float]:
        return lambda: timed(floor, "POST", f"/find/{kind}/", {"q": say(anybody())}, 200)

    def surname(contact: Contact) -> str:
        return contact.name.split()[-1][:5]

    shapes = [
        ("1a phone", 1.6, lambda contact: contact.phone, "phone"),
        ("1a last 7 digits", 1.6, lambda contact: contact.phone[-7:], "digits"),
        ("1a e-mail", 1.6, lambda contact: contact.email, "email"),
        ("1b first letters of a surname", 1.6, surname, "name"),
        ("1c misspelt name", 2.0, lambda contact: misspell(contact.name, random), "misspelt"),
    ]
    for name, target, say, kind in shapes:
        yield Row(f"{name}, list of matches", target, look_up(say, **HTMX), bare(kind, say))
    name, target, say, kind = shapes[1]
    yield Row(f"{name}, whole desk", target, look_up(say), bare(kind, say))
    yield Row(
        "2 contact page",
        2.0,
        lambda: timed(ours, "GET", f"/contacts/{anybody().uid}/", None, 200),
        lambda: timed(floor, "GET", f"/contact/{anybody().uid}/", None, 200),
    )
    yield Row(
        "3 log a call of a known caller",
        1.7,
        lambda: log_a_call(ours, anybody(), topic),
        lambda: timed(floor, "POST", "/log/", {"contact": anybody().uid}, 302),
    )


def log_a_call(server: Server, contact: Contact, topic: Topic) -> float:
    """Begin a call and save it; only the saving counts."""
    _status, _body, page = server.ask("POST", "/calls/start/", {"contact": contact.uid})
    return timed(server, "POST", page, filled_in(contact, topic), 302)


def filled_in(contact: Contact, topic: Topic) -> dict[str, object]:
    return {
        "direction": "in",
        "announcement_heard": "yes",
        "name": contact.name,
        "name_latin": contact.name_latin,
        "organisation": contact.organisation,
        "organisation_type": contact.organisation_type,
        "category": contact.category,
        "third_party_kind": contact.third_party_kind or "other",
        "calling_for": "self",
        "language": contact.language,
        "citizenship": contact.citizenship,
        "origin_country": contact.origin_country,
        "email": contact.email,
        "phone": contact.phone,
        "phone_country": "CA",
        "notice_given": "on",
        "note": "Asks which papers to send first.",
        "topics": [topic.pk],
        "topic_source": "department",
        "services": ["answered"],
        "follow_up_decision": "none",
        "future_contact": "not_asked",
        "future_contact_reason": "The line was bad",
    }


def main() -> None:
    user = User.objects.get(username="maya")
    random = Random(SEED)
    people = list(Contact.objects.active().filter(team=user.team, name_latin="").exclude(email="").order_by("?")[:500])
    with web_server("i2a.wsgi") as first, web_server("benchmarks.floor.wsgi") as second:
        ours, floor = Server(first, session_of(user)), Server(second, session_of(user))
        print(f"{Contact.objects.count()} contacts, {ROUNDS} rounds; milliseconds, p50 (p95)\n")
        print("| page | ours | bare Django | ratio | target |\n|---|---|---|---|---|")
        for row in rows_for(ours, floor, people, random):
            row.run()
            print(row.line(), flush=True)


def session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "access.backends.RoleBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SIGNED_IN_AT] = session[SEEN_AT] = time.time()
    session.create()
    return str(session.session_key)


@contextmanager
def web_server(module: str, threads: int = 1) -> Iterator[int]:
    """One gunicorn process, stopped afterwards. Yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        f"{module}:application",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        str(threads),
    ]
    environment = {**os.environ, "I2A_HTTPS": "0", "ALLOWED_HOSTS": "127.0.0.1", "DEBUG": "0"}
    command += ["--worker-class", "gthread", "--keep-alive", "75", "--log-level", "warning"]
    process = subprocess.Popen(command, env=environment)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=15)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _try in range(200):
        if process.poll() is not None:
            raise SystemExit("The web server did not start.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The web server does not answer.")


if __name__ == "__main__":
    import django

    django.setup()
    main()
