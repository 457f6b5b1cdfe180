"""Every night the row changes are held against the readable history (T1, N13).

Found are rows that nobody signed for, signed changes of what the history should show that it does not, and entries that
claim another time than they were written at. Nothing is refused: people are told, and look.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction

from audit.actor import UNSIGNED, current
from audit.models import AccessEvent, Check, Discrepancy, LogEntry
from audit.registry import auditlog
from i2a import clock

Kind = Discrepancy.Kind
SETTLED = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
MOST = 500  # groups; more than that is one trouble, not many
# Changes that leave no entry of their own on purpose: of these columns, or all (empty). Where they are kept instead.
# Further apps add theirs (`declare`).
_declared: dict[str, set[str]] = {}


def declare(table: str, columns: str = "") -> None:
    """Changes of these columns of `table` are kept elsewhere; say where in a comment beside the call."""
    _declared.setdefault(table, set()).update(columns.split())


@dataclass(frozen=True)
class Found:
    kind: str
    table: str
    operation: str
    columns: list[str]
    actor_label: str
    rows: int
    first_at: datetime
    last_at: datetime
    keys: list[int]


GROUPED = """
SELECT change.table_name, change.operation, change.columns, change.actor_label, count(*),
    min(change.at), max(change.at),
    (array_agg(change.key ORDER BY change.id))[1:10]
FROM audit_rowchange AS change
WHERE change.txid >= %(since)s::text::xid8 AND change.txid < %(until)s::text::xid8 AND {condition}
GROUP BY 1, 2, 3, 4 ORDER BY 6 LIMIT 500
"""
NOT_SIGNED = "change.actor_label = %(unsigned)s"
NO_ENTRY = """
change.table_name = %(table)s AND change.actor_label <> %(unsigned)s
AND (change.operation <> 'U' OR change.columns && %(columns)s::text[])
AND NOT EXISTS (
    SELECT FROM audit_logentry AS entry
    WHERE entry.txid = change.txid AND entry.content_type_id = %(type)s {of_row}
)
"""
OF_ROW = """AND entry.object_id = change.key
    AND entry.action = CASE change.operation WHEN 'I' THEN 0 WHEN 'U' THEN 1 ELSE 2 END"""
OTHER_TIME = """
SELECT '{table}', '', '{{}}'::text[], actor_label, count(*), min(written_at), max(written_at),
    (array_agg(id ORDER BY id))[1:10]
FROM {table}
WHERE txid >= %(since)s::text::xid8 AND txid < %(until)s::text::xid8
    AND written_at - {column} NOT BETWEEN interval '-10 minutes' AND interval '10 minutes'
GROUP BY 4 ORDER BY 6 LIMIT 500
"""


def reconcile() -> Check:
    """Look at what was settled since the last time, and write down what was found."""
    began = time.monotonic()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(SETTLED)
        (until,) = cursor.fetchone()
        last = Check.objects.filter(kind=Check.Kind.ROWS).order_by("-pk").first()
        window = {"since": last.upto if last and last.upto <= until else 0, "until": until, "unsigned": UNSIGNED}
        found = [*_unsigned(cursor, window), *_unexplained(cursor, window), *_backdated(cursor, window)][:MOST]
        cursor.execute(
            "SELECT count(*) FROM audit_rowchange WHERE txid >= %(since)s::text::xid8 AND txid < %(until)s::text::xid8",
            window,
        )
        (rows,) = cursor.fetchone()
        check = Check.objects.create(
            kind=Check.Kind.ROWS,
            at=clock.now(),
            actor_label=current().label,
            is_sound=not found,
            upto=until,
            seconds=round(time.monotonic() - began, 3),
            detail={"rows": rows, "found": sum(group.rows for group in found)},
        )
        for group in found:
            Discrepancy.objects.create(
                found_by=check,
                kind=group.kind,
                table_name=group.table,
                operation=group.operation,
                columns=group.columns,
                actor_label=group.actor_label,
                rows=group.rows,
                first_at=group.first_at,
                last_at=group.last_at,
                keys=group.keys,
            )
    return check


def _unsigned(cursor: Any, window: dict[str, Any]) -> Iterator[Found]:
    cursor.execute(GROUPED.format(condition=NOT_SIGNED), window)
    yield from _groups(cursor, Kind.UNSIGNED)


def _unexplained(cursor: Any, window: dict[str, Any]) -> Iterator[Found]:
    cursor.execute(
        "SELECT DISTINCT table_name FROM audit_rowchange"
        " WHERE txid >= %(since)s::text::xid8 AND txid < %(until)s::text::xid8",
        window,
    )
    touched = {table for (table,) in cursor.fetchall()}
    for model in auditlog.get_models():
        content_type = ContentType.objects.get_for_model(model).pk
        if model._meta.db_table in touched:
            columns = sorted(_columns(model))
            yield from _without_entry(cursor, window, model._meta.db_table, content_type, columns, OF_ROW)
        for name in auditlog._registry[model]["m2m_fields"]:
            through = getattr(model, name).through
            if through._meta.db_table in touched:
                yield from _without_entry(cursor, window, through._meta.db_table, content_type, [], "")


def _columns(model: type[models.Model]) -> set[str]:
    """Those the readable history shows."""
    shown = auditlog.get_model_fields(model)["include_fields"]
    fields = [field for field in model._meta.concrete_fields if field.name in shown or not shown]
    return {str(field.column) for field in fields} - _declared.get(model._meta.db_table, set())


def _without_entry(
    cursor: Any, window: dict[str, Any], table: str, content_type: int, columns: list[str], of_row: str
) -> Iterator[Found]:
    condition = NO_ENTRY.format(of_row=of_row)
    cursor.execute(
        GROUPED.format(condition=condition), {**window, "table": table, "type": content_type, "columns": columns}
    )
    yield from _groups(cursor, Kind.UNEXPLAINED)


def _backdated(cursor: Any, window: dict[str, Any]) -> Iterator[Found]:
    """The demonstration's clock may be set, so there nothing can be said."""
    if settings.I2A_DEMO:
        return
    for model, column in ((LogEntry, "timestamp"), (AccessEvent, "at")):
        cursor.execute(OTHER_TIME.format(table=model._meta.db_table, column=column), window)
        yield from _groups(cursor, Kind.BACKDATED)


def _groups(cursor: Any, kind: Kind) -> Iterator[Found]:
    for row in cursor.fetchall():
        yield Found(kind.value, *row)
