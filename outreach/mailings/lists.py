"""The list of a mailing: the hash that somebody approves, and what is written down of those who are left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, Model, QuerySet, Value, When

from audit.actor import current
from audit.models import AccessEvent
from outbox.models import Message, Reason
from outbox.services import digest
from outreach.mailings.audience import Reason as Double
from outreach.mailings.audience import sql_of
from outreach.mailings.kinds import Mailing

FREEZE = """
WITH judged AS MATERIALIZED ({judged}), listed AS (
    INSERT INTO {table} ({mailing}_id, contact_id, email_fingerprint, consent_event_id, reason {columns})
    SELECT %s, id, email_fingerprint, agreement, '' {values} FROM (
        SELECT DISTINCT ON (email_fingerprint) * FROM judged WHERE refusal = '' ORDER BY email_fingerprint, id
    ) AS kept RETURNING id
)
SELECT refusal, count(*) - CASE refusal WHEN '' THEN (SELECT count(*) FROM listed) ELSE 0 END FROM judged GROUP BY 1
"""
LIST = """
SELECT encode(sha256(convert_to(coalesce(string_agg(
    contact_id || ':' || email_fingerprint || ':' || consent_event_id, ' ' ORDER BY contact_id
), ''), 'UTF8')), 'hex') FROM {table} WHERE id IN ({rows})
"""
LEAVE_OUT = """
WITH missing AS (
    UPDATE {table} AS listed SET reason = fell.why FROM ({fallen}) AS fell (contact_id, why)
    WHERE listed.{mailing}_id = %s AND listed.contact_id = fell.contact_id RETURNING fell.contact_id, fell.why
)
INSERT INTO audit_accessevent (at, actor_id, actor_label, kind, object_type, object_uid, ip, request_id, detail)
SELECT %s, %s, %s, %s, 'contacts.contact', contact.uid, %s::inet, %s,
    jsonb_build_object('kind', %s::text, 'for', %s::text, 'reason', why)
FROM missing JOIN contacts_contact AS contact ON contact.id = missing.contact_id
"""


@dataclass(frozen=True)
class ListNow:
    """The list as it stands: `sha256` is what somebody approves, `fell_out` how many would get nothing, by reason."""

    sha256: str
    listed: int
    fell_out: list[tuple[str, int]]

    @property
    def remaining(self) -> int:
        return self.listed - sum(people for _reason, people in self.fell_out)


def freeze(
    mailing: Mailing, model: type[Model], column: str, judged: QuerySet[Any], order: Sequence[str], **more: str
) -> list[tuple[str, int]]:
    """Write the list; how many of those who match are not on it, by reason, as of the same moment (M15).

    `model` is the list, `column` its way to the mailing; `more`: further columns of it, and those of `judged` they get.
    """
    sql, parameters = sql_of(judged, *more.values())
    columns = {
        name: "".join(f", {one}" for one in what) for name, what in [("columns", more), ("values", more.values())]
    }
    statement = FREEZE.format(table=model._meta.db_table, mailing=column, judged=sql, **columns)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, mailing.pk])
        found = [(reason or Double.DUPLICATE.value, int(people)) for reason, people in cursor.fetchall() if people]
    return sorted(found, key=lambda one: order.index(one[0]))


def sha256_of(rows: QuerySet[Any], words: str) -> str:
    """Over who is on it, by which address and which agreement, and over the `words`, a hash."""
    sql, parameters = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(LIST.format(table=rows.model._meta.db_table, rows=sql), parameters)
        (people,) = cursor.fetchone()
    return digest(people, words)


def counted(fallen: QuerySet[Any], order: Sequence[str]) -> list[tuple[str, int]]:
    """How many, by `why`."""
    rows = [(row["why"], row["people"]) for row in fallen.values("why").annotate(people=Count("pk")).order_by()]
    return sorted(rows, key=lambda one: order.index(one[0]))


def with_why(judged: QuerySet[Any]) -> QuerySet[Any]:
    """`why` each would get nothing. Who may get mail again, may by another agreement."""
    why = Case(When(refusal="", then=Value(Reason.OTHER_CONSENT)), default=F("refusal"))
    return judged.annotate(why=why)


def promised(mailing: str) -> QuerySet[Any]:
    """Keys of contacts."""
    return Message.objects.filter(purpose_key=mailing).values("contact")


def leave_out(mailing: Mailing, model: type[Model], column: str, left: QuerySet[Any], now: datetime) -> None:
    """Keep the reason beside everybody on the list who was promised nothing (R-CNS-05).

    `model` is the list, `column` its way to the mailing, `left` these people with `why`.
    """
    sql, parameters = left.values("pk", "why").order_by().query.sql_with_params()
    actor = current()
    signature = [now, actor.user and actor.user.pk, actor.label, AccessEvent.Kind.EMAIL_WITHHELD.value]
    about = [actor.ip, actor.request_id, mailing.kind.value, mailing.mailing]
    statement = LEAVE_OUT.format(table=model._meta.db_table, mailing=column, fallen=sql)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, mailing.pk, *signature, *about])
