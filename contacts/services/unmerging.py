"""Taking a merge back within 30 days (F22). Both records become what they were; what was changed since stays, and what
was lowered since stays lowered on both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from access.models import User
from contacts.choices import ConsentStatus, ContactStatus, EmailState, FutureContact, Sensitivity
from contacts.comparing import PARTS, Part, is_same
from contacts.gate import answers_of
from contacts.merging import movers
from contacts.models import ConsentEvent, Contact, FormerKey, MergeRecord, MergeSnapshot
from contacts.models.contact import ADDRESS_FIELDS
from contacts.services import merged_grants
from contacts.services.contacts import StaleVersion
from contacts.services.ledger_rows import LIVE, summary_of
from contacts.services.merged_consents import NO, Step
from contacts.services.merging import Columns, columns_of, from_json, lock_both, states_of, write

DO_NOT_CONTACT = ["do_not_contact", "do_not_contact_at", "do_not_contact_by_id"]


class CannotUndo(Exception):
    """`reason` is a code of `WhyNot`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WhyNot:
    UNDONE = "undone"
    TOO_LATE = "too late"
    MERGED_ON = "merged on"
    LATER_MERGE = "later merge"


def why_not(record: MergeRecord, now: datetime) -> str:
    """The first reason why `record` cannot be undone, "" when it can."""
    if record.undo_of_id or MergeRecord.objects.filter(undo_of=record).exists():
        return WhyNot.UNDONE
    if now >= record.undo_until or not MergeSnapshot.objects.filter(record=record).exists():
        return WhyNot.TOO_LATE
    if record.winner.status == ContactStatus.MERGED:
        return WhyNot.MERGED_ON
    later = MergeRecord.objects.standing().filter(winner_id=record.winner_id, pk__gt=record.pk)
    return WhyNot.LATER_MERGE if later.exists() else ""


@dataclass(frozen=True)
class Since:
    """What happened to the merged record after the merge: it stays."""

    parts: list[Part]
    answers: list[ConsentEvent]
    has_do_not_contact: bool
    is_restricted: bool
    broken_email: str  # the fingerprint of an address that was found not to work

    def __bool__(self) -> bool:
        lowered = self.has_do_not_contact or self.is_restricted or self.broken_email
        return bool(self.parts or self.answers or lowered)


def changed_since(winner: Contact, data: dict[str, Any]) -> Since:
    result, now = data["result"], columns_of(winner)
    answers = answers_of(winner)
    return Since(
        parts=[part for part in PARTS if not is_same(part, result, now)],
        answers=[event for key, event in answers.items() if data["states"].get(" ".join(key)) != event.pk],
        has_do_not_contact=winner.do_not_contact and not result["do_not_contact"],
        is_restricted=winner.sensitivity == Sensitivity.RESTRICTED and result["sensitivity"] == Sensitivity.STANDARD,
        broken_email=broken_email(result, now),
    )


def broken_email(result: Columns, now: Columns) -> str:
    mailbox = ["email_fingerprint", "email_state"]
    is_news = [now[name] for name in mailbox] != [result[name] for name in mailbox]
    return str(now["email_fingerprint"]) if is_news and now["email_state"] == EmailState.NOT_WORKING else ""


@transaction.atomic
def undo_merge(*, record: MergeRecord, version: int, by: User, now: datetime) -> MergeRecord:
    """Make two contacts again.

    :raises CannotUndo: nothing was changed.
    :raises StaleVersion: somebody changed the contact since the page was opened.
    """
    winner, loser = lock_both(record.winner, record.loser)
    record.winner = winner
    if reason := why_not(record, now):
        raise CannotUndo(reason)
    if winner.version != version:
        raise StaleVersion(winner)
    snapshot = MergeSnapshot.objects.get(record=record)
    data = snapshot.data
    since = changed_since(winner, data)
    FormerKey.objects.filter(record=record).delete()
    for mover in movers():
        mover.move_back(record.moved.get(mover.kind, []), winner, loser)
    merged_grants.move_back(record.moved, winner, loser)
    words = f"Merge with {loser.ref} undone"
    events = [*put_answers_back(record, data, reason=words, by=by, now=now)]
    events += lower(loser, since, reason=words, by=by, now=now)
    back = restored(winner, data["winner"], data["result"], since)
    write(winner, with_agreement(winner, back, data["winner"]), by=by, now=now)
    was = from_json(data["loser"]) | lowered_columns(winner, since)
    write(loser, with_agreement(loser, with_email_state(was, since), data["loser"]), by=by, now=now)
    moved = {"consents": [event.pk for event in events]}
    undone = MergeRecord.objects.create(winner=winner, loser=loser, by=by, at=now, moved=moved, undo_of=record)
    snapshot.delete()
    return undone


def put_answers_back(
    record: MergeRecord, data: dict[str, Any], *, reason: str, by: User, now: datetime
) -> Iterator[ConsentEvent]:
    """The winner's answers from before, unless the person has answered again since."""
    in_force = set(states_of(record.winner).values())
    events = ConsentEvent.objects.filter(pk__in=record.moved["consents"]).select_related("contact").order_by("pk")
    for event in events:
        if event.pk in in_force:
            key = (event.purpose, event.channel)
            same = ConsentEvent.objects.filter(contact=event.contact, purpose=key[0], channel=key[1], pk__lt=event.pk)
            earlier = same.order_by("-pk").first()
            status = ConsentStatus(earlier.status) if earlier else ConsentStatus.CANCELLED
            step = Step(key, status, earlier or event)
            yield step.append_to(event.contact, reason=reason, by=by, now=now, supersedes=event)


def lower(loser: Contact, since: Since, *, reason: str, by: User, now: datetime) -> Iterator[ConsentEvent]:
    """A No that was said to the merged record was said by this person too."""
    refused = {event.purpose: event for event in since.answers if event.status in NO}
    for key, event in answers_of(loser).items():
        if event.status in LIVE and (key[0] in refused or since.has_do_not_contact):
            proof = refused.get(key[0], event)
            yield Step(key, ConsentStatus.WITHDRAWN, proof).append_to(loser, reason=reason, by=by, now=now)


def restored(winner: Contact, before: Columns, result: Columns, since: Since) -> Columns:
    """The winner's columns from before, part by part; what was changed since stays."""
    kept = {name for part in since.parts for name in part.columns} | {"status", "merged_into_id"}
    now = columns_of(winner)
    if now["do_not_contact"] != result["do_not_contact"]:
        kept |= set(DO_NOT_CONTACT)
    parts = {name for part in PARTS for name in part.columns}
    kept |= {name for name in before if name not in parts and name not in DO_NOT_CONTACT and now[name] != result[name]}
    return with_email_state(from_json({name: before[name] for name in before if name not in kept}), since)


def with_email_state(values: Columns, since: Since) -> Columns:
    """An address that was found not to work since the merge does not work on either record."""
    if since.broken_email and values.get("email_fingerprint") == since.broken_email:
        return values | {"email_state": EmailState.NOT_WORKING}
    return values


def lowered_columns(winner: Contact, since: Since) -> Columns:
    values: Columns = {"status": ContactStatus.ACTIVE, "merged_into_id": None}
    if since.has_do_not_contact:
        values |= {name: getattr(winner, name) for name in DO_NOT_CONTACT}
    if since.is_restricted:
        values["sensitivity"] = Sensitivity.RESTRICTED
    return values


def with_agreement(contact: Contact, values: Columns, before: Columns) -> Columns:
    """What the ledger says now; an address comes back only while the agreement stands."""
    summary = summary_of(contact)
    if summary == FutureContact.NOT_ASKED and before["future_contact"] == FutureContact.DECLINED:
        summary = FutureContact.DECLINED
    values = values | {"future_contact": summary}
    if summary != FutureContact.AGREED or values.get("do_not_contact", contact.do_not_contact):
        values |= dict.fromkeys(ADDRESS_FIELDS, "")
    return values


@transaction.atomic
def erase_snapshots(*, now: datetime) -> int:
    """Erase the personal values kept for undoing, once it is too late for it; return how many."""
    count, _rows = MergeSnapshot.objects.filter(expires_at__lte=now).delete()
    return count
