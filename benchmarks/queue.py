"""What a page of the work queue costs with few and with many open follow-ups, and against a bare Django page.

In a database of its own, because it fills it:

    python3 dev.py manage seed_demo
    python3 dev.py manage shell -c "import benchmarks.queue as b; b.main()"

Whether the cost is flat is said by what no other load on the machine can change: how many statements a page sends and
how many blocks of 8 KB PostgreSQL looks at for them. The times are those of two web servers in alternation, as in
`benchmarks.lookup`: ours, and bare Django with as many rows by the same index.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.models import User
from benchmarks.lookup import Row, Server, session_of, timed, web_server
from contacts.models import Contact
from followups.models import FollowUp
from i2a import clock

FEW, MANY = 200, 20_000
VIEWS = ["mine", "team", "overdue", "unassigned"]


def fill(count: int, user: User) -> None:
    """Bring the open follow-ups to `count`: a third late, a tenth with nobody."""
    now, contacts = clock.now(), list(Contact.objects.filter(team=user.team).values_list("pk", flat=True))
    missing = range(FollowUp.objects.open().count(), count)
    FollowUp.objects.bulk_create([promised(number, contacts[number % len(contacts)], user, now) for number in missing])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE followups_followup")


def promised(number: int, contact_id: int, user: User, now: datetime) -> FollowUp:
    received_at = now - timedelta(days=3)
    due_at = received_at + timedelta(minutes=1 + number * 7919 % 12_000)
    return FollowUp(
        contact_id=contact_id, team=user.team, assigned_to=user if number % 10 else None, kind=FollowUp.Kind.REPLY,
        asked=f"Question {number}", received_at=received_at, due_at=due_at, original_due_at=due_at, created_by=user,
    )  # fmt: skip


def page_of(view: str) -> str:
    return f"/followups/?view={view}"


def statements_and_blocks(client: Client, view: str) -> tuple[int, int]:
    """Of one page; the second time, when what a process asks once is known."""
    client.get(page_of(view))
    with CaptureQueriesContext(connection) as caught:
        assert client.get(page_of(view)).status_code == 200
    asked = [query["sql"] for query in caught if query["sql"].startswith("SELECT")]
    return len(caught), sum(map(blocks_of, asked))


def blocks_of(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def main() -> None:
    user, client = User.objects.get(username="maya"), Client()
    client.force_login(user, backend="access.backends.RoleBackend")
    print("| open | view | statements | blocks | page ms, p50 (p95) | bare Django | ratio | target |")
    print("|---|---|---|---|---|---|---|---|")
    with web_server("i2a.wsgi") as first, web_server("benchmarks.floor.wsgi") as second:
        ours, floor = Server(first, session_of(user)), Server(second, session_of(user))
        for count in (FEW, MANY):
            fill(count, user)
            for view in VIEWS:
                statements, blocks = statements_and_blocks(client, view)
                row = Row(
                    f"{count} | {view} | {statements} | {blocks}",
                    1.7,
                    asking(ours, page_of(view)),
                    asking(floor, "/queue/"),
                )
                row.run()
                print(row.line(), flush=True)


def asking(server: Server, path: str) -> Callable[[], float]:
    return lambda: timed(server, "GET", path, None, 200)
