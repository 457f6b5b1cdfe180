"""The live count of a campaign and the writing of its list, with a million contacts; for a database of its own.

    python3 dev.py manage seed_demo
    python3 dev.py manage shell -c "import benchmarks.crowd as c; c.fill(1_000_000)"
    python3 dev.py manage shell -c "import benchmarks.campaigns as b; b.agree(); b.main()"

`agree` lets three of eight of the crowd answer about seminars, most of them with a yes. The raw SQL is the same table
of counts written by hand; "count only" is what one would ask who wants no reasons. What is measured is rolled back.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction

from access.models import User
from audit.actor import acting_as_system
from i2a import clock
from outreach.campaigns.approving import freeze, sha256_of
from outreach.campaigns.audience import audience_of
from outreach.models import Campaign, Event

ROUNDS = 7
FINGERPRINTS = """
UPDATE contacts_contact SET email_fingerprint = encode(sha256(convert_to(lower(email), 'UTF8')), 'hex'),
    future_contact = CASE WHEN id %% 8 < 2 THEN 'agreed' ELSE 'not_asked' END
WHERE ref LIKE 'P-1990-%%' AND id %% 8 < 3 AND id BETWEEN %s AND %s
"""
ANSWERS = """
INSERT INTO contacts_consentevent (uid, contact_id, purpose, channel, status, basis, source, source_ref,
    text_version_id, language, at, email_fingerprint, correction_reason)
SELECT gen_random_uuid(), id, 'seminar', 'email', CASE WHEN id %% 8 = 2 THEN 'refused' ELSE 'granted' END,
    CASE WHEN id %% 8 = 2 THEN 'none' ELSE 'express' END, 'call', '',
    (SELECT min(id) FROM contacts_textversion WHERE kind = 'consent_script' AND language = 'en'),
    'en', created_at, email_fingerprint, ''
FROM contacts_contact WHERE ref LIKE 'P-1990-%%' AND id %% 8 < 3 AND id BETWEEN %s AND %s
"""
BATCH = 20_000
RAW = """
SELECT reason, count(*) FROM (
    SELECT CASE
        WHEN contact.status <> 'active' THEN 1 WHEN contact.do_not_contact THEN 2 WHEN contact.email = '' THEN 3
        WHEN contact.email_state = 'not_working' THEN 4
        WHEN stop.newest >= event.at THEN 5
        WHEN state.status IS NULL THEN 6 WHEN state.status <> 'granted' THEN 7
        WHEN event.email_fingerprint <> contact.email_fingerprint THEN 8 WHEN NOT event.minor_understands THEN 9
        WHEN coalesce(nullif(contact.residence_country, ''), contact.origin_country) <> 'PH' THEN 10 ELSE 0
    END AS reason
    FROM contacts_contact AS contact
    LEFT JOIN contacts_consentstate AS state
        ON state.contact_id = contact.id AND state.purpose = 'seminar' AND state.channel = 'email'
    LEFT JOIN contacts_consentevent AS event ON event.id = state.event_id
    LEFT JOIN (SELECT fingerprint, max(at) AS newest FROM contacts_suppression GROUP BY 1) AS stop
        ON stop.fingerprint = contact.email_fingerprint
) AS judged GROUP BY reason
"""
ONLY = """
SELECT count(*) FROM contacts_consentstate AS state
JOIN contacts_consentevent AS event ON event.id = state.event_id
JOIN contacts_contact AS contact ON contact.id = state.contact_id
WHERE state.purpose = 'seminar' AND state.channel = 'email' AND state.status = 'granted'
    AND event.email_fingerprint = contact.email_fingerprint AND contact.status = 'active'
    AND NOT contact.do_not_contact AND contact.email_state <> 'not_working' AND contact.origin_country = 'PH'
"""


def agree() -> None:
    """In batches: each answer runs the triggers that every answer runs."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT min(id), max(id) FROM contacts_contact WHERE ref LIKE 'P-1990-%'")
        first, last = cursor.fetchone()
    for start in range(first, last + 1, BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in [FINGERPRINTS, ANSWERS]:
                cursor.execute(statement, [start, start + BATCH - 1])
    with connection.cursor() as cursor:
        for table in ["contacts_contact", "contacts_consentstate", "contacts_consentevent"]:
            cursor.execute(f"VACUUM ANALYZE {table}")


def main() -> None:
    with acting_as_system("benchmark"), transaction.atomic():
        campaign = draft()
        found = audience_of(campaign)
        print(f"{found.matching:,} contacts, {found.will_get:,} would get it; seconds, median (slowest) of {ROUNDS}\n")
        rows: dict[str, Callable[[], object]] = {
            "live count with all reasons": lambda: audience_of(campaign),
            "the same counts in raw SQL": lambda: ask(RAW),
            "count only, raw SQL": lambda: ask(ONLY),
        }
        for name, work in rows.items():
            print(f"| {name} | {figures([timed(work) for _round in range(ROUNDS)])} |", flush=True)
        print(f"| writing the list | {timed(lambda: freeze(campaign)):.2f} |")
        print(f"| its fingerprint | {timed(lambda: sha256_of(campaign, campaign.recipients.all())):.2f} |")
        transaction.set_rollback(True)


def draft() -> Campaign:
    by = User.objects.get(username="priya")
    starts_at = clock.now() + timedelta(days=30)
    event = Event.objects.create(kind=Event.Kind.SEMINAR, title="A benchmark", starts_at=starts_at)
    return Campaign.objects.create(
        ref="M-BENCH", event=event, title="A benchmark", countries=["PH"], created_by=by, changed_by=by
    )


def ask(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def figures(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} ({max(seconds):.2f})"
