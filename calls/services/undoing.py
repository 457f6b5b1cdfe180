"""Undo of a save, for 20 seconds: the call is voided, its effects are taken back, the draft returns (decision 3)."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from access.models import User
from calls.choices import CallStatus
from calls.models import Call, CallDraft
from calls.selectors import UNDO_FOR
from calls.services.drafts import KEPT_FOR
from contacts import pending
from contacts.models import ConsentEvent, Contact
from contacts.services import consents, requests
from contacts.services.ledger_rows import lock_with_sharers
from contacts.services.taking_back import restore_contact, take_back_contact
from followups.services import FollowUpNotOpen, cancel_follow_up, reopen_follow_up
from outbox.services import AlreadyLeft, cancel_queued

REASON = "Undone right after saving"


class TooLateToUndo(Exception):
    """The 20 seconds are over, or the mail has left, or the call was undone before."""


@transaction.atomic
def undo_call(*, call: Call, by: User, now: datetime) -> CallDraft:
    """Take the save back; return the draft, open again with everything that was typed.

    The record itself stays, voided: calls are never deleted (R-CAL-01).

    :raises TooLateToUndo: nothing is changed then.
    """
    draft = CallDraft.objects.select_for_update().filter(call=call, user=by).first()
    if draft is None or call.status == CallStatus.VOIDED or call.created_at + UNDO_FOR <= now:
        raise TooLateToUndo
    call = Call.objects.select_related("message", "follow_up", "answers_follow_up", "contact").get(pk=call.pk)
    refuse_when_changed(call, draft)
    take_back_effects(call, draft, by=by, now=now)
    call.status, call.void_reason, call.voided_at, call.voided_by = CallStatus.VOIDED, REASON, now, by
    call.version += 1
    call.save()
    draft.call, draft.undo, draft.form_uuid = None, kept_of(draft), uuid.uuid4()
    draft.expires_at = now + KEPT_FOR
    draft.save()
    return draft


def kept_of(draft: CallDraft) -> dict[str, Any]:
    """Whom the call is with: what was shown of them, or the records that may not be."""
    return {"shown": draft.undo.get("shown", {}), "hidden": draft.hidden_matches}


def refuse_when_changed(call: Call, draft: CallDraft) -> None:
    """Putting old values back must not overwrite what a colleague saved meanwhile.

    :raises TooLateToUndo: the contact is no longer as this call left it.
    """
    if call.contact is None or draft.hidden_matches:
        return
    before = draft.undo.get("before", {}).get("email_fingerprint", "")
    contact = lock_with_sharers(call.contact, call.contact.email_fingerprint, before)
    if contact.version != draft.undo["version"]:
        raise TooLateToUndo


def take_back_effects(call: Call, draft: CallDraft, *, by: User, now: datetime) -> None:
    """Mail first: when it has left, nothing may be taken back.

    :raises TooLateToUndo: the mail is on its way.
    """
    try:
        if call.message is not None:
            cancel_queued(message=call.message, reason=REASON, now=now)
        if call.follow_up is not None:
            cancel_follow_up(follow_up=call.follow_up, reason=REASON, by=by, now=now)
    except (AlreadyLeft, FollowUpNotOpen) as too_late:
        raise TooLateToUndo from too_late
    if call.answers_follow_up is not None:
        reopen_follow_up(follow_up=call.answers_follow_up, number=draft.undo.get("number", ""))
    take_back_caller(call, draft, by=by, now=now)
    events = list(ConsentEvent.objects.filter(pk__in=draft.undo["consents"]).select_related("contact"))
    for contact in {event.contact_id for event in events}:  # a call for the owner team may concern several
        theirs = [event for event in events if event.contact_id == contact]
        consents.correct(events=theirs, reason=REASON, by=by, now=now)
    if call.contact is not None and not draft.hidden_matches:
        draft.contact_version = Contact.objects.values_list("version", flat=True).get(pk=call.contact.pk)


def take_back_caller(call: Call, draft: CallDraft, *, by: User, now: datetime) -> None:
    """A contact that this call created is blanked again; one that it changed gets its old values back, and "do not
    contact" ends before the ledger follows: then agreements can stand again."""
    if draft.hidden_matches:
        requests.take_back(source_ref=call.ref, now=now)
    if call.contact is None or draft.hidden_matches:
        return
    if draft.undo["is_new"]:
        take_back_contact(contact=call.contact, by=by, now=now)
    else:
        restore_contact(contact=call.contact, before=draft.undo["before"], by=by, now=now)
        pending.resume_all(call.contact, at=call.created_at, by=by)
