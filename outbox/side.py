"""The sender's second connection to the database: what it does is committed while the first one holds its locks.

It keeps prepared statements and counts as a place at the mail server (`outbox.pace`), so it must be a session of its
own: no pooler that hands out transactions may stand in between.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from audit.signing import sign


class Prepared:
    """A cursor that plans each statement once. For the few statements that are executed for every mail."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.names: dict[str, str] = {}

    def execute(self, sql: str, parameters: Any) -> None:
        if sql not in self.names:
            numbered = sql % tuple(f"${number}" for number, _value in enumerate(parameters, start=1))
            self.cursor.execute(f"PREPARE i2a_{len(self.names)} AS {numbered}")
            self.names[sql] = f"i2a_{len(self.names)}"
        values = ", ".join(["%s"] * len(parameters))
        self.cursor.execute(f"EXECUTE {self.names[sql]} ({values})", parameters)

    def fetchall(self) -> list[Any]:
        rows: list[Any] = self.cursor.fetchall()
        return rows


@contextmanager
def side_connection() -> Iterator[Any]:
    """A second connection as the same role, in autocommit: what it does is committed while our transaction waits."""
    side = connection.get_new_connection(connection.get_connection_params())
    sign(side)
    try:
        side.autocommit = True
        yield side
    finally:
        side.close()
