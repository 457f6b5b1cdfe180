"""Changes to a call that was saved: correct it, or void it. Both leave the earlier words in the history."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from audit.models import LogEntry
from calls.choices import CallStatus, FollowUpDecision, Service
from calls.models import Call, CallService, CallTopic
from calls.services.saving import RECORDING_KEPT
from contacts.services.notes import StaleNote, add_note, amend_note
from followups.models import FollowUp
from followups.services import cancel_follow_up, raise_follow_up
from outbox.services import AlreadyLeft, cancel_queued


class StaleCall(Exception):
    """Somebody saved the call after this form was opened (R-CAL-11)."""


class CallIsVoided(Exception):
    """A voided call stays as it is."""


class FollowUpIsDone(Exception):
    """The client was answered: the call cannot say that no follow-up was needed."""


class NothingToCorrect(Exception):
    """Every answer is as it was."""


@transaction.atomic
def correct_call(
    *,
    call: Call,
    seen_version: int,
    facts: dict[str, Any],
    topics: Iterable[CallTopic],
    services: Iterable[str],
    follow_up_decision: str,
    asked: str,
    cancel_reason: str,
    note: str,
    note_reason: str = "",
    seen_note_version: int | None = None,
    by: User,
    now: datetime,
) -> Call:
    """Put right what was recorded wrongly. `facts` are columns of the call, `topics` unsaved rows, `note` is all of it.

    What leaves the record stays in its history: rows change by `save` and `delete`, the note by a new revision.

    :raises StaleCall: `seen_version` is not the saved one; nothing changes.
    :raises CallIsVoided, FollowUpIsDone, NothingToCorrect: nothing changes.
    """
    call = lock_call(call)
    if call.version != seen_version:
        raise StaleCall
    words = {
        **_replace_topics(call, topics),
        **_replace_services(call, services),
        **_revise_note(call, note, seen_note_version, reason=note_reason, by=by, now=now),
    }
    decided = _decide_follow_up(call, follow_up_decision, asked=asked, cancel_reason=cancel_reason, by=by, now=now)
    changed = _set_facts(call, facts)
    if not (words or decided or changed):
        raise NothingToCorrect
    _keep_recording_only_if_recorded(call)
    _save(call, words)
    return call


def _set_facts(call: Call, facts: dict[str, Any]) -> bool:
    """Whether any of them is another one now."""
    changed = {name: value for name, value in facts.items() if getattr(call, name) != value}
    for name, value in changed.items():
        setattr(call, name, value)
    return bool(changed)


@transaction.atomic
def void_call(*, call: Call, reason: str, by: User, now: datetime) -> Call:
    """Take a call out of the statistics; it stays readable. What it promised ends, what it queued is not sent.

    :raises CallIsVoided: it was voided before.
    """
    call = lock_call(call)
    call.status = CallStatus.VOIDED
    call.void_reason = reason
    call.voided_at = now
    call.voided_by = by
    _save(call, {})
    if call.follow_up is not None and call.follow_up.is_open:
        reason = _("Call %(ref)s was voided") % {"ref": call.ref}
        cancel_follow_up(follow_up=call.follow_up, reason=reason, by=by, now=now)
    if call.message is not None:
        with suppress(AlreadyLeft):  # what has left stays in the record
            cancel_queued(message=call.message, reason=_("The call was voided"), now=now)
    return call


@transaction.atomic
def lock_call(call: Call) -> Call:
    """The saved call, locked until the transaction ends.

    :raises CallIsVoided: nobody changes it any more.
    """
    locked = Call.objects.select_for_update(of=("self",)).select_related("follow_up", "message", "note").get(pk=call.pk)
    if locked.status == CallStatus.VOIDED:
        raise CallIsVoided
    return locked


def _save(call: Call, words: dict[str, list[str]]) -> None:
    """`words` say what changed in other tables. They become an entry of the call, where a reader looks for them."""
    call.version += 1
    call.save()
    if words:
        LogEntry.objects.log_create(call, action=LogEntry.Action.UPDATE, changes=words)


def _replace_topics(call: Call, topics: Iterable[CallTopic]) -> dict[str, list[str]]:
    """Rows that stay as they were are not touched, so that their history says nothing either."""
    saved = {row.topic_id: row for row in call.topics.select_related("topic", "agency")}
    wanted = {row.topic_id: row for row in topics}
    before = _name_topics(saved.values())
    is_described_anew = False
    for topic_id in saved.keys() - wanted.keys():
        saved[topic_id].delete()
    for topic_id, row in wanted.items():
        old = saved.get(topic_id)
        if old is None:
            row.call = call
            row.save()
        elif _answers(old) != _answers(row):
            is_described_anew |= old.description != row.description
            old.source, old.agency, old.description = _answers(row)
            old.save()
    after = _name_topics(wanted.values())
    words = {} if before == after else {"topics": [before, after]}
    return words | ({"topic_description": ["", ""]} if is_described_anew else {})


def _answers(row: CallTopic) -> tuple[Any, ...]:
    return row.source, row.agency, row.description


def _name_topics(rows: Iterable[CallTopic]) -> str:
    """Without the descriptions: they are free text, and the history is kept longer than the call."""
    ordered = sorted(rows, key=lambda row: (row.topic.position, row.topic_id))
    return ", ".join(f"{row.topic.name} ({row.agency.name})" if row.agency else row.topic.name for row in ordered)


def _replace_services(call: Call, services: Iterable[str]) -> dict[str, list[str]]:
    saved = {row.service: row for row in call.services.all()}
    wanted = set(services)
    if saved.keys() == wanted:
        return {}
    for code in saved.keys() - wanted:
        saved[code].delete()
    for code in _in_order(wanted - saved.keys()):
        CallService.objects.create(call=call, service=code)
    return {"services": [",".join(_in_order(saved)), ",".join(_in_order(wanted))]}


def _in_order(codes: Iterable[str]) -> list[str]:
    chosen = set(codes)
    return [service.value for service in Service if service.value in chosen]


def _revise_note(
    call: Call, body: str, seen: int | None, *, reason: str, by: User, now: datetime
) -> dict[str, list[str]]:
    """Amend the note by a new revision; the history names revisions, never their text (R-NOT-01)."""
    if call.note is None:
        if not body:
            return {}
        call.note = add_note(contact=call.contact, team=call.team, body=body, reason=reason, by=by, now=now)
        return {"note_revision": ["", "1"]}
    before = call.note.version
    try:
        revision = amend_note(
            note=call.note, version=before if seen is None else seen, body=body, reason=reason, by=by, now=now
        )
    except StaleNote:
        raise StaleCall from None
    call.note = revision.note
    return {"note_revision": [str(before), str(revision.number)]} if revision.number != before else {}


def _decide_follow_up(call: Call, decision: str, *, asked: str, cancel_reason: str, by: User, now: datetime) -> bool:
    """INV-15: a call that needs a follow-up has one, a call that needs none has none."""
    if decision == call.follow_up_decision:
        return False
    if decision == FollowUpDecision.NEEDED:
        call.follow_up = raise_follow_up(
            contact=call.contact,
            team=call.team,
            assigned_to=call.specialist,
            kind=FollowUp.Kind.REPLY,
            asked=asked,
            received_at=call.started_at,  # the client has waited since the call, not since the correction
            by=by,
            now=now,
        )
    else:
        _take_back(call.follow_up, reason=cancel_reason, by=by, now=now)
        call.follow_up = None
    call.follow_up_decision = decision
    return True


def _take_back(follow_up: FollowUp | None, *, reason: str, by: User, now: datetime) -> None:
    assert follow_up is not None  # by INV-15
    if follow_up.status == FollowUp.Status.DONE:
        raise FollowUpIsDone
    if follow_up.is_open:
        cancel_follow_up(follow_up=follow_up, reason=reason, by=by, now=now)


def _keep_recording_only_if_recorded(call: Call) -> None:
    """INV-16: no reference without a recording; and no recording without the day on which it goes."""
    if not call.is_recorded:
        call.recording_ref, call.recording_purge_on = "", None
    elif call.recording_purge_on is None:
        call.recording_purge_on = (call.started_at + RECORDING_KEPT).date()
