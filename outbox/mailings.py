"""Queueing a whole mailing: one statement, whatever its size; the same one twice adds nobody twice (design §4.2)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry as AuditlogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import QuerySet

from access.models import User
from audit.actor import current
from audit.masking import MASK
from contacts.choices import Channel, ConsentStatus, ContactStatus, EmailState
from contacts.models import Contact
from outbox import bell
from outbox.models import Content, Message
from outbox.smtp import sender_domain

# The gate of contacts.gate in its set form; the trigger of migration 0003 asks again. The first record of an address
# stands for all records that share it.
QUEUE = """
WITH allowed AS (
    SELECT DISTINCT ON (lower(contact.email)) contact.id, contact.email, event.id AS event_id, event.text_version_id,
        contact.residence_country AS country, gen_random_uuid() AS uid,
        CASE WHEN contact.language LIKE 'fr%%' AND %(fr)s IS NOT NULL THEN %(fr)s ELSE %(en)s END AS content_id
    FROM contacts_contact AS contact
    JOIN contacts_consentstate AS state ON state.contact_id = contact.id
    JOIN contacts_consentevent AS event ON event.id = state.event_id
    WHERE state.purpose = %(kind)s AND state.channel = %(channel)s AND state.status = %(granted)s
        AND event.email_fingerprint = contact.email_fingerprint
        AND contact.status = %(active)s AND NOT contact.do_not_contact
        AND event.minor_understands IS NOT FALSE AND NOT EXISTS (
            SELECT FROM contacts_suppression AS stop
            WHERE stop.fingerprint = contact.email_fingerprint AND stop.purpose IN (state.purpose, '')
                AND stop.at >= event.at
        )
        AND contact.email <> '' AND contact.email_state <> %(not_working)s
        AND contact.id IN ({audience})
    ORDER BY lower(contact.email), contact.id
), added AS (
    INSERT INTO outbox_message (
        uid, kind, purpose_key, contact_id, to_email, content_id, consent_event_id, text_version_id, state, reason,
        message_id, not_before, attempts, smtp_code, template_version, rendered_sha256, created_at, created_by_id
    )
    SELECT uid, %(kind)s, %(mailing)s, id, email, content_id, event_id, text_version_id, 'queued', '',
        '<' || left(encode(sha256(uuid_send(uid)), 'hex'), 32) || '@' || %(domain)s || '>',
        coalesce((%(where)s::jsonb ->> country)::timestamptz, %(not_before)s), 0, '', '', '', %(now)s, %(by)s
    FROM allowed ORDER BY id
    ON CONFLICT DO NOTHING
    RETURNING *
), event AS (
    INSERT INTO outbox_messageevent (message_id, state, at, actor_label, detail)
    SELECT id, state, %(now)s, %(label)s, '' FROM added
), entry AS (
    INSERT INTO audit_logentry (
        content_type_id, object_pk, object_id, object_repr, action, changes, changes_text,
        actor_id, actor_label, actor_email, cid, remote_addr, timestamp
    )
    SELECT %(message_type)s, id::text, id, kind || ' ' || purpose_key || ' (#' || id || ')', %(create)s,
        jsonb_build_object(
            'kind', jsonb_build_array('None', kind), 'purpose_key', jsonb_build_array('None', purpose_key),
            'contact', jsonb_build_array('None', contact_id::text), 'to_email', jsonb_build_array('', %(mask)s),
            'content', jsonb_build_array('None', content_id::text),
            'consent_event', jsonb_build_array('None', consent_event_id::text),
            'text_version', jsonb_build_array('None', text_version_id::text),
            'state', jsonb_build_array('None', state)
        ),
        '', %(actor)s, %(label)s, %(email)s, %(request_id)s, %(ip)s::inet, %(now)s
    FROM added
)
SELECT count(*) FROM added
"""


GATE = {
    "channel": Channel.EMAIL.value,
    "granted": ConsentStatus.GRANTED.value,
    "active": ContactStatus.ACTIVE.value,
    "not_working": EmailState.NOT_WORKING.value,
}


@transaction.atomic
def queue_mailing(
    *,
    mailing: str,
    kind: Message.Kind,
    audience: QuerySet[Contact],
    contents: Mapping[str, Content],
    not_before: datetime,
    by: User | None,
    now: datetime,
    not_before_in: Mapping[str, datetime] | None = None,
) -> int:
    """Promise `mailing` to everybody in `audience` whom the gate lets through; how many were added.

    `mailing` is the `purpose_key` of all its messages, and what `switches` stop it by. `contents` is by language and
    has English; those who prefer French get it if it is there. Any number of calls, also at once, make one mailing:
    one message per contact and one per address. `not_before_in`: by country of residence, where it is another
    moment than `not_before`.
    """
    sql, parameters = audience.order_by().values("pk").query.sql_with_params()
    named = {
        "fr": contents["fr"].pk if "fr" in contents else None,
        "en": contents["en"].pk,
        "kind": kind.value,
        "mailing": mailing,
        "domain": sender_domain(),
        "not_before": not_before,
        "where": json.dumps({country: at.isoformat() for country, at in (not_before_in or {}).items()}),
        "now": now,
        "by": by and by.pk,
    }
    placed = {f"audience_{place}": value for place, value in enumerate(parameters)}
    statement = QUEUE.format(audience=sql % tuple(f"%({name})s" for name in placed))
    with connection.cursor() as cursor:
        cursor.execute(statement, GATE | _signature() | named | placed)
        (added,) = cursor.fetchone()
    if added and not_before <= now:
        transaction.on_commit(bell.ring_drain)
    return int(added)


def _signature() -> dict[str, Any]:
    """Who acts, for the audit entries that the statement writes itself."""
    actor = current()
    return {
        "message_type": ContentType.objects.get_for_model(Message).pk,
        "create": AuditlogEntry.Action.CREATE,
        "mask": MASK,
        "actor": actor.user and actor.user.pk,
        "label": actor.label,
        "email": actor.user and actor.user.email,
        "request_id": actor.request_id,
        "ip": actor.ip,
    }
