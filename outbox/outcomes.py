"""What the mail server said, written down. A known outcome is never lost to a database that restarts meanwhile."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Min

from audit.models import AccessEvent
from contacts.choices import EmailState
from contacts.models import Contact
from i2a import clock
from outbox.models import Message, Reason
from outbox.smtp import Answer, Outcome
from outbox.states import FREE, LEASE, Rows, State, Step, held, take

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=4)
GIVE_UP_AFTER = timedelta(hours=72)  # from the first attempt on
# Requested information whose fate is unknown is repeated, but not for three days: a server that always answers too late
# would deliver each copy.
MOST_REPEATS = 3
FATE_UNKNOWN = [Reason.NO_ANSWER.value, Reason.SENDER_DIED.value]


def settle(message: Message, token: UUID, answer: Answer) -> None:
    """Record `answer` for the message that `token` claims, trying until its lease ends."""
    end = time.monotonic() + LEASE.total_seconds()
    while True:
        try:
            with transaction.atomic():
                return _record(message, token, answer, clock.now())
        except (OperationalError, InterfaceError):
            if time.monotonic() > end:
                raise
            connection.close()
            time.sleep(0.5)


def release(token: UUID, *, detail: str = "") -> None:
    """Give back what `token` claimed and never offered to the server."""
    claimed = Rows("claim_token = %s::uuid AND state = 'claimed'", [str(token)])
    with connection.cursor() as cursor:
        take(cursor, claimed, Step(State.QUEUED, at=clock.now(), detail=detail, columns=FREE))


def _record(message: Message, token: UUID, answer: Answer, now: datetime) -> None:
    outcomes = {
        Outcome.ACCEPTED: _accepted,
        Outcome.LATER: _later,
        Outcome.REFUSED: _refused,
        Outcome.UNKNOWN: _unknown,
    }
    outcomes[answer.outcome](message, token, answer, now)


def accepted(cursor: Any, message: Message, token: UUID, answer: Answer, now: datetime) -> None:
    """The good end, in one statement. `cursor` may belong to the sender's second connection.

    It does not wait for the disk: the sender's next step does, and until then it remembers (`Line.accepted`).
    """
    columns = {"sent_at": now, "smtp_code": answer.code, "reason": "", **FREE}
    proof = {
        "kind": message.kind,
        "for": message.purpose_key,
        "content": message.content.sha256,
        "template": message.template_version,
        "address": message.contact.email_fingerprint,
    }
    step = Step(State.SENT, at=now, lazily=True, columns=columns, access=(AccessEvent.Kind.EMAIL_SENT, proof))
    # `ambiguous`: this sender was frozen so long that its lease ended, and woke up with the answer.
    if not take(cursor, held(message.pk, token, [State.SENDING, State.AMBIGUOUS]), step):
        _say_lost(message, State.SENT)


def _accepted(message: Message, token: UUID, answer: Answer, now: datetime) -> None:
    with connection.cursor() as cursor:
        accepted(cursor, message, token, answer, now)


def _later(message: Message, token: UUID, answer: Answer, now: datetime) -> None:
    reason = Reason.CUT if answer.is_cut else Reason.BUSY
    put_back(message, token, reason=reason, code=answer.code, now=now)


def put_back(message: Message, token: UUID, *, reason: Reason, now: datetime, code: str = "") -> None:
    """Try again after a pause that grows; give up when three days have passed since the first attempt."""
    columns: dict[str, Any] = {"attempts": message.attempts + 1, "smtp_code": code, **FREE}
    states = [State.CLAIMED, State.SENDING]
    if now - _first_attempt(message, now) >= GIVE_UP_AFTER:
        columns["reason"] = Reason.GAVE_UP.value
        _move(message, token, states, Step(State.FAILED, at=now, detail=reason.value, columns=columns))
    else:
        columns["not_before"] = now + pause_after(message.attempts + 1)
        columns["reason"] = reason.value
        _move(message, token, states, Step(State.QUEUED, at=now, detail=reason.value, columns=columns))


def pause_after(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min … up to 4 h."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


def _refused(message: Message, token: UUID, answer: Answer, now: datetime) -> None:
    reason = Reason.ADDRESS_REFUSED if answer.blames_address else Reason.MAIL_REFUSED
    columns = {"attempts": message.attempts + 1, "smtp_code": answer.code, "reason": reason.value, **FREE}
    step = Step(State.FAILED, at=now, detail=answer.code, columns=columns)
    if _move(message, token, [State.CLAIMED, State.SENDING], step) and answer.blames_address:
        mark_address(message, now)


def mark_address(message: Message, now: datetime) -> None:
    """Nothing goes to this address again until somebody has corrected it."""
    contact = Contact.objects.select_for_update().get(pk=message.contact_id)
    if contact.email != message.to_email or contact.email_state == EmailState.NOT_WORKING:
        return
    contact.email_state = EmailState.NOT_WORKING
    contact.version += 1
    contact.updated_at, contact.updated_by = now, None
    contact.save(update_fields=["email_state", "version", "updated_at", "updated_by"])


def _unknown(message: Message, token: UUID, answer: Answer, now: datetime) -> None:
    """Repeat what was asked for, with the same Message-ID; anything else waits for a person (D-13)."""
    if not message.is_promotional and message.events.filter(detail__in=FATE_UNKNOWN).count() < MOST_REPEATS:
        return put_back(message, token, reason=Reason.NO_ANSWER, now=now)
    columns = {"attempts": message.attempts + 1, "reason": Reason.NO_ANSWER.value}
    step = Step(State.AMBIGUOUS, at=now, detail=Reason.NO_ANSWER.value, columns=columns)
    _move(message, token, [State.SENDING], step)
    return None


def _move(message: Message, token: UUID, states: list[State], step: Step) -> bool:
    with connection.cursor() as cursor:
        if take(cursor, held(message.pk, token, states), step):
            return True
    _say_lost(message, step.to)
    return False


def _say_lost(message: Message, outcome: State) -> None:
    logger.warning("message=%s was taken over before its outcome %s came", message.pk, outcome.value)


def _first_attempt(message: Message, now: datetime) -> datetime:
    first: datetime | None = message.events.filter(state=State.CLAIMED).aggregate(at=Min("at"))["at"]
    return first or now
