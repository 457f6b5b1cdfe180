"""Sealing what is settled, and what is known about the seal (design §6). `audit.seal_sql` explains how it is made."""

import logging
from dataclasses import dataclass

from django.db import connection, transaction

from audit.heads import Damaged, Head, export_heads, last_head
from audit.models import Check, Seal

logger = logging.getLogger(__name__)


def seal() -> int | None:
    """Seal all that is certainly over and write the head down outside; return the seal's number, None: nothing is new.

    Never within a business transaction, which would hold back the others' rows.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # the first one has much to do
        cursor.execute("SELECT audit_make_seal()")
        (number,) = cursor.fetchone()
    try:
        export_heads()
    except (OSError, Damaged):
        logger.exception("The head of the seal could not be written down outside the database")
    return int(number) if number is not None else None


def make_partitions() -> None:
    """Where what is written in the coming months goes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_make_partitions()")


@dataclass(frozen=True)
class Status:
    """For pages. `head` is the newest one outside the database; `head_trouble` says that the file cannot be read."""

    last: Seal | None
    seal_check: Check | None
    rows_check: Check | None
    past_check: Check | None
    head: Head | None
    head_trouble: bool

    @property
    def is_sound(self) -> bool:
        checks = [check for check in (self.seal_check, self.rows_check) if check]
        return all(check.is_sound for check in checks) and not self.head_trouble


def status() -> Status:
    head, trouble = None, False
    try:
        head = last_head()
    except (OSError, Damaged):
        trouble = True
    checks = Check.objects.order_by("-pk")
    return Status(
        last=Seal.objects.order_by("-number").first(),
        seal_check=checks.filter(kind=Check.Kind.SEAL).first(),
        rows_check=checks.filter(kind=Check.Kind.ROWS).first(),
        past_check=checks.filter(kind=Check.Kind.PAST).first(),
        head=head,
        head_trouble=trouble,
    )
