"""Every write of ours is signed at the database, in the same round trip: `audit.row_changes` reads the signature there.

The signature is set again with each writing statement, because a rollback to a savepoint takes a setting back, and
because the actor may change within a transaction. Reads pay nothing. What comes past this cursor (psql, another
program) is recorded as unsigned.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import cursor as Cursor

from audit.actor import UNSIGNED, current

WRITES = re.compile(
    r"(?:\s+|--[^\n]*\n|/\*.*?\*/)*(?:INSERT|UPDATE|DELETE|MERGE|WITH|EXECUTE|CALL|DO|TRUNCATE)\b",
    re.IGNORECASE | re.DOTALL,
)
SIGN = "SET LOCAL i2a.actor = '"
END = "';\n"


def signature() -> str:
    """`user key|request id|label`, as `audit_row_change()` takes it apart; "" for nobody."""
    actor = current()
    if actor.label == UNSIGNED:
        return ""
    return f"{actor.user.pk if actor.user else ''}|{actor.request_id}|{actor.label}"


def signed(sql: str, parameters: Any) -> str:
    words = signature().replace("'", "''")
    return f"{SIGN}{words if parameters is None else words.replace('%', '%%')}{END}{sql}"


@contextmanager
def without_values() -> Iterator[None]:
    """An error may end in a log: it says which rule was broken, without the row that PostgreSQL adds to it."""
    try:
        yield
    except psycopg2.Error as error:
        said, rule = error.diag.message_primary or "", error.diag.constraint_name or ""
        if said:
            error.args = (said if rule in said else f"{said} ({rule})",)
        raise


class SignedCursor(Cursor):
    """Django's cursor, and that of every further connection a module of ours opens."""

    def execute(self, query: Any, vars: Any = None) -> None:
        with without_values():
            super().execute(self._signed(query, vars), vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        with without_values():
            super().executemany(self._signed(query, ()), vars_list)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        """COPY allows no other statement beside it; it is signed within a transaction."""
        super().execute("SELECT set_config('i2a.actor', %s, true)", [signature()])
        with without_values():
            super().copy_expert(sql, file, size)

    def _signed(self, query: Any, parameters: Any) -> Any:
        if self.name is not None:  # a server-side cursor, which only reads
            return query
        sql = query if isinstance(query, str) else query.as_string(self)
        return signed(sql, parameters) if WRITES.match(sql) else query

    @property
    def query(self) -> bytes | None:
        """What was asked, without the signature: this is what a log of queries shows."""
        sent: bytes | None = super().query
        if sent is None or not sent.startswith(SIGN.encode()):
            return sent
        return sent.split(END.encode(), 1)[1]


def sign(connection: Any) -> None:
    """Let every cursor of this psycopg2 connection sign."""
    connection.cursor_factory = SignedCursor
