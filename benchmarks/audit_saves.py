"""What an audited save costs (T6), by eight writers at once: the bare save, and a person's save through the page.

    python -m benchmarks.audit_saves [rounds]

Starts a PostgreSQL and a Valkey of its own, everything written to disk as in production. "Unaudited" is the same work
with auditlog and the row triggers switched off; a page writes down that it was opened in both. They take turns. "Work"
is processor time in ms, of the writer and of its process of the database, which says more on a machine that others use.
"""

import multiprocessing
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from ops.scratch import scratch

WRITERS, SAVES, GOAL = 8, 40, 1.3
UNAUDITED = "unaudited"
KINDS = (UNAUDITED, "row triggers only", "audited")
Times = list[tuple[float, float]]  # of each save: what a writer waits, and what it and its database's process work
Work = Callable[[int, bool], Times]
fork = multiprocessing.get_context("fork")


def main(rounds: int) -> None:
    with scratch() as servers:
        os.environ.update(servers.environment | {"I2A_HTTPS": "0", "ALLOWED_HOSTS": "testserver"})
        import django

        django.setup()
        from tests.faults.people import make_people

        make_people(WRITERS * SAVES)
        print(f"{WRITERS} writers, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; milliseconds, p50 (p95)\n")
        print("| save | unaudited | row triggers only | audited | p95 audited / unaudited | goal | work, p50 |")
        print("|---|---|---|---|---|---|---|")
        compare("bare ORM save", bare_saves, rounds)
        compare("through the page", saves_by_people, rounds)


def compare(name: str, work: Work, rounds: int) -> None:
    times: dict[str, Times] = {kind: [] for kind in KINDS}
    work(0, True)  # what is imported with the first request is there in every process then
    for _round in range(rounds):
        for kind in random.sample(KINDS, len(KINDS)):
            switch_triggers("DISABLE" if kind == UNAUDITED else "ENABLE")
            times[kind] += together(WRITERS, lambda writer, kind=kind: work(writer, kind == "audited"))
    switch_triggers("ENABLE")
    waited, worked = ({kind: [one[place] * 1000 for one in times[kind]] for kind in KINDS} for place in (0, 1))
    p95 = {kind: statistics.quantiles(each, n=20)[-1] for kind, each in waited.items()}
    p50 = {kind: statistics.median(each) for kind, each in worked.items()}
    figures = [f"{statistics.median(waited[kind]):.1f} ({p95[kind]:.1f})" for kind in KINDS]
    work_done = f"{p50[UNAUDITED]:.2f}, {p50['audited']:.2f}: {p50['audited'] / p50[UNAUDITED]:.2f} times"
    print(
        f"| {name} | {' | '.join(figures)} | {p95['audited'] / p95[UNAUDITED]:.2f} | {GOAL} | {work_done} |", flush=True
    )


@contextmanager
def owner() -> Iterator[Any]:
    import psycopg2

    from i2a.settings import database_from

    role = database_from(os.environ["DATABASE_OWNER_URL"])
    connection = psycopg2.connect(dbname=role["NAME"], user=role["USER"], host=role["HOST"])
    connection.autocommit = True
    yield connection.cursor()
    connection.close()


def switch_triggers(state: str) -> None:
    with owner() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgfoid = 'audit_row_change'::regproc"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} {state} TRIGGER {name}")


def together(count: int, work: Callable[[int], Times]) -> Times:
    """`work` in so many processes, begun at the same moment."""
    from django.db import connection

    connection.close()
    results = fork.SimpleQueue()
    gate = fork.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        results.put(work(number))

    processes = [fork.Process(target=run, args=(number,)) for number in range(count)]
    for process in processes:
        process.start()
    found = [time for _process in processes for time in results.get()]
    for process in processes:
        process.join()
    return found


def contacts_of(writer: int) -> list[Any]:
    from contacts.models import Contact

    people = Contact.objects.filter(ref__startswith="P-person").order_by("pk")
    return list(people[writer * SAVES : (writer + 1) * SAVES])


def worked() -> float:
    """Processor time until now, of this process and the one that serves it."""
    from django.db import connection

    served_by = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + int(served_by.read_text().split()[0]) / 1e9


def switched(audited: bool) -> Any:
    from auditlog.context import disable_auditlog

    return nullcontext() if audited else disable_auditlog()


def bare_saves(writer: int, audited: bool) -> Times:
    from django.db import transaction

    from audit.actor import acting_as_system

    times = []
    with acting_as_system("benchmark"), switched(audited):
        for contact in contacts_of(writer):
            contact.organisation = f"{random.random()}"
            contact.version += 1
            began, before = time.perf_counter(), worked()
            with transaction.atomic():
                contact.save()
            times.append((time.perf_counter() - began, worked() - before))
    return times


def saves_by_people(writer: int, audited: bool) -> Times:
    """Django's handler with its whole middleware, without a web server: auditlog is switched off from within."""
    from django.test import Client

    from access.models import Team, User
    from tests.contacts.steps import edit_url, opened_to_edit
    from tests.factories import UserFactory

    username = f"writer{writer}"
    user = User.objects.filter(username=username).first() or UserFactory(
        username=username, team=Team.objects.get(name="Phone")
    )
    client = Client()
    client.force_login(user, backend="access.backends.RoleBackend")
    times = []
    with switched(audited):
        for contact in contacts_of(writer):
            form = opened_to_edit(contact, organisation=f"Imaginary {random.random()} Ltd.", notice_given="on")
            began, before = time.perf_counter(), worked()
            response = client.post(edit_url(contact), form)
            times.append((time.perf_counter() - began, worked() - before))
            if response.status_code != 302:
                raise SystemExit(f"The page answered {response.status_code}.")
    return times


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
