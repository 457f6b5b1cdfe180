"""The sender (design §4): claim what is due, ask once more, hand it over, write the outcome down.

Who dies where, and what follows:
- before `sending` is committed: the lease ends, `tick` queues the mail again; nothing had left;
- after it: nobody knows. Requested information is repeated with the same Message-ID, anything else waits for a person.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, connection, transaction

from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock
from outbox import last_check, outcomes, rendering
from outbox.models import Message, Reason
from outbox.smtp import Answer, MailServer, Unreachable, sender_address
from outbox.states import FREE, Rows, State, Step, held, take

logger = logging.getLogger(__name__)

CLAIM_SIZE = 10
LONGEST_DRAIN = 15.0  # seconds; a stopping worker waits for its task
EXPIRED = "state = '{state}' AND lease_until < clock_timestamp()"
REPEATABLE = """kind = 'information' AND (
    SELECT count(*) FROM outbox_messageevent AS event
    WHERE event.message_id = outbox_message.id AND event.detail = ANY(%s)
) < %s"""
SKIP_LOCKED = "FOR UPDATE SKIP LOCKED"  # whoever holds the row deals with it


def tick(*, now: datetime) -> bool:
    """Take back what senders held when they died; whether anything is due."""
    reap(now=now)
    return Message.objects.due(now).exists()


@transaction.atomic
def reap(*, now: datetime) -> None:
    """End the leases that ran out. Running it twice, or beside a sender that wakes up late, is harmless."""
    claimed, sending = EXPIRED.format(state="claimed"), EXPIRED.format(state="sending")
    died = Reason.SENDER_DIED.value
    repeatable = Rows(f"{sending} AND {REPEATABLE}", [outcomes.FATE_UNKNOWN, outcomes.MOST_REPEATS], SKIP_LOCKED)
    with connection.cursor() as cursor:
        unsent = Step(State.QUEUED, at=now, detail=Reason.CLAIM_EXPIRED.value, columns=FREE)
        take(cursor, Rows(claimed, [], SKIP_LOCKED), unsent)
        take(cursor, repeatable, Step(State.QUEUED, at=now, detail=died, columns=FREE))
        # These keep their token: a frozen sender that wakes up may still bring the answer.
        unknown = Step(State.AMBIGUOUS, at=now, detail=died, columns={"reason": died})
        take(cursor, Rows(sending, [], SKIP_LOCKED), unknown)


def drain(*, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """Send what is due, for a quarter of a minute at most; whether there is more.

    Any number of these may run at once, in any number of processes: each claims its own rows.
    """
    end = time.monotonic() + LONGEST_DRAIN
    if not Message.objects.due(clock.now()).exists():
        return False

    def is_over() -> bool:
        return time.monotonic() > end or should_stop()

    try:
        with Line.open() as line:
            while line.send_some(is_over):
                if is_over():
                    return True
    except Unreachable as error:
        # The mail server's trouble is nobody's mail's fault: rows stay as they are, the next tick tries again.
        logger.warning("the mail server cannot be reached: %s", error)
    return False


def claim_due(*, limit: int, now: datetime) -> tuple[UUID, list[int]]:
    """Reserve up to `limit` messages that are due, for this sender alone until the lease ends."""
    token = uuid4()
    due = Rows("state = 'queued' AND not_before <= %s", [now], f"ORDER BY not_before, id LIMIT {limit:d} {SKIP_LOCKED}")
    step = Step(State.CLAIMED, at=now, leased=True, columns={"claim_token": str(token)})
    with connection.cursor() as cursor:
        return token, take(cursor, due, step)


class Gone(Exception):
    """Somebody else has this message now."""


@dataclass
class Line:
    """What one drain holds: the mail server, and a second connection to the database that commits at once."""

    server: MailServer
    side: Any
    wordings: dict[str, rendering.Wording]

    @classmethod
    @contextmanager
    def open(cls) -> Iterator["Line"]:
        """:raises Unreachable: there is no mail server. Nothing is claimed then."""
        with MailServer() as server, side_connection() as side:
            server.connect()
            yield cls(server, side, rendering.wordings_in_force(clock.now()))

    def send_some(self, is_over: Callable[[], bool]) -> int:
        """Claim a handful and send them one by one, at least the first; how many there were.

        :raises Unreachable: the connection was lost and there is no new one. Nothing stays claimed.
        """
        token, claimed = claim_due(limit=CLAIM_SIZE, now=clock.now())
        for position, pk in enumerate(claimed):
            if position and is_over():
                outcomes.release(claimed[position:], token)
                break
            try:
                self.send_one(pk, token)
            except Unreachable:
                outcomes.release(claimed[position:], token, detail=Reason.UNREACHABLE.value)
                raise
        return len(claimed)

    def send_one(self, pk: int, token: UUID) -> None:
        """Ask once more whether it may leave; hand it over; write down what became of it.

        :raises Unreachable: the connection was lost and there is no new one. The message is still claimed.
        """
        message, answer = None, None
        try:
            with transaction.atomic():
                message = last_check.locked(pk, token)
                reason = message and last_check.reason_against(message)
                if message and reason:
                    withhold(message, token, reason, clock.now())
                elif message:
                    answer = self.hand_over(message, token)
        except Gone:
            return
        except DatabaseError:
            if answer is None:  # else the server has spoken, and that must be kept
                raise
        if message and answer:
            outcomes.settle(message, token, answer)

    def hand_over(self, message: Message, token: UUID) -> Answer | None:
        """One mail to the server. The lock of the caller's transaction is held until it has answered.

        None: it could not even be written. It waits, longer each time, and does not hold up the others.

        :raises Gone: the claim was lost before anything left.
        """
        try:
            rendered = rendering.render(message, self.wordings, clock.now())
        except rendering.NotRenderable as error:
            logger.exception("message=%s could not be written", message.pk)
            outcomes.put_back(message, token, reason=error.reason, now=clock.now())
            return None
        answer = self.server.offer(sender=sender_address(), recipient=message.to_email)
        if answer is not None:
            return answer
        message.template_version = rendering.template_version()
        if not self.mark_sending(message, token, rendered.sha256):
            self.server.withdraw()
            raise Gone
        return self.server.transmit(rendered.content)

    def mark_sending(self, message: Message, token: UUID, sha256: str) -> bool:
        """Committed before the first byte of the mail leaves: a crash from here on is known as "perhaps sent"."""
        columns = {
            "attempts": message.attempts + 1,
            "template_version": message.template_version,
            "rendered_sha256": sha256,
        }
        step = Step(State.SENDING, at=clock.now(), leased=True, columns=columns)
        with self.side.cursor() as cursor:
            return bool(take(cursor, held(message.pk, token, [State.CLAIMED]), step))


def withhold(message: Message, token: UUID, reason: str, now: datetime) -> None:
    step = Step(State.WITHHELD, at=now, columns={"reason": str(reason), **FREE})
    with connection.cursor() as cursor:
        take(cursor, held(message.pk, token, [State.CLAIMED]), step)
    record_access(
        kind=AccessEvent.Kind.EMAIL_WITHHELD,
        object_type="outbox.message",
        object_uid=message.uid,
        detail={"kind": message.kind, "for": message.purpose_key, "reason": str(reason)},
    )


@contextmanager
def side_connection() -> Iterator[Any]:
    """A second connection as the same role, in autocommit: what it does is committed while our transaction waits."""
    side = connection.get_new_connection(connection.get_connection_params())
    try:
        side.autocommit = True
        yield side
    finally:
        side.close()
