"""How many queries a page asks about permissions, and what 20 000 grants on single records cost it (goal P8).

    python3 dev.py manage seed_demo
    python3 dev.py manage shell -c "import benchmarks.crowd as c; c.fill(250_000)"     # in a database of its own
    python3 dev.py manage shell -c "import benchmarks.permissions as b; b.main()"

One specialist holds half of the grants, one holds none; the rest is shared out among the others. Both ask for the same
pages in this process, in turn.
"""

import re
import statistics
import time
from collections.abc import Callable

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import ObjectGrant, User
from contacts.models import Contact

FIRST_TABLE = re.compile(r'FROM "?([a-z]\w+)')  # what a query is about; conditions of data queries do not count
ABOUT_PERMISSIONS = re.compile("access_(accessgrant|user|team|objectgrant)|contacts_contact(user|group)grant|guardian_")
ROUNDS = 10
GIVE = """
WITH granted AS (
    INSERT INTO access_objectgrant (uid, user_id, object_type, object_uid, permission, basis, reason, granted_by_id,
        starts_at, until, end_reason)
    SELECT gen_random_uuid(), people.ids[1 + CASE WHEN n %% 2 = 0 THEN 0 ELSE n / 2 %% cardinality(people.ids) END],
        'contacts.contact', contact.uid, 'view_contact', 'shared', 'Benchmark', %(by)s, now(),
        now() + interval '30 days', ''
    FROM (SELECT array_agg(id ORDER BY username = %(holder)s DESC, id) AS ids FROM access_user
          WHERE username IN (%(holder)s, 'jun', 'priya')) AS people,
        (SELECT uid, row_number() OVER (ORDER BY id) AS n FROM contacts_contact WHERE team_id <> %(team)s
         ORDER BY id LIMIT %(count)s) AS contact
    RETURNING id, user_id, object_uid
)
INSERT INTO contacts_contactusergrant (user_id, content_object_id, permission_id, grant_id)
SELECT granted.user_id, contact.id, permission.id, granted.id
FROM granted JOIN contacts_contact AS contact ON contact.uid = granted.object_uid,
    (SELECT id FROM auth_permission WHERE codename = 'view_contact') AS permission
"""


def give(count: int) -> None:
    """Grants on records of other teams, by INSERT..SELECT: no audit, they are scenery."""
    team = User.objects.get(username="maya").team_id
    facts: dict[str, str | int | None] = {
        "holder": "maya",
        "by": User.objects.get(username="grant").pk,
        "team": team,
        "count": count,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(GIVE, facts)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE access_objectgrant")
        cursor.execute("VACUUM ANALYZE contacts_contactusergrant")


def pages(user: User) -> dict[str, Callable[[Client], object]]:
    known = Contact.objects.filter(team=user.team_id).order_by("pk").first()
    assert known is not None
    lookup = reverse("contacts:lookup")
    return {
        "list of contacts": lambda client: client.get(lookup),
        "lookup by name": lambda client: client.post(lookup, {"q": "maria"}, headers={"HX-Request": "true"}),
        "lookup by phone": lambda client: client.post(lookup, {"q": known.phone[-7:]}, headers={"HX-Request": "true"}),
        "contact page": lambda client: client.get(known.get_absolute_url()),
        "follow-ups": lambda client: client.get(reverse("followups:list")),
    }


def main() -> None:
    if ObjectGrant.objects.filter(reason="Benchmark").count() == 0:
        give(20_000)
    holder, nobody = User.objects.get(username="maya"), User.objects.get(username="tomas")
    clients = {user: Client() for user in (holder, nobody)}
    for user, client in clients.items():
        client.force_login(user)
    print(f"{Contact.objects.count():,} contacts, {ObjectGrant.objects.count():,} grants on single records\n")
    print("| page | permission queries | all queries | ms with 10 000 grants | ms with none | ratio |")
    print("|---|---|---|---|---|---|")
    for name, visit in pages(holder).items():
        asked, allowed = counted(clients[holder], visit)
        times: dict[User, list[float]] = {holder: [], nobody: []}
        for _round in range(ROUNDS):
            for user, client in clients.items():
                times[user].append(timed(client, visit))
        with_grants, without = (statistics.median(times[user]) for user in (holder, nobody))
        ratio = with_grants / without
        print(f"| {name} | {allowed} | {asked} | {with_grants:.1f} | {without:.1f} | {ratio:.1f} |", flush=True)


def counted(client: Client, visit: Callable[[Client], object]) -> tuple[int, int]:
    visit(client)
    with CaptureQueriesContext(connection) as queries:
        visit(client)
    tables = [FIRST_TABLE.search(query["sql"]) for query in queries]
    return len(queries), sum(bool(table and ABOUT_PERMISSIONS.match(table[1])) for table in tables)


def timed(client: Client, visit: Callable[[Client], object]) -> float:
    begun = time.perf_counter()
    visit(client)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    import django

    django.setup()
