"""What the row triggers cost a mailing, whether the seal keeps up, and how long it takes to verify.

    python -m benchmarks.audit [recipients [measure ...]]

Starts a PostgreSQL and a Valkey of its own, everything written to disk as in production. What a save costs is in
`benchmarks.audit_saves`, whether everything is written down in `benchmarks.audit_trail`.
"""

import multiprocessing
import os
import statistics
import sys
import time
from tempfile import TemporaryDirectory
from typing import Any

from ops.scratch import scratch

ROUNDS = 3
SECONDS_OF_INSERTS = 15
VERIFIED = 1_000_000
fork = multiprocessing.get_context("fork")
EVENTS = """
INSERT INTO audit_accessevent (at, actor_label, kind, object_type, request_id, detail)
SELECT now(), 'benchmark', 'viewed', 'contacts.contact', left(md5(one::text), 16), '{{"of": 1}}'
FROM generate_series(1, {rows}) AS one
"""


def main(recipients: int, chosen: list[str]) -> None:
    with scratch() as servers, TemporaryDirectory() as outside:
        os.environ.update(servers.environment | {"I2A_AUDIT_HEADS": f"{outside}/heads"})
        import django

        django.setup()
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
        make(recipients)
        for measure in (mailing, keeping_up, verifying):
            if measure.__name__ in chosen or not chosen:
                measure()


def make(recipients: int) -> None:
    """The first thousand, and the others when the database has looked at them: until then it reads whole tables."""
    from benchmarks.audit_saves import owner
    from tests.faults.people import AT_ONCE, make_people

    make_people(min(AT_ONCE, recipients))
    with owner() as cursor:
        cursor.execute("ANALYZE")
    make_people(recipients, since=AT_ONCE)


# --- a mailing ---------------------------------------------------------------------------------------------


def mailing() -> None:
    """The row triggers alone: `queue_mailing` writes its readable history itself, in both."""
    from django.db import transaction

    from benchmarks.audit_saves import switch_triggers, worked
    from tests.faults.people import invite

    times: dict[str, list[tuple[float, float]]] = {"DISABLE": [], "ENABLE": []}
    recipients = 0
    for number in range(ROUNDS - 1):
        for state, each in times.items():
            switch_triggers(state)
            began, before = time.perf_counter(), worked()
            with transaction.atomic():
                recipients = invite("person", f"event:bench-{number}-{state}")
                each.append((time.perf_counter() - began, worked() - before))
                transaction.set_rollback(True)
    for place, what in enumerate(["waited", "worked"]):
        with_them, without = (min(one[place] for one in times[state]) for state in ("ENABLE", "DISABLE"))
        print(
            f"mailing to {recipients}, {what}: {with_them:.1f} s with row triggers, {without:.1f} s without,"
            f" {with_them / without:.2f} times"
        )


# --- the seal -----------------------------------------------------------------------------------------------------


def keeping_up() -> None:
    """Four writers insert one row in one transaction at a time, while the seal is made every second."""
    from django.db import connection

    from audit.sealing import seal
    from audit.verifying import verify

    seal()
    connection.close()
    counts = fork.SimpleQueue()
    processes = [fork.Process(target=insert, args=(counts,)) for _number in range(4)]
    for process in processes:
        process.start()
    times, waiting = [], []
    while any(process.is_alive() for process in processes):
        began = time.perf_counter()
        seal()
        times.append(time.perf_counter() - began)
        waiting.append(unsealed())
        time.sleep(1)
    rows = sum(counts.get() for _process in processes)
    seal()
    verdict = verify()
    print(
        f"sealing: {rows / SECONDS_OF_INSERTS:.0f} inserts/s while {len(times)} seals were made, slowest"
        f" {max(times):.2f} s, unsealed after each {waiting};"
        f" then {'sound' if verdict.fault is None else verdict.fault}, {verdict.rows} rows"
    )


def unsealed() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_accessevent WHERE txid >= (SELECT max(to_txid) FROM audit_seal)")
        return int(cursor.fetchone()[0])


def insert(counts: Any) -> None:
    """By a prepared statement and without Django, so that the writers are not what is measured."""
    import psycopg2

    from i2a.settings import database_from

    role = database_from(os.environ["DATABASE_URL"])
    connection = psycopg2.connect(dbname=role["NAME"], user=role["USER"], host=role["HOST"])
    connection.autocommit = True
    end, done = time.monotonic() + SECONDS_OF_INSERTS, 0
    with connection.cursor() as cursor:
        cursor.execute("PREPARE one AS " + EVENTS.format(rows=1))
        while time.monotonic() < end:
            cursor.execute("EXECUTE one")
            done += 1
    counts.put(done)


def verifying() -> None:
    """T5: a million entries in a hundred batches."""
    from django.db import connection

    from audit.sealing import seal
    from audit.verifying import verify

    times = []
    for _batch in range(100):
        with connection.cursor() as cursor:
            cursor.execute(EVENTS.format(rows=VERIFIED // 100))
        began = time.perf_counter()
        seal()
        times.append(time.perf_counter() - began)
    verdict = verify()
    print(f"seal of {VERIFIED // 100} rows: median {statistics.median(times):.2f} s, slowest {max(times):.2f} s")
    print(f"verify: {verdict.rows} rows, {verdict.seals} batches in {verdict.seconds:.1f} s; fault: {verdict.fault}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2:])
