"""What a page of the audit costs among five million access events, against the plainest SQL for the same rows.

Statements only, without browser and templates; ratios within one run. On a database of its own, migrated and with the
demonstration in it, which it fills; as the owner, who may analyse it:

    DATABASE_URL=postgres://i2a_owner@/bench python manage.py shell -c "import benchmarks.audit_report as b; b.main()"
"""

from collections.abc import Callable
from datetime import date
from statistics import quantiles
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import QueryDict

from access.models import User
from audit.models import AccessEvent
from audit.reports.asked import AskForm
from audit.reports.merged import page_of, place_of
from audit.reports.rows import rows_of
from audit.reports.viewers import counted
from contacts.models import Contact
from i2a import clock

ROWS, RUNS, PAGE = 5_000_000, 30, 50
# Over the last year, mostly opened contacts, by everybody alike.
FILL = """
INSERT INTO audit_accessevent (at, actor_id, actor_label, kind, object_type, object_uid, request_id, detail)
SELECT %s - (number * interval '1 year' / %s), people.ids[1 + number %% cardinality(people.ids)], 'benchmark',
    (ARRAY['viewed', 'viewed', 'viewed', 'searched', 'listed'])[1 + number %% 5], 'contacts.contact',
    contacts.uids[1 + number %% cardinality(contacts.uids)], '', '{"purpose": "call"}'
FROM generate_series(1, %s) AS number,
    (SELECT array_agg(id) AS ids FROM access_user) AS people,
    (SELECT array_agg(uid) AS uids FROM contacts_contact) AS contacts
"""
# Apart by month, as the rows of a system that has run for a year are: the first partition reaches back without end.
BY_MONTH = """
ALTER TABLE audit_accessevent DETACH PARTITION audit_accessevent_first;
SELECT format('CREATE TABLE audit_accessevent_%%s PARTITION OF audit_accessevent FOR VALUES FROM (%%L) TO (%%L)',
    to_char(month, 'YYYY_MM'), month, month + interval '1 month')
FROM generate_series(date_trunc('month', %s::timestamptz) - interval '12 months', date_trunc('month', now()),
    '1 month') AS month
"""
MOVE = """
INSERT INTO audit_accessevent SELECT * FROM audit_accessevent_first;
DROP TABLE audit_accessevent_first
"""
RAW = "SELECT id, at, kind, actor_id FROM audit_accessevent WHERE {where} ORDER BY at DESC, id DESC LIMIT 51"


def fill() -> None:
    missing = ROWS - AccessEvent.objects.count()
    if missing > 0:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(BY_MONTH, [clock.now()])
            for (make_month,) in cursor.fetchall():
                cursor.execute(make_month)
            cursor.execute(MOVE)
            cursor.execute(FILL, [clock.now(), missing, missing])
            cursor.execute("ANALYZE audit_accessevent")


def timed(work: Callable[[], Any]) -> str:
    """p50 (p95) in milliseconds, after one run that fills the caches."""
    work()
    times = []
    for _run in range(RUNS):
        began = perf_counter()
        work()
        times.append((perf_counter() - began) * 1000)
    parts = quantiles(times, n=20)
    return f"{parts[9]:.1f} ({parts[18]:.1f})"


def page(user: User, today: date, query: str) -> None:
    form = AskForm(QueryDict(query), user=user, today=today)
    found = page_of(form.asked, after=place_of(""), size=PAGE)
    rows_of(found.places, user)


def places(user: User, today: date, query: str) -> Callable[[], Any]:
    asked = AskForm(QueryDict(query), user=user, today=today).asked
    return lambda: page_of(asked, size=PAGE)


def raw(where: str, *values: Any) -> Callable[[], Any]:
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute(RAW.format(where=where), values)
            cursor.fetchall()

    return ask


def main() -> None:
    fill()
    user, maya = (User.objects.get(username=name) for name in ["grant", "maya"])
    today = clock.today()
    contact = Contact.objects.order_by("pk")[5]
    month = f"since={today.year}-05-01&until={today.year}-05-31"
    may = (f"{today.year}-05-01 06:00+00", f"{today.year}-06-01 06:00+00")
    between = "at >= %s AND at < %s"
    questions = [
        ("who saw a contact in May", f"did=viewed&record={contact.ref}&{month}",
         raw(f"object_uid = %s AND kind = 'viewed' AND {between}", contact.uid, *may)),
        ("newest of everything", "", raw("true")),
        ("what a person did in May", f"who={maya.uid}&{month}", raw(f"actor_id = %s AND {between}", maya.pk, *may)),
        ("exports and lists in May", f"did=exports&{month}",
         raw(f"kind IN ('exported', 'printed', 'listed') AND {between}", *may)),
        ("outside hours in May", f"did=hours&{month}", raw(between, *may)),
    ]  # fmt: skip
    print(f"{AccessEvent.objects.count()} access events; milliseconds, p50 (p95)\n")
    print("| question | whole page | places and count | raw newest 50 |\n|---|---|---|---|")
    for name, query, floor in questions:
        whole = timed(lambda query=query: page(user, today, query))
        print(f"| {name} | {whole} | {timed(places(user, today, query))} | {timed(floor)} |", flush=True)
    start = AskForm(QueryDict(month), user=user, today=today).asked
    print(f"\ntop viewers in May: {timed(lambda: counted(start.start, start.until))}")
