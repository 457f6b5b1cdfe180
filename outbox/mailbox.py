"""The mailbox for what comes back, read over IMAP (R-INF-02).

A mail that has been understood is deleted: it names people, and all that matters of it is in the database. Whatever
else arrives there stays, marked as read, for a person to look at.
"""

import imaplib
import logging
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings

from i2a import clock
from outbox import bounces, health
from outbox.bounces import Result
from outbox.dsn import LARGEST_READ
from outbox.smtp import SignInRefused, Unreachable

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 200
UNDERSTOOD = {Result.BOUNCED, Result.AGAIN, Result.KNOWN}
PORTS = {"imap+ssl": 993, "imap+tls": 143, "imap": 143}


def look() -> None:
    """Read the mailbox, if there is one, and remember whether that worked."""
    if not settings.I2A_BOUNCE_MAILBOX:
        return
    try:
        read_mailbox()
    except Unreachable as error:
        logger.warning("the mailbox for bounces cannot be read: %s", error)
        health.note_mailbox(error.trouble)
    else:
        health.note_mailbox(health.Trouble.NONE)


def read_mailbox() -> Counter[Result]:
    """Take in what is new, each mail in a transaction of its own; how many of which kind.

    :raises Unreachable: there is no such server or folder, or it does not let us in. What was taken in before stays so.
    """
    found: Counter[Result] = Counter()
    with opened() as imap:
        for uid in new_mails(imap):
            try:
                result = bounces.receive(fetched(imap, uid), now=clock.now())
            except bounces.NotYet:
                continue  # unread, so it is asked again
            found[result] += 1
            imap.uid("STORE", uid, "+FLAGS", r"(\Deleted)" if result in UNDERSTOOD else r"(\Seen)")
        imap.expunge()
    return found


@contextmanager
def opened() -> Iterator[imaplib.IMAP4]:
    """The folder of the settings. A fault of the server anywhere inside is told in our words."""
    url = urlsplit(settings.I2A_BOUNCE_MAILBOX)
    try:
        imap = connected(url.scheme, url.hostname or "", url.port or PORTS[url.scheme])
        try:
            sign_in(imap, unquote(url.username or ""), unquote(url.password or ""))
            folder = unquote(url.path.strip("/")) or "INBOX"
            if imap.select(f'"{folder}"')[0] != "OK":
                raise Unreachable("no such folder")
            yield imap
        finally:
            imap.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        raise Unreachable(type(error).__name__) from error


def connected(scheme: str, host: str, port: int) -> imaplib.IMAP4:
    timeout, context = settings.EMAIL_TIMEOUT, ssl.create_default_context()
    if scheme == "imap+ssl":
        return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=timeout)
    imap = imaplib.IMAP4(host, port, timeout=timeout)
    if scheme == "imap+tls":
        imap.starttls(ssl_context=context)
    return imap


def sign_in(imap: imaplib.IMAP4, user: str, password: str) -> None:
    try:
        imap.login(user, password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise SignInRefused("IMAP") from error


def new_mails(imap: imaplib.IMAP4) -> list[str]:
    _status, found = imap.uid("SEARCH", "UNSEEN")
    return [uid.decode() for uid in (found[0] or b"").split()][:MOST_AT_ONCE]


def fetched(imap: imaplib.IMAP4, uid: str) -> bytes:
    """Its beginning, without marking it as read."""
    _status, parts = imap.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST_READ}>)")
    return next((part[1] for part in parts if isinstance(part, tuple)), b"")
