"""What a person decides about a mail whose fate nobody knows (design §4.5). Two people at once: the first one wins."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from outbox import bell
from outbox.models import Message, Reason
from outbox.states import FREE, Rows, State, Step, take


class AlreadyDecided(Exception):
    """It does not wait for a person any more. Nothing was changed."""


@transaction.atomic
def send_again(*, message: Message, now: datetime) -> None:
    """Queue it once more, with the same Message-ID. Whether it may leave is asked again.

    :raises AlreadyDecided: somebody was faster, or the answer of the mail server came after all.
    """
    columns = {"reason": "", "not_before": now, **FREE}
    _decide(message, Step(State.QUEUED, at=now, detail=Reason.AGAIN_BY_PERSON.value, columns=columns))
    transaction.on_commit(bell.ring_drain)


@transaction.atomic
def treat_as_sent(*, message: Message, now: datetime) -> None:
    """Believe that it arrived, at the moment it was handed over.

    :raises AlreadyDecided: somebody was faster, or the answer of the mail server came after all.
    """
    left_at = message.events.filter(state=State.SENDING).aggregate(at=Max("at"))["at"] or now
    columns: dict[str, Any] = {"reason": "", "sent_at": left_at, **FREE}
    _decide(message, Step(State.SENT, at=now, detail=Reason.SENT_BY_PERSON.value, columns=columns))


def _decide(message: Message, step: Step) -> None:
    undecided = Rows("id = %s AND state = 'ambiguous'", [message.pk], "FOR UPDATE")
    with connection.cursor() as cursor:
        if not take(cursor, undecided, step):
            raise AlreadyDecided
