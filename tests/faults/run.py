"""One mailing under faults, and what became of every mail (reliability goals M1 to M4).

    python -m tests.faults.run [--recipients 10000 --kills 20 --redis 3 --database 2 --withdrawals 300 --seed 11]

Starts a PostgreSQL, a Valkey and a misbehaving mail server of its own; Celery's worker and beat send. Prints the ledger
and ends with 1 if anything was lost, doubled, or accepted after a withdrawal.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import redis

from ops.launch import any_free_port
from ops.places import ROOT
from ops.scratch import Scratch, scratch

CONCURRENCY = 2  # of the worker
TIMEOUT = 1  # seconds for an answer of the mail server; leases are twelve times as long
FREEZE = 15  # seconds, longer than a lease
GIVE_UP = 1800  # seconds without an end


@dataclass
class Plan:
    recipients: int
    kills: int
    freezes: int
    redis: int
    database: int
    withdrawals: int
    seed: int


@dataclass
class Run:
    """The processes of one run, and what is done to them."""

    plan: Plan
    servers: Scratch
    port: int
    ledger: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    withdrawn: dict[str, float] = field(default_factory=dict)  # by address: when the withdrawal had been committed
    waits: list[float] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def start(self, name: str) -> None:
        commands = {
            "server": f"python -m tests.faults.server {self.port} {self.plan.seed} {self.ledger}",
            "worker": f"python -m celery --app i2a worker --concurrency {CONCURRENCY} --loglevel WARNING",
            "beat": f"python -m celery --app i2a beat --schedule {self.ledger}.beat --pidfile= --loglevel WARNING",
        }
        with (self.ledger.parent / f"{name}.log").open("ab") as log:
            command = commands[name].split()
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command[1:]], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def signal(self, name: str, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.processes[name].pid, number)

    def kill(self, name: str) -> None:
        self.signal(name, signal.SIGKILL)
        self.processes[name].wait()

    # Faults

    def kill_worker(self) -> None:
        self.kill("worker")
        self.start("worker")

    def freeze_worker(self) -> None:
        self.signal("worker", signal.SIGSTOP)
        time.sleep(FREEZE)
        self.signal("worker", signal.SIGCONT)

    def kill_redis(self) -> None:
        """Dead for a while; when it is back it has forgotten everything."""
        self.servers.crash("valkey")
        time.sleep(2)
        self.servers.start("valkey")
        redis.Redis.from_url(self.servers.environment["REDIS_URL"]).flushall()

    def crash_database(self) -> None:
        self.servers.crash("postgres")
        self.servers.start("postgres")

    def withdraw(self, receivers: list[str], pause: float) -> None:
        """People change their minds while the mailing leaves, each in a transaction of the product."""
        from django.db import Error, connection

        for receiver in receivers:
            time.sleep(pause)
            started = time.time()
            while True:
                try:
                    withdraw_one(receiver)
                    break
                except Error:  # the database is away: the person calls again
                    connection.close()
                    time.sleep(0.2)
                    started = time.time()
            self.withdrawn[receiver] = time.time()
            self.waits.append(time.time() - started)
        connection.close()


def withdraw_one(receiver: str) -> None:
    from audit.actor import acting_as_system
    from contacts.choices import FutureContact, Language, Source
    from contacts.models import Contact
    from contacts.services.consents import record_answers
    from i2a import clock

    with acting_as_system("withdrawal"):
        record_answers(
            contact=Contact.objects.get(email=receiver),
            answer=FutureContact.DECLINED,
            purposes=[],
            channels=[],
            text_version=None,
            language=Language.EN,
            source=Source.CALL,
            source_ref="C-2026-000002",
            by=None,
            now=clock.now(),
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.run")
    for name, default in {
        "recipients": 10_000, "kills": 20, "freezes": 1, "redis": 3, "database": 2, "withdrawals": 300, "seed": 11
    }.items():  # fmt: skip
        parser.add_argument(f"--{name}", type=int, default=default)
    plan = Plan(**vars(parser.parse_args()))
    with scratch() as servers:
        port = any_free_port()
        ledger = servers.places.state / "ledger"
        ledger.touch()
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "I2A_MAIL_TIMEOUT": str(TIMEOUT)}
        os.environ.update(servers.environment | mail)
        import django

        django.setup()
        run = Run(plan, servers, port, ledger)
        try:
            return conduct(run)
        finally:
            for name in list(run.processes):
                run.kill(name)


def conduct(run: Run) -> int:
    from tests.faults.check import judge
    from tests.faults.people import invite, make_people

    plan, chance = run.plan, random.Random(run.plan.seed)
    make_people(plan.recipients)
    invite("person", "event:faults")
    for name in ("server", "worker", "beat"):
        run.start(name)
    started = time.monotonic()
    faults = [run.kill_worker] * plan.kills + [run.freeze_worker] * plan.freezes
    faults += [run.kill_redis] * plan.redis + [run.crash_database] * plan.database
    chance.shuffle(faults)
    minds = [f"person-{number}@example.org" for number in chance.sample(range(plan.recipients), plan.withdrawals)]
    changes = threading.Thread(target=run.withdraw, args=(minds, len(faults) * 4 / max(1, plan.withdrawals)))
    changes.start()
    for fault in faults:
        time.sleep(chance.uniform(1, 6))
        fault()
    changes.join()
    wait_for_the_end(run)
    return judge(run, time.monotonic() - started)


def wait_for_the_end(run: Run) -> None:
    """Until no mail is on its way. Pauses after a "later" need not be sat out: time is made to pass for them."""
    from django.db import Error, connection

    from i2a import clock
    from outbox.models import Message

    end = time.monotonic() + GIVE_UP
    while time.monotonic() < end:
        time.sleep(1)
        try:
            late = Message.objects.filter(state="queued", not_before__gt=clock.now())
            late.update(not_before=clock.now())  # no audit: what a clock does
            if not Message.objects.filter(state__in=["queued", "claimed", "sending"]).exists():
                return
        except Error:
            connection.close()
    run.trouble.append(f"not at an end after {GIVE_UP} s")


if __name__ == "__main__":
    sys.exit(main())
