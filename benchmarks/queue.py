"""What a page of the work queue costs with few and with many open follow-ups, and against its rows alone, in one run.

In a database of its own, because it fills it:

    python3 dev.py manage seed_demo
    python3 dev.py manage shell -c "import benchmarks.queue as b; b.main()"

Django's own test client asks, in this process: no web server, no network, the same work in Python and in the database.
"Rows alone" is one statement on the same index for the same fifty rows, put into a bare table: no session, no layout,
no permissions, no record of reading, no clocks.
"""

import time
from datetime import datetime, timedelta
from statistics import median, quantiles

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import format_html

from access.models import User
from contacts.models import Contact
from followups.models import FollowUp
from i2a import clock

FEW, MANY = 200, 20_000
ROUNDS = 8
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
    due_at = received_at + timedelta(minutes=1 + number % 12_000)
    return FollowUp(
        contact_id=contact_id, team=user.team, assigned_to=user if number % 10 else None, kind=FollowUp.Kind.REPLY,
        asked=f"Question {number}", received_at=received_at, due_at=due_at, original_due_at=due_at, created_by=user,
    )  # fmt: skip


ROWS = """
    SELECT followup.asked, followup.due_at, followup.received_at, contact.name
    FROM followups_followup AS followup JOIN contacts_contact AS contact ON contact.id = followup.contact_id
    WHERE followup.status = 'open' AND followup.team_id = %s ORDER BY followup.due_at, followup.id LIMIT 51
"""


def rows_alone(user: User) -> float:
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [user.team_id])
        "".join(format_html("<tr><td>{}<td>{}<td>{}<td>{}", *row) for row in cursor.fetchall())
    return (time.perf_counter() - started) * 1000


def asked(client: Client, view: str) -> tuple[int, list[float]]:
    """The queries of one page, and the milliseconds of `ROUNDS` more."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(f"/followups/?view={view}").status_code == 200
    return len(caught), [milliseconds(client, view) for _round in range(ROUNDS)]


def milliseconds(client: Client, view: str) -> float:
    started = time.perf_counter()
    client.get(f"/followups/?view={view}")
    return (time.perf_counter() - started) * 1000


def main() -> None:
    user, client = User.objects.get(username="maya"), Client()
    client.force_login(user, backend="access.backends.RoleBackend")
    medians: dict[str, float] = {}
    print("| open | view | queries | p50 ms (p95) | of the few | of the rows alone |\n|---|---|---|---|---|---|")
    for count in (FEW, MANY):
        fill(count, user)
        for view in VIEWS:
            queries, times = asked(client, view)
            bare = median(rows_alone(user) for _round in range(ROUNDS))
            half, most = median(times), quantiles(times, n=20)[-1]
            of_few = half / medians.setdefault(view, half)
            print(f"| {count} | {view} | {queries} | {half:.1f} ({most:.1f}) | {of_few:.2f} | {half / bare:.1f} |")
