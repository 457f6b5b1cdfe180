"""Whether every way of writing is recorded, also past the readable history, whether what is refused leaves nothing, and
what an audit that cannot be written does (reliability goals T1, T3, T8, T9).

    python -m benchmarks.audit_trail [actions]

Starts a PostgreSQL and a Valkey of its own, commits everything, and walks over tests/trail in an order drawn by chance,
the same in every run.
"""

import logging
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

from benchmarks.audit_saves import owner
from ops.scratch import scratch

REFUSALS = 200
PAST = "past the history:"
SECRETS = [
    "correct horse battery staple", "Marmalade-and-9-otters", "JBSWY3DPEHPK3PXP", "Asked about work permits.",
    "Asked about the nominee program.", "It takes about 60 days.", "example.org", "Ines Fabricated", "Invented Person",
    "5550142", "555 0142", "Pennywhistle", "Fabricated",
]  # fmt: skip

VALUES = """
SELECT concat_ws('.', kind.app_label, kind.model, change.key), change.value::text
FROM audit_logentry AS entry
JOIN django_content_type AS kind ON kind.id = entry.content_type_id
CROSS JOIN LATERAL jsonb_each(entry.changes) AS change
UNION ALL SELECT concat('name of ', kind.model), object_repr
FROM audit_logentry AS entry JOIN django_content_type AS kind ON kind.id = entry.content_type_id
UNION ALL SELECT concat_ws('.', kind, detail.key), detail.value::text
FROM audit_accessevent CROSS JOIN LATERAL jsonb_each(audit_accessevent.detail) AS detail
"""


def main(actions: int) -> None:
    with scratch() as servers:
        os.environ.update(servers.environment | {"DJANGO_SETTINGS_MODULE": "tests.settings"})
        import django
        from django.test.utils import setup_test_environment

        django.setup()
        setup_test_environment()
        logging.disable(logging.CRITICAL)
        from audit.actor import acting_as_system
        from tests.world import make_world

        with acting_as_system("scene"):
            world = make_world()
        walk(world, actions)
        refuse(world)
        take_back()
        fail_closed(world)
        look_for_secrets()


# --- T1 ------------------------------------------------------------------------------------------------------------


def walk(world: Any, actions: int) -> None:
    from django.test import Client

    from tests.trail import clients, elsewhere, office
    from tests.trail.witness import Witness

    steps = [*clients.STEPS, *office.STEPS, *elsewhere.ACTS, *elsewhere.COMMITTING, *past_the_history()]
    chosen, right, changes, entries = random.Random(9), 0, 0, 0
    drawn = (steps * (actions // len(steps) + 1))[:actions]
    chosen.shuffle(drawn)
    people, faults, began = set(), Counter[str](), time.monotonic()
    for number, step in enumerate(drawn, 1):
        client = Client()
        scene, go = prepared(world, step, client)
        witness = Witness.now()
        response = go()
        found = faults_of(step, scene, witness, response)
        people.add(step.label(scene))
        changes, entries = changes + len(witness.changes()), entries + len(witness.entries())
        right += not found
        faults.update(f"{step}: {fault}" for fault in found)
        tidy(world)
        if number % 100 == 0:
            print(f"  {right} of {number} actions, {time.monotonic() - began:.0f} s", flush=True)
    print(f"walk: {len(steps)} ways, {len(people)} actors; {right} of {actions} actions recorded with the right actor")
    print(f"walk: {changes} row changes, {entries} entries")
    for fault, count in faults.most_common(40):
        print(f"  {count} x {fault}")


def faults_of(step: Any, scene: Any, witness: Any, response: Any) -> list[str]:
    """What is missing or wrong; past the readable history it is the entry that must be found missing."""
    from tests.trail.scene import faults

    found = faults(step, scene, witness, response)
    if not str(step).startswith(PAST):
        return found
    missing = set(witness.unexplained())
    return [fault for fault in found if fault not in missing] if missing else [*found, "no entry is missed"]


def update(team: Any) -> None:
    type(team).objects.filter(pk=team.pk).update(name=f"{team.name}!")


def bulk(team: Any) -> None:
    type(team).objects.bulk_create([type(team)(name=f"{team.name}!")])


def raw_sql(team: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_team SET is_active = false WHERE id = %s", [team.pk])


def delete(team: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("WITH gone AS (DELETE FROM access_team WHERE id = %s RETURNING id) TABLE gone", [team.pk])


def past_the_history() -> list[Any]:
    """Ways of writing that auditlog cannot see: the row triggers alone do, and sign for whoever it was."""
    from audit.actor import acting_as, acting_as_system
    from tests.factories import TeamFactory
    from tests.trail.scene import Act

    def needs(scene: Any) -> Any:
        return scene["specialist"], TeamFactory(name=uuid4().hex)

    def by_a_person(way: Callable[[Any], None]) -> Any:
        def do(client: Any, made: Any) -> None:
            with acting_as(made[0]):
                way(made[1])

        return Act(f"{PAST} {way.__name__}, a person", do, lambda made: made[0].username, needs)

    def by_the_system(way: Callable[[Any], None]) -> Any:
        def do(client: Any, made: Any) -> None:
            with acting_as_system("benchmark"):
                way(made[1])

        return Act(f"{PAST} {way.__name__}, the system", do, "system:benchmark", needs)

    ways = [update, bulk, raw_sql, delete]
    return [*map(by_a_person, ways), *map(by_the_system, ways)]


def prepared(world: Any, step: Any, client: Any) -> tuple[Any, Callable[[], Any]]:
    from access.roles import Role
    from audit.actor import acting_as_system
    from tests.factories import UserFactory
    from tests.trail.scene import Scene

    with acting_as_system("scene"):
        new = {role: UserFactory(role=role) for role in (Role.SPECIALIST, Role.TEAM_LEAD)}
        scene = Scene(world.users | new)
        return scene, step.prepare(client, scene)


def tidy(world: Any) -> None:
    """The ownership and mail as they were."""
    from django.core.cache import cache

    from access.roles import Role
    from access.services.grants import make_owner, owner_at
    from audit.actor import acting_as_system
    from i2a import clock
    from outbox.models import SendingState
    from outbox.switches import resume_sending

    cache.clear()
    with acting_as_system("scene"):
        if owner_at(clock.now()) != world.users[Role.MANAGER]:
            make_owner(user=world.users[Role.MANAGER], now=clock.now())
        if SendingState.objects.filter(mailing="", is_stopped=True).exists():
            resume_sending(reason="As it was", by=None, now=clock.now())


# --- T3 ------------------------------------------------------------------------------------------------------------


def refuse(world: Any) -> None:
    """Pages that one may not open, records out of reach, forged forms, wrong passwords, and forms past which somebody
    came: each is recorded. What a form finds wrong is no refusal; it must leave nothing."""
    from django.test import Client

    from tests.trail.refused import REFUSED
    from tests.trail.witness import Witness

    left, recorded, expected = 0, 0, 0
    for number in range(REFUSALS):
        attempt = REFUSED[number % len(REFUSED)]
        client = Client(enforce_csrf_checks=attempt.is_forged)
        _scene, go = prepared(world, attempt, client)
        witness = Witness.now()
        response = go()
        left += len(witness.changes()) + len(witness.entries())
        expected += bool(attempt.reads)
        events = {event.kind for event in witness.events()}
        recorded += bool(attempt.reads) and attempt.reads in events
        if attempt.reads and attempt.reads not in events:
            print(f"  {attempt}: {response.status_code} {events}")
    print(f"refused: {REFUSALS} attempts left {left} changes; {recorded} of {expected} refusals recorded")


def take_back() -> None:
    """What the database itself refuses halfway is nobody's refusal; it must leave nothing either."""
    from django.db import IntegrityError, transaction

    from access.models import Team
    from audit.actor import acting_as_system
    from tests.trail.witness import Witness

    witness = Witness.now()
    for number in range(REFUSALS):
        with acting_as_system("benchmark"), suppress(IntegrityError), transaction.atomic():
            Team.objects.create(name=f"Refused {number}")
            Team.objects.bulk_create([Team(name=f"Refused {number}")])
    left = len(witness.changes()), len(witness.entries())
    print(f"taken back: {REFUSALS} attempts left {left[0]} row changes and {left[1]} entries")


# --- T8 ------------------------------------------------------------------------------------------------------------


@contextmanager
def audit_refuses() -> Iterator[None]:
    tables = "audit_accessevent (kind)", "audit_logentry (action)"
    with owner() as cursor:
        for table in tables:
            cursor.execute("REVOKE INSERT ({1} ON {0} FROM i2a_app".format(*table.split("(")))
        yield
        for table in tables:
            cursor.execute("GRANT INSERT ({1} ON {0} TO i2a_app".format(*table.split("(")))


def fail_closed(world: Any) -> None:
    from django.test import Client

    from tests.trail import clients, elsewhere, office
    from tests.trail.witness import Witness

    told, left, others = 0, 0, Counter[str]()
    steps = [*clients.STEPS, *office.STEPS, *elsewhere.PUBLIC, *elsewhere.SIGN_INS]
    for step in steps:
        client = Client(raise_request_exception=False)
        _scene, go = prepared(world, step, client)
        witness = Witness.now()
        with audit_refuses():
            response = go()
        told += response.status_code == 503
        if response.status_code != 503:
            others[f"{step}: {response.status_code}"] += 1
        left += len(witness.changes()) + len(witness.entries())
        tidy(world)
    print(f"audit away: {told} of {len(steps)} kinds of actions refused in words; {left} changes left")
    for other in others:
        print(f"  {other}")


# --- T9 ------------------------------------------------------------------------------------------------------------


def look_for_secrets() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(VALUES)
        rows = cursor.fetchall()
    found = Counter((where, secret) for secret in SECRETS for where, text in rows if secret in text)
    print(f"secrets in {len(rows)} values of the audit:")
    for (where, secret), count in sorted(found.items()):
        print(f"  {count} x {where}: {secret}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
