"""Politeness towards the mail server: never more mails a second, nor more connections, than the settings allow.

Both limits hold over all senders on all machines, because both are kept in PostgreSQL: moments are given out from one
row, connections are advisory locks that end with the session that holds them. 0 means "no limit".
"""

import time
from typing import Any

from django.conf import settings

PATIENCE = 5.0  # seconds that a sender waits for its moment; if all of them are taken, others are at it
STEP = 0.2  # seconds' worth of moments taken at once
CONNECTIONS = 0x12A  # the first half of our advisory locks; the second is the number of the connection
TAKE_CONNECTION = "SELECT number FROM generate_series(1, %s) AS number WHERE pg_try_advisory_lock(%s, number) LIMIT 1"
TAKE_MOMENTS = """
INSERT INTO outbox_senderhealth AS health (id, trouble, next_slot_at)
VALUES (1, '', clock_timestamp() + %(span)s * interval '1 second')
ON CONFLICT (id) DO UPDATE
SET next_slot_at = GREATEST(health.next_slot_at, clock_timestamp()) + %(span)s * interval '1 second'
WHERE health.next_slot_at IS NULL OR health.next_slot_at < clock_timestamp() + %(patience)s * interval '1 second'
RETURNING extract(epoch FROM next_slot_at - clock_timestamp())::float
"""


class AllTaken(Exception):
    """Other senders have every connection, or every moment of the next seconds."""


def take_connection(cursor: Any) -> None:
    """Count as one connection until the session of `cursor` ends.

    :raises AllTaken: as many as are allowed are in use.
    """
    if settings.I2A_MAIL_CONNECTIONS:
        cursor.execute(TAKE_CONNECTION, [settings.I2A_MAIL_CONNECTIONS, CONNECTIONS])
        if cursor.fetchone() is None:
            raise AllTaken


class Moments:
    """Up to `most` moments at which a mail may be offered, in order. Whoever takes them and dies has used them."""

    def __init__(self, cursor: Any, most: int) -> None:
        """:raises AllTaken: the next free one is too far away."""
        rate = settings.I2A_MAIL_RATE
        self.count, self._pause, self._next = most, 0.0, 0.0
        if not rate:
            return
        self.count = max(1, min(most, int(rate * STEP)))
        self._pause = 1 / rate
        cursor.execute(TAKE_MOMENTS, {"span": self.count * self._pause, "patience": PATIENCE})
        row = cursor.fetchone()
        if row is None:
            raise AllTaken
        self._next = time.monotonic() + row[0] - self.count * self._pause

    def wait(self) -> None:
        """Until the next one has come."""
        if self._pause:
            time.sleep(max(0.0, self._next - time.monotonic()))

    def use(self) -> None:
        """Wait for it and take it."""
        self.wait()
        self._next += self._pause
