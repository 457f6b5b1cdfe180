"""The sender (design §4): claim what is due, ask once more, hand it over, write the outcome down.

Who dies where, and what follows:
- before `sending` is committed: the lease ends, `tick` queues the mail again; nothing had left;
- after it: nobody knows. Requested information is repeated with the same Message-ID, anything else waits for a person.
"""

import logging
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg2
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from audit.models import AccessEvent
from i2a import clock
from outbox import health, last_check, outcomes, pace, rendering
from outbox.models import Content, Message, Reason
from outbox.return_path import return_path
from outbox.side import Prepared, side_connection
from outbox.smtp import Answer, MailServer, Outcome, Unreachable
from outbox.states import FREE, LEASE, NOT_STOPPED, STILL_MINE, Rows, State, Step, held, take

logger = logging.getLogger(__name__)

CLAIM_SIZE = 50
LONGEST_DRAIN = 15.0  # seconds; a stopping worker waits for its task
LONGEST_LOCK = 0.2  # seconds; a withdrawal waits this long and for one answer of the mail server
OLDEST_CLAIM = LEASE.total_seconds() / 4  # what a slow server leaves over is given back, long before the lease ends
EXPIRED = "state = '{state}' AND lease_until < clock_timestamp()"
REPEATABLE = """kind = 'information' AND (
    SELECT count(*) FROM outbox_messageevent AS event
    WHERE event.message_id = outbox_message.id AND event.detail = ANY(%s)
) < %s"""
SKIP_LOCKED = "FOR UPDATE SKIP LOCKED"  # whoever holds the row deals with it
LOST = (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)
DUE = """state = 'queued' AND not_before <= %s
AND NOT EXISTS (SELECT FROM outbox_sendingstate WHERE is_stopped AND mailing = '')
AND purpose_key <> ALL (ARRAY(SELECT mailing FROM outbox_sendingstate WHERE is_stopped))"""


def tick(*, now: datetime) -> bool:
    """Take back what senders held when they died; whether anything is due."""
    health.ticked()
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
            health.note(health.Trouble.NONE)
            while line.send_some(is_over):
                if is_over():
                    return True
    except pace.AllTaken:
        logger.info("other senders use all that the limits allow")
    except Unreachable as error:
        # The mail server's trouble is nobody's mail's fault: rows stay as they are, the next tick tries again.
        logger.warning("the mail server cannot be reached: %s", error)
        health.note(error.trouble)
    except LOST as error:
        # What is on the wire was written down, or is known as "perhaps sent"; the rest is found by the next tick.
        logger.warning("the database went away: %s", type(error).__name__)
        connection.close()
    return False


def claim_due(*, limit: int, now: datetime) -> tuple[UUID, list[int]]:
    """Reserve up to `limit` messages that are due, for this sender alone until the lease ends."""
    token = uuid4()
    due = Rows(DUE, [now], f"ORDER BY not_before, id LIMIT {limit:d} {SKIP_LOCKED}")
    step = Step(State.CLAIMED, at=now, leased=True, columns={"claim_token": str(token)})
    with connection.cursor() as cursor:
        return token, take(cursor, due, step)


class Gone(Exception):
    """Somebody else has this message now, or sending was stopped."""


@dataclass
class Batch:
    """What was claimed together. `left` has not been looked at yet."""

    token: UUID
    left: list[int]
    moments: pace.Moments
    end: float
    is_over: Callable[[], bool]
    begun: bool = False
    has_lost: bool = False  # a claim was lost, or sending stopped

    def goes_on(self) -> bool:
        """At least one mail is sent, however late it is."""
        if not self.left:
            return False
        return not self.begun or not (self.is_over() or time.monotonic() > self.end)


@dataclass
class Line:
    """What one drain holds: the mail server, and a second connection to the database that commits at once."""

    server: MailServer
    side: Any  # a connection
    steps: Prepared  # on it
    wordings: dict[str, rendering.Wording]
    contents: dict[int, Content] = field(default_factory=dict)
    accepted: tuple[Message, UUID, Answer] | None = None  # written down, perhaps not on disk yet

    @classmethod
    @contextmanager
    def open(cls) -> Iterator["Line"]:
        """:raises Unreachable: there is no mail server. Nothing is claimed then.
        :raises AllTaken: other senders have all connections that are allowed.
        """
        with side_connection() as side, MailServer() as server:
            with side.cursor() as cursor:
                pace.take_connection(cursor)
            server.connect()
            line = cls(server, side, Prepared(side.cursor()), rendering.wordings_in_force(clock.now()))
            try:
                yield line
            except LOST:
                server.hang_up()  # the connection counts for others from now on
                line.remember()
                raise

    def remember(self) -> None:
        """The database came back without its newest moments: say once more what was accepted last."""
        connection.close()
        if self.accepted:
            outcomes.settle(*self.accepted)

    def send_some(self, is_over: Callable[[], bool]) -> int:
        """Claim some and send them one by one; how many there were. Nothing stays claimed.

        :raises Unreachable: the connection was lost and there is no new one.
        :raises AllTaken: the rate limit has no moment left for us.
        """
        with self.side.cursor() as cursor:
            moments = pace.Moments(cursor, CLAIM_SIZE)
        token, claimed = claim_due(limit=moments.count, now=clock.now())
        batch = Batch(token, list(claimed), moments, time.monotonic() + OLDEST_CLAIM, is_over)
        detail = ""
        try:
            while batch.goes_on():
                before = len(batch.left)
                self.send_under_lock(batch)
                if len(batch.left) == before:  # all of them are being changed by somebody
                    return 0
        except Unreachable:
            detail = Reason.UNREACHABLE.value
            raise
        finally:
            if batch.left or batch.has_lost:
                outcomes.release(token, detail=detail)
        return len(claimed)

    def send_under_lock(self, batch: Batch) -> None:
        """Lock the people of the batch, ask once more, hand over one by one, until the locks are getting old.

        Acceptance is written down at once, on the second connection. Any other answer may touch the person, so it is
        written after the locks are gone, and the rest of the batch is locked and asked anew.
        """
        unsettled: tuple[Message, Answer] | None = None
        batch.moments.wait()  # not while people are locked
        try:
            with transaction.atomic():
                checked_ones = last_check.locked(batch.left, batch.token)
                end = time.monotonic() + LONGEST_LOCK
                for checked in checked_ones:
                    if unsettled or time.monotonic() > end or not batch.goes_on():
                        break
                    unsettled = self.send_one(checked, batch)
        except DatabaseError:
            if unsettled is None:  # else the server has spoken, and that must be kept
                raise
        if unsettled:
            outcomes.settle(unsettled[0], batch.token, unsettled[1])

    def send_one(self, checked: last_check.Checked, batch: Batch) -> tuple[Message, Answer] | None:
        """Send it or withhold it. Returns an outcome that could not be written down at once.

        :raises Unreachable: the connection was lost and there is no new one. The message is still claimed.
        """
        message = checked.message
        batch.moments.use()
        answer = None
        try:
            if checked.reason:
                withhold(message, batch.token, checked.reason, clock.now())
            else:
                answer = self.hand_over(message, batch.token)
        except Gone:
            batch.has_lost = True
        batch.begun = True
        batch.left.remove(message.pk)
        if answer is None or (answer.outcome is Outcome.ACCEPTED and self.is_recorded(message, batch.token, answer)):
            return None
        return message, answer

    def is_recorded(self, message: Message, token: UUID, answer: Answer) -> bool:
        try:
            outcomes.accepted(self.steps, message, token, answer, clock.now())
        except psycopg2.Error:
            return False
        self.accepted = message, token, answer
        return True

    def hand_over(self, message: Message, token: UUID) -> Answer | None:
        """One mail to the server. The locks of the caller's transaction are held until it has answered.

        None: it could not even be written. It waits, longer each time, and does not hold up the others.

        :raises Gone: the claim was lost before anything left.
        """
        message.content = self.content_of(message)
        try:
            rendered = rendering.render(message, self.wordings, clock.now())
        except rendering.NotRenderable as error:
            logger.exception("message=%s could not be written", message.pk)
            outcomes.put_back(message, token, reason=error.reason, now=clock.now())
            return None
        answer = self.server.offer(sender=return_path(message.pk), recipient=message.to_email)
        if answer is not None:
            return answer
        message.template_version = rendering.template_version()
        try:
            self.mark_sending(message, token, rendered)
        except Gone:
            self.server.withdraw()
            raise
        return self.server.transmit(rendered.content, may_end=locks_are_held)

    def content_of(self, message: Message) -> Content:
        """10 000 recipients of a mailing share one row."""
        if message.content_id not in self.contents:
            self.contents[message.content_id] = message.content
        return self.contents[message.content_id]

    def mark_sending(self, message: Message, token: UUID, rendered: rendering.Rendered) -> None:
        """Committed before the first byte of the mail leaves: a crash from here on is known as "perhaps sent".

        :raises Gone: the claim was lost, sending was stopped, or the database finds no live agreement.
        """
        columns = {
            "attempts": message.attempts + 1,
            "template_version": message.template_version,
            "rendered_sha256": rendered.sha256,
        }
        step = Step(State.SENDING, at=clock.now(), leased=True, columns=columns, way_out=rendered.way_out)
        mine = Rows(f"{STILL_MINE} AND {NOT_STOPPED}", [message.pk, str(token)])
        try:
            if not take(self.steps, mine, step):
                raise Gone
        except psycopg2.IntegrityError:  # the trigger of migration 0003: the last word
            logger.error("message=%s has no live agreement, says the database", message.pk)
            withhold(message, token, Reason.NO_PROOF, clock.now())
            raise Gone from None


def locks_are_held() -> bool:
    """Whether our transaction is still there. A database that ends it (a crash, a sender frozen too long) says so."""
    if not select.select([connection.connection.fileno()], [], [], 0)[0]:
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def withhold(message: Message, token: UUID, reason: str, now: datetime) -> None:
    detail = {"kind": message.kind, "for": message.purpose_key, "reason": str(reason)}
    access = (AccessEvent.Kind.EMAIL_WITHHELD, detail)
    step = Step(State.WITHHELD, at=now, columns={"reason": str(reason), **FREE}, access=access)
    with connection.cursor() as cursor:
        take(cursor, held(message.pk, token, [State.CLAIMED]), step)
