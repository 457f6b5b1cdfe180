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
from i2a.held import BACK

WRITES = re.compile(
    r"(?:\s+|--[^\n]*\n|/\*.*?\*/)*(?:INSERT|UPDATE|DELETE|MERGE|WITH|EXECUTE|CALL|DO|TRUNCATE)\b",
    re.IGNORECASE | re.DOTALL,
)


def signature() -> str:
    """`user key|request id|label`, as `audit_row_change()` takes it apart; "" for nobody."""
    actor = current()
    if actor.label == UNSIGNED:
        return ""
    return f"{actor.user.pk if actor.user else ''}|{actor.request_id}|{actor.label}"


def signed_by() -> str:
    words = signature().replace("'", "''")
    return f"SET LOCAL i2a.actor = '{words}';\n"


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

    before = 0  # the length of what went along with the last statement

    def execute(self, query: Any, vars: Any = None) -> None:
        if self.name is not None:  # a server-side cursor, which only reads, and must be declared alone
            self.connection.send_held()
            with without_values():
                super().execute(query, vars)
            return
        sql = query if isinstance(query, str) else query.as_string(self)
        if BACK.match(sql):
            self.connection.held.clear()
        along = "".join(self.connection.held) + (signed_by() if WRITES.match(sql) else "")
        self.before = len(along.encode())
        with without_values():
            super().execute((along if vars is None else along.replace("%", "%%")) + sql, vars)
        self.connection.held.clear()  # not before: what never left Python still waits

    def executemany(self, query: Any, vars_list: Any) -> None:
        self.connection.send_held()
        along = signed_by()
        self.before = len(along.encode())
        with without_values():
            super().executemany(along.replace("%", "%%") + query, vars_list)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        """COPY allows no other statement beside it; it is signed within a transaction."""
        self.execute("SELECT set_config('i2a.actor', %s, true)", [signature()])
        with without_values():
            super().copy_expert(sql, file, size)

    @property
    def query(self) -> bytes | None:
        """What was asked, without what was sent along: this is what a log of queries shows."""
        sent: bytes | None = super().query
        return sent and sent[self.before :]


def sign(connection: Any) -> None:
    """Let every cursor of this psycopg2 connection sign."""
    connection.cursor_factory = SignedCursor
