"""The one place that moves a message from state to state: the row, its event and its audit entry in one statement.

One statement, because the step to `sending` is taken on a connection of its own without a transaction (design §4.4).
It is raw SQL, so auditlog does not see it; the audit entry it would have written is written here, except for a sender's
own steps towards an outcome (`IN_HAND`): those are in the events alone, which nobody can change either.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from auditlog.models import LogEntry as AuditlogEntry
from django.conf import settings
from django.contrib.contenttypes.models import ContentType

from audit.actor import current
from audit.masking import MASK
from audit.models import AccessEvent
from outbox.models import Message

State = Message.State

# The trigger of migration 0002 knows the same pairs, for everybody who does not come through here.
TRANSITIONS = {
    State.QUEUED: [State.CLAIMED, State.CANCELLED, State.WITHHELD],
    State.CLAIMED: [State.QUEUED, State.SENDING, State.WITHHELD, State.FAILED],
    State.SENDING: [State.QUEUED, State.SENT, State.FAILED, State.AMBIGUOUS],
    State.AMBIGUOUS: [State.QUEUED, State.SENT, State.BOUNCED],
    State.SENT: [State.BOUNCED, State.QUEUED],  # queued again: requested information only, when it came back for now
}
# How long a sender may be silent. Above the worst case of one mail: connecting anew, and every answer just in time.
LEASE = timedelta(seconds=12 * settings.EMAIL_TIMEOUT)
FREE = {"claim_token": None}
IN_HAND = [State.CLAIMED, State.SENDING]


@dataclass(frozen=True)
class Rows:
    """Which messages: a condition with its parameters, and what follows it (order, limit, locking)."""

    condition: str
    parameters: list[Any]
    tail: str = ""


STILL_MINE = "id = %s AND claim_token = %s::uuid AND state = 'claimed' AND lease_until > clock_timestamp()"
NOT_STOPPED = "NOT EXISTS (SELECT FROM outbox_sendingstate WHERE is_stopped AND mailing IN ('', purpose_key))"


def held(pk: int, token: UUID, states: list[State]) -> Rows:
    """The message if `token` still claims it."""
    return Rows("id = %s AND claim_token = %s::uuid AND state = ANY(%s)", [pk, str(token), values(states)])


@dataclass(frozen=True)
class Step:
    """Where to, when, and what else changes. `detail` goes into the event; `leased` starts the lease again.

    `access` appends an access event of this kind with this detail, in the same statement, `way_out` the hash of an
    unsubscribe token. `lazily` does not wait for the disk: a crash of the database may forget the step, if nothing was
    committed after it.
    """

    to: State
    at: datetime
    detail: str = ""
    leased: bool = False
    lazily: bool = False
    columns: dict[str, Any] = field(default_factory=dict)
    access: tuple[AccessEvent.Kind, dict[str, Any]] | None = None
    way_out: str = ""


def take(cursor: Any, rows: Rows, step: Step) -> list[int]:
    """Take the step with every message of `rows`; return which ones did. Signed by `audit.actor`.

    `cursor` may belong to any connection, ours or Django's.
    """
    columns = {"state": step.to.value, **step.columns}
    # A lease is about a process being alive, so it goes by the server's clock: the demonstration's may stand still.
    assignments = ", ".join(f"{name} = %s" for name in columns) + ", lease_until = clock_timestamp() + %s::interval"
    actor = current()
    signature = [actor.user and actor.user.pk, actor.label]
    parameters = [
        *rows.parameters,
        *columns.values(),
        LEASE if step.leased else None,
        *[step.at, actor.label, step.detail],
    ]
    more = ""
    if step.to not in IN_HAND:
        more = ENTRY
        parameters += [ContentType.objects.get_for_model(Message).pk, AuditlogEntry.Action.UPDATE, MASK]
        parameters += [*signature, actor.user and actor.user.email, actor.request_id, actor.ip, step.at]
    if step.access:
        kind, detail = step.access
        more += ACCESS
        parameters += [step.at, *signature, kind.value, actor.ip, actor.request_id, json.dumps(detail)]
    if step.way_out:
        more += WAY_OUT
        parameters += [step.way_out, step.at]
    lazily = LAZILY if step.lazily else ""
    parts = {"assignments": assignments, "more": more, "lazily": lazily}
    statement = TAKE_STEP.format(condition=rows.condition, tail=rows.tail, **parts)
    cursor.execute(statement, parameters)
    return [row[0] for row in cursor.fetchall()]


def values(states: list[State]) -> list[str]:
    return [state.value for state in states]


TAKE_STEP = """
WITH old AS (
    SELECT id, state, reason, sent_at, to_email FROM outbox_message WHERE {condition} {tail}
), new AS (
    UPDATE outbox_message AS message SET {assignments} FROM old WHERE message.id = old.id
    RETURNING message.id, message.uid, message.kind, message.purpose_key, message.state, message.reason,
        message.sent_at, old.state AS old_state, old.reason AS old_reason, old.sent_at AS old_sent_at,
        old.to_email <> message.to_email AS has_lost_address
), event AS (
    INSERT INTO outbox_messageevent (message_id, state, at, actor_label, detail)
    SELECT id, state, %s::timestamptz, %s::text, %s::text FROM new
){more}
SELECT id{lazily} FROM new ORDER BY id
"""
ENTRY = """, entry AS (
    INSERT INTO audit_logentry (
        content_type_id, object_pk, object_id, object_repr, action, changes, changes_text,
        actor_id, actor_label, actor_email, cid, remote_addr, timestamp
    )
    SELECT
        %s::int, id::text, id, kind || ' ' || purpose_key || ' (#' || id || ')', %s::smallint,
        jsonb_build_object('state', jsonb_build_array(old_state, state))
        || CASE WHEN reason = old_reason THEN '{}'
           ELSE jsonb_build_object('reason', jsonb_build_array(old_reason, reason)) END
        || CASE WHEN sent_at IS NOT DISTINCT FROM old_sent_at THEN '{}'
           ELSE jsonb_build_object('sent_at', jsonb_build_array('None', (sent_at AT TIME ZONE 'UTC')::text)) END
        || CASE WHEN has_lost_address THEN jsonb_build_object('to_email', jsonb_build_array(%s::text, ''))
           ELSE '{}' END,
        '', %s::bigint, %s::text, %s::text, %s::text, %s::inet, %s::timestamptz
    FROM new
)"""
LAZILY = ", set_config('synchronous_commit', 'off', true)"
ACCESS = """, access AS (
    INSERT INTO audit_accessevent (
        at, actor_id, actor_label, kind, object_type, object_uid, ip, request_id, detail
    )
    SELECT %s::timestamptz, %s::bigint, %s::text, %s::text, 'outbox.message', uid, %s::inet, %s::text, %s::jsonb
    FROM new
)"""
WAY_OUT = """, way_out AS (
    INSERT INTO outbox_unsubscribetoken (message_id, sha256, created_at) SELECT id, %s::text, %s::timestamptz FROM new
)"""
