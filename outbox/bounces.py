"""What mail that came back means (R-INF-02): the message did not arrive, and perhaps its address does not work.

A report is believed only if it was sent to the return address of one of our messages, which nobody else can make.
"""

import logging
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.db import connection, transaction

from audit.models import AccessEvent
from outbox.dsn import Report, read
from outbox.models import Message, Reason
from outbox.outcomes import mark_address
from outbox.return_path import message_of
from outbox.states import Rows, State, Step, take

logger = logging.getLogger(__name__)

# A full mailbox and the like: requested information is tried three times in a day, then it counts as undeliverable.
MOST_TRIES = 3
PAUSE = timedelta(hours=8)


class Result(Enum):
    """What became of a mail that came in. The last three change nothing."""

    BOUNCED = "bounced"
    AGAIN = "tried again later"
    KNOWN = "known already"
    NOT_A_BOUNCE = "not a bounce"
    NOT_OURS = "not ours"


class NotYet(Exception):
    """The message is just being sent: ask again in some minutes."""


def receive(raw: bytes, *, now: datetime, envelope_to: str = "") -> Result:
    """Take in a mail that came to the mailbox for bounces. `envelope_to`: where it was sent, if the relay knows.

    Safe to repeat. Nothing personal is kept of it, only its status.

    :raises NotYet: nothing was changed.
    """
    report = read(raw)
    found = next(filter(None, map(message_of, [envelope_to, *report.addressed_to])), None)
    if found is None:
        result = Result.NOT_OURS
    elif not report.is_bounce:
        result = Result.NOT_A_BOUNCE
    else:
        result = came_back(found, report, now)
    logger.info("mail for bounces: message=%s status=%s %s", found or "", report.status, result.value)
    return result


@transaction.atomic
def came_back(pk: int, report: Report, now: datetime) -> Result:
    """:raises NotYet: the sender has not written down yet that it left."""
    message = Message.objects.select_for_update().filter(pk=pk).select_related(None).first()
    if message is None:  # of another database, with the same key
        return Result.NOT_OURS
    if message.state in (State.CLAIMED, State.SENDING):
        raise NotYet
    if message.state not in (State.SENT, State.AMBIGUOUS):
        return Result.KNOWN
    tries = 1 + message.events.filter(detail=Reason.CAME_BACK_FOR_NOW.value).count()
    if report.is_hard or message.is_promotional or tries >= MOST_TRIES:
        _end(message, report, now, is_hard=report.is_hard or not message.is_promotional)
        return Result.BOUNCED
    _try_again(message, report, now)
    return Result.AGAIN


def _end(message: Message, report: Report, now: datetime, *, is_hard: bool) -> None:
    reason = Reason.CAME_BACK if is_hard else Reason.CAME_BACK_FOR_NOW
    columns = {"reason": reason.value, "smtp_code": report.status[:16]}
    _take(message, Step(State.BOUNCED, at=now, columns=columns, detail=report.status, access=_proof(message, report)))
    if is_hard:
        mark_address(message, now)


def _try_again(message: Message, report: Report, now: datetime) -> None:
    reason = Reason.CAME_BACK_FOR_NOW.value
    columns: dict[str, Any] = {
        "reason": reason,
        "smtp_code": report.status[:16],
        "not_before": now + PAUSE,
        "claim_token": None,
    }
    _take(message, Step(State.QUEUED, at=now, columns=columns, detail=reason, access=_proof(message, report)))


def _proof(message: Message, report: Report) -> tuple[AccessEvent.Kind, dict[str, Any]]:
    detail = {"kind": message.kind, "for": message.purpose_key, "status": report.status}
    return AccessEvent.Kind.EMAIL_BOUNCED, detail


def _take(message: Message, step: Step) -> None:
    with connection.cursor() as cursor:
        take(cursor, Rows("id = %s", [message.pk]), step)
