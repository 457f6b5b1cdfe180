"""Statements that answer nothing wait for the next one and travel with it, for each round trip is a wait.

They are part of the transaction all the same. Whatever is asked next takes them along, so everybody sees them; a commit
that finds some sends them first, and fails if they fail. A rollback forgets them. To a savepoint as well: `SAVEPOINT`
was a statement too and took along what came before it.
"""

import re
from typing import Any

from psycopg2.extensions import connection as Connection

BACK = re.compile(r"\s*ROLLBACK\b", re.IGNORECASE)


class HoldingConnection(Connection):
    """Of every session; `settings.DATABASES` names it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held: list[str] = []

    def send_held(self) -> None:
        if self.held:
            with self.cursor() as cursor:
                cursor.execute("")  # which takes them along

    def commit(self) -> None:
        self.send_held()
        super().commit()

    def rollback(self) -> None:
        self.held.clear()
        super().rollback()


def hold(connection: Any, sql: str, values: list[Any]) -> None:
    """Let `sql` travel with the next statement of Django's `connection`; without a transaction it goes by itself."""
    with connection.cursor() as cursor:
        if connection.get_autocommit():
            cursor.execute(sql, values)
            return
        words = cursor.mogrify(sql, values).decode()
    connection.connection.held.append(f"{words};\n")
    if connection.queries_logged:
        connection.queries_log.append({"sql": words, "time": "0.000"})
