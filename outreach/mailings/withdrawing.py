"""Taking back what waits of a mailing."""

from datetime import datetime

from django.db import connection

from outbox.models import Message, Reason
from outbox.states import Rows, Step, take


def withdraw_queued(mailing: str, reason: Reason, now: datetime) -> None:
    """What a sender has claimed is withheld when it asks for the last time."""
    waiting = Rows("purpose_key = %s AND state = 'queued'", [mailing], "FOR UPDATE")
    step = Step(Message.State.CANCELLED, at=now, columns={"reason": reason.value, "to_email": ""})
    with connection.cursor() as cursor:
        take(cursor, waiting, step)
