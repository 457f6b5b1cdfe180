"""What the mail server accepted beside what the rows say."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.run import Run

ACCEPTED = {"accepted", "kept, no answer", "kept, silent"}
UNPROVEN = """
SELECT count(*) FROM outbox_message AS message LEFT JOIN contacts_consentevent AS event
    ON event.id = message.consent_event_id AND event.contact_id = message.contact_id
    AND event.purpose = message.kind AND event.status = 'granted' AND event.at < message.sent_at
WHERE message.state = 'sent' AND (event.id IS NULL OR message.text_version_id IS NULL OR EXISTS (
    SELECT FROM contacts_consentevent AS later
    JOIN outbox_messageevent AS leaving ON leaving.message_id = message.id AND leaving.state = 'sending'
    WHERE later.contact_id = event.contact_id AND later.purpose = event.purpose AND later.channel = event.channel
        AND later.id > event.id AND later.at < leaving.at - interval '15 seconds'
))
"""


def judge(run: Run, seconds: float) -> int:
    """Print the ledger; 0 if it is as promised."""
    from django.db import connection

    from outbox.models import Message

    lines = [line.split("\t") for line in run.ledger.read_text().splitlines()]
    accepted: dict[str, list[float]] = defaultdict(list)
    for what, at, receiver, _message_id in lines:
        if what in ACCEPTED:
            accepted[receiver].append(float(at))
    rows = {row.to_email: row for row in Message.objects.filter(purpose_key="event:faults")}
    states = Counter(row.state for row in rows.values())
    with connection.cursor() as cursor:
        cursor.execute(UNPROVEN)
        (unproven,) = cursor.fetchone()
    silent = sum(what != "accepted" for what, *_rest in lines)  # sessions that began DATA and got no answer
    plan = run.plan
    from tests.faults.run import CONCURRENCY

    allowed = silent + plan.kills * CONCURRENCY
    after = [address for address, at in run.withdrawn.items() if any(time >= at for time in accepted[address])]
    waits = sorted(run.waits) or [0.0]
    # A mail the server has never accepted must not count as sent; one it accepted must be sent or wait for a person.
    lost = [a for a, row in rows.items() if row.state == "sent" and not accepted[a]]
    unflagged = [a for a, times in accepted.items() if times and rows[a].state not in {"sent", "ambiguous"}]
    unfinished = [a for a, row in rows.items() if row.state in {"queued", "claimed", "sending"}]
    faults = {
        "lost without a flag": len(lost) + len(unflagged) + len(unfinished) + plan.recipients - len(rows),
        "accepted twice": sum(len(times) > 1 for times in accepted.values()),
        "accepted after a withdrawal": len(after),
        "sent without proof": unproven,
        "flagged above the allowance": max(0, states["ambiguous"] - allowed),
    }
    print(f"seed {plan.seed}: {plan.recipients} recipients in {seconds:.0f} s")
    print(f"  worker killed {plan.kills} times, frozen {plan.freezes}; Redis killed and emptied {plan.redis}")
    print(f"  PostgreSQL crashed {plan.database} times")
    print("  the server: " + ", ".join(f"{count} {what}" for what, count in Counter(line[0] for line in lines).items()))
    print("  the rows: " + ", ".join(f"{count} {state}" for state, count in sorted(states.items())))
    print(f"  withdrawals: {len(run.withdrawn)}, median {waits[len(waits) // 2]:.2f} s, slowest {waits[-1]:.2f} s")
    print(f"  needs a person: {states['ambiguous']} of at most {allowed} ({silent} silent sessions, {plan.kills} x "
          f"{CONCURRENCY} kills)")  # fmt: skip
    for what, count in faults.items():
        print(f"  {what}: {count}")
    for what in run.trouble:
        print(f"  {what}")
    return 1 if any(faults.values()) or run.trouble else 0
