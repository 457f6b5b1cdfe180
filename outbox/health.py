"""Whether mail can leave at all: a tick now and then, a mail server that lets us in. Times are the database's."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from outbox.models import SenderHealth

Trouble = SenderHealth.Trouble
SILENT = 120  # seconds without a tick: nobody looks after the mail
UNREAD = 600  # seconds in which nobody has looked into the mailbox for what comes back
TICKED = """
INSERT INTO outbox_senderhealth AS health (id, trouble, ticked_at) VALUES (1, '', clock_timestamp())
ON CONFLICT (id) DO UPDATE SET ticked_at = clock_timestamp()
"""
NOTED = """
INSERT INTO outbox_senderhealth AS health (id, trouble, trouble_since)
VALUES (1, %(trouble)s, CASE WHEN %(trouble)s <> '' THEN clock_timestamp() END)
ON CONFLICT (id) DO UPDATE SET trouble = EXCLUDED.trouble, trouble_since = EXCLUDED.trouble_since
WHERE health.trouble <> EXCLUDED.trouble
"""
NOTED_MAILBOX = """
INSERT INTO outbox_senderhealth AS health (id, trouble, mailbox_trouble, mailbox_since)
VALUES (1, '', %(trouble)s, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET mailbox_trouble = EXCLUDED.mailbox_trouble, mailbox_since = EXCLUDED.mailbox_since
WHERE health.mailbox_trouble <> EXCLUDED.mailbox_trouble OR EXCLUDED.mailbox_trouble = ''
"""
READ_MAILBOX = """
SELECT mailbox_trouble, extract(epoch FROM clock_timestamp() - mailbox_since)::float FROM outbox_senderhealth
"""
READ = """SELECT coalesce(trouble, ''), extract(epoch FROM clock_timestamp() - trouble_since)::float,
    extract(epoch FROM clock_timestamp() - ticked_at)::float,
    EXISTS (SELECT FROM outbox_sendingstate WHERE mailing = '' AND is_stopped)
FROM (SELECT) AS always LEFT JOIN outbox_senderhealth ON true
"""


@dataclass(frozen=True)
class Health:
    """`code` in one word for machines: "ok", "stopped", "no tick", or a trouble with the mail server."""

    code: str
    seconds: float | None = None  # how long it has been so


def ticked() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TICKED)


def note(trouble: Trouble) -> None:
    """Remember what became of the last attempt to connect; a trouble keeps the moment it began."""
    with connection.cursor() as cursor:
        cursor.execute(NOTED, {"trouble": trouble.value})


def note_mailbox(trouble: Trouble) -> None:
    """Remember what became of the last look into the mailbox for what comes back."""
    with connection.cursor() as cursor:
        cursor.execute(NOTED_MAILBOX, {"trouble": trouble.value})


def mailbox_health() -> Health:
    """`code`: "off", "ok", "not read", or a trouble with the mailbox."""
    if not settings.I2A_BOUNCE_MAILBOX:
        return Health("off")
    with connection.cursor() as cursor:
        cursor.execute(READ_MAILBOX)
        trouble, age = cursor.fetchone() or ("", None)
    if trouble:
        return Health(trouble, age)
    return Health("not read" if age is None or age > UNREAD else "ok", age)


def health() -> Health:
    """The worst thing first: without a tick nobody knows of any other."""
    with connection.cursor() as cursor:
        cursor.execute(READ)
        trouble, trouble_age, tick_age, is_stopped = cursor.fetchone()
    if tick_age is None or tick_age > SILENT:
        return Health("no tick", tick_age)
    if trouble:
        return Health(trouble, trouble_age)
    return Health("stopped" if is_stopped else "ok")
