"""Saving a call: everything it causes, in one transaction (R-CAL-01 to R-CAL-10)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from access.models import User
from access.teams import team_of
from calls.choices import FollowUpDecision, Service, SurveyNotice, TopicSource
from calls.models import Answer, Call, CallDraft, CallEvent, CallService, CallTopic
from calls.selectors import UNDO_FOR
from calls.services.handing_over import hand_over
from calls.services.information import send_documents
from contacts.choices import FutureContactAnswer, Language, Source, TextKind
from contacts.emails import fingerprint
from contacts.models import ConsentEvent, Contact, Note, TextVersion
from contacts.services import consents, stopping
from contacts.services.contacts import NotChangeable, change_contact, create_contact
from contacts.services.ledger_rows import lock_with_sharers
from contacts.services.notes import add_note
from contacts.services.taking_back import snapshot
from contacts.texts import Texts, spoken, texts_in_force
from followups.calendar import state_at
from followups.models import FollowUp
from followups.selectors import load_calendar
from followups.services import close_follow_up, raise_follow_up
from i2a.references import next_reference
from outbox.models import Message

RECORDING_KEPT = timedelta(days=90)  # R-CAL-02
COPIED = [
    "direction", "calling_for", "category", "third_party_kind", "category_other", "announcement_heard", "is_recorded",
    "has_objected", "is_notice_spoken", "recording_ref", "stat_citizenship", "stat_origin", "occupation",
    "region_wanted", "follow_up_decision", "script",
]  # fmt: skip


class DraftGone(Exception):
    """The draft was thrown away in another tab."""


def lock_draft(*, draft: CallDraft) -> CallDraft:
    """The draft, locked until the transaction ends: two clicks on Save become one call.

    :raises DraftGone: it is no longer there.
    """
    try:
        return CallDraft.objects.select_for_update().get(pk=draft.pk)
    except CallDraft.DoesNotExist as gone:
        raise DraftGone from gone


@transaction.atomic
def enter_call(
    *, draft: CallDraft, values: dict[str, Any] | None, record: dict[str, Any], by: User, now: datetime
) -> Call:
    """Write the caller and the call in one transaction. A draft that was saved already gives its call back.

    `values` are the columns of the contact as the caller form gives them, None for statistics only (D-06); `record` is
    what `calls.forms.entry.record_of` makes of both forms.

    :raises DraftGone: it was discarded in another tab.
    :raises StaleVersion: somebody changed the contact since the call began; nothing was written.
    :raises NotChangeable: `values` change a contact that `by` may only read; nothing was written.
    """
    draft = lock_draft(draft=draft)
    draft.user = by  # it is theirs, and their roles and grants are known already
    if draft.call is not None:
        return draft.call
    texts = texts_in_force(now)
    if values is None:
        call = save_call(draft=draft, contact=None, undo={}, record=record, texts=texts, by=by, now=now)
        if draft.hidden_matches:
            said = {"answer": record["future_contact"], "language": record["consent_language"]}
            events = hand_over(call, draft.hidden_matches, **said, by=by, now=now)
            draft.undo["consents"] = [event.pk for event in events]
            draft.save(update_fields=["undo"])
        return call
    values = values | consents.agreement(record["future_contact"])
    notice = spoken(texts, TextKind.COLLECTION_NOTICE, Language.EN)
    if draft.contact is None:
        contact = create_contact(
            values=values, team=team_of(by), by=by, now=now, notice=notice, materials_only=draft.materials_only
        )
        undo: dict[str, Any] = {"is_new": True}
        return save_call(draft=draft, contact=contact, undo=undo, record=record, texts=texts, by=by, now=now)
    contact, before = change_known_caller(draft, draft.contact, values, notice=notice, by=by, now=now)
    undo = {"is_new": False, "before": before}
    return save_call(draft=draft, contact=contact, undo=undo, record=record, texts=texts, by=by, now=now)


def change_known_caller(
    draft: CallDraft, known: Contact, values: dict[str, Any], *, notice: TextVersion | None, by: User, now: datetime
) -> tuple[Contact, dict[str, Any]]:
    """Write what the specialist changed on the page, and nothing else: somebody else's change of another box stays.

    Returns the contact and what stood there before. The version is asked only when something was typed over (R-CAL-11).

    :raises StaleVersion: somebody changed the contact since the call began.
    :raises NotChangeable: something was changed, and the specialist may only read the contact.
    """
    current = lock_with_sharers(known, known.email_fingerprint, fingerprint(values.get("email", "")))
    before, shown = snapshot(current), draft.undo["shown"]
    changed = {name: value for name, value in values.items() if name not in shown or shown[name] != value}
    if draft.is_read_only:
        if changed:
            raise NotChangeable
        return current, before
    is_typed_over = any(name in shown and name not in consents.AGREEMENT for name in changed)
    contact = change_contact(
        contact=current,
        values=changed,
        version=draft.contact_version or 0 if is_typed_over else current.version,
        by=by,
        now=now,
        notice=notice if current.notice_version_id is None or "materials_only" in changed else None,
    )
    return contact, before


def save_call(
    *,
    draft: CallDraft,
    contact: Contact | None,
    undo: dict[str, Any],
    record: dict[str, Any],
    texts: Texts,
    by: User,
    now: datetime,
) -> Call:
    """Write the call, and with it note, follow-up, consent answers, survey notice and the requested e-mail.

    `contact` is the caller as written in this transaction; `undo` is what `undo_call` needs. Mail waits for `UNDO_FOR`.
    """
    ref = next_reference("C", now)
    call = Call.objects.create(
        ref=ref,
        form_uuid=draft.form_uuid,
        team=team_of(by),
        specialist=by,
        contact=contact,
        started_at=draft.started_at,
        ended_at=max(now, draft.started_at),
        is_outside_hours=not state_at(draft.started_at, load_calendar()).is_open,
        note=write_note(contact=contact, record=record, by=by, now=now),
        follow_up=owe_answer(contact=contact, record=record, received_at=draft.started_at, by=by, now=now),
        answers_follow_up=record["answers_follow_up"],
        message=queue_documents(contact=contact, ref=ref, record=record, by=by, now=now),
        created_at=now,
        **facts_of(record, texts, has_contact=contact is not None, is_new=undo.get("is_new", False), now=now),
    )
    write_rows(call, record)
    number = call.answers_follow_up.number if call.answers_follow_up else ""
    answer_follow_up(call, by=by, now=now)
    if contact:
        record_consents(call, contact, record, texts, only_lowers=draft.only_lowers)
    keep_for_undo(draft, call, undo | {"number": number}, now=now)
    return call


def keep_for_undo(draft: CallDraft, call: Call, undo: dict[str, Any], *, now: datetime) -> None:
    """What taking the save back needs, for as long as it may be taken back; a missed call's number only for that."""
    contact = call.contact
    written = ConsentEvent.objects.filter(contact=contact, at=now).order_by("pk") if contact else []
    draft.call = call
    draft.undo |= {**undo, "consents": [event.pk for event in written], "version": contact.version if contact else 0}
    draft.expires_at = now + UNDO_FOR
    draft.save(update_fields=["call", "undo", "expires_at"])


def facts_of(record: dict[str, Any], texts: Texts, *, has_contact: bool, is_new: bool, now: datetime) -> dict[str, Any]:
    """The columns that come straight from the form and from the texts in force."""
    facts = {name: record[name] for name in COPIED}
    facts["welcome_text"] = spoken(texts, TextKind.ANNOUNCEMENT_WELCOME, Language.EN)
    facts["recording_text"] = spoken(texts, TextKind.ANNOUNCEMENT_RECORDED, Language.EN)
    if record["is_recorded"]:
        facts["recording_purge_on"] = (now + RECORDING_KEPT).date()
    if has_contact:
        facts["future_contact_answer"] = record["future_contact"]
        facts["future_contact_reason"] = record["future_contact_reason"]
        facts["survey_notice"] = record["survey_notice"] or ("" if is_new else SurveyNotice.NOT_FIRST)
        facts["survey_notice_reason"] = record["survey_notice_reason"]
        facts["survey_notice_text"] = spoken(texts, TextKind.SURVEY_NOTICE, record["survey_language"])
    return facts


def write_note(*, contact: Contact | None, record: dict[str, Any], by: User, now: datetime) -> Note | None:
    if not record["note"]:
        return None
    said = {"body": record["note"], "reason": record["note_reason"]}
    return add_note(contact=contact, team=team_of(by), **said, by=by, now=now)


def owe_answer(
    *, contact: Contact | None, record: dict[str, Any], received_at: datetime, by: User, now: datetime
) -> FollowUp | None:
    if record["follow_up_decision"] != FollowUpDecision.NEEDED:
        return None
    return raise_follow_up(
        contact=contact,
        team=team_of(by),
        assigned_to=by,
        kind=FollowUp.Kind.REPLY,
        asked=record["follow_up_asked"],
        received_at=received_at,
        by=by,
        now=now,
    )


def queue_documents(
    *, contact: Contact | None, ref: str, record: dict[str, Any], by: User, now: datetime
) -> Message | None:
    """One mail with all documents, held back while the save can be undone."""
    if contact is None or Service.EMAILED not in record["services"]:
        return None
    return send_documents(
        contact=contact,
        versions=record["documents"],
        language=record["mail_language"],
        purpose_key=f"call:{ref}",
        not_before=now + UNDO_FOR,
        by=by,
        now=now,
    )


def write_rows(call: Call, record: dict[str, Any]) -> None:
    """Topics, services, events and coded answers. Saved one by one: auditlog does not see bulk writes."""
    source = record["topic_source"] or TopicSource.DEPARTMENT
    agency = record["agency"] if source != TopicSource.DEPARTMENT else None
    for topic in record["topics"]:
        description = record["topic_description"] if topic.needs_description else ""
        CallTopic.objects.create(call=call, topic=topic, description=description, source=source, agency=agency)
    for service in record["services"]:
        CallService.objects.create(call=call, service=service)
    for event, interest in record["events"]:
        CallEvent.objects.create(call=call, event=event, interest=interest)
    for choice in record["answers"]:
        Answer.objects.create(call=call, question_id=choice.question_id, choice=choice)


def answer_follow_up(call: Call, *, by: User, now: datetime) -> None:
    if call.answers_follow_up is not None:
        close_follow_up(
            follow_up=call.answers_follow_up, method=FollowUp.Method.PHONE, outcome=call.ref, by=by, now=now
        )


def record_consents(call: Call, contact: Contact, record: dict[str, Any], texts: Texts, *, only_lowers: bool) -> None:
    """What the caller answered today, in the words that were read (R-CNS-01). "Not asked" changes nothing."""
    proof: dict[str, Any] = {
        "source": Source.CALL,
        "source_ref": call.ref,
        "by": call.specialist,
        "now": call.created_at,
    }
    language = record["consent_language"]
    if record["do_not_contact"]:
        stopping.record_do_not_contact(contact=contact, dropped=record["dropped"], language=language, **proof)
        return
    if only_lowers:
        if record["future_contact"] == FutureContactAnswer.NO:
            consents.withdraw_all(contact=contact, language=language, **proof)
        return
    if record["email_confirmed"] == "yes":
        consents.confirm_address(contact=contact, **proof)
    if record["future_contact"] in consents.SAYS:
        record_future_contact(contact, record, texts, proof)
    if record["survey_consent"]:
        record_survey(contact, record, texts, proof)


def record_future_contact(contact: Contact, record: dict[str, Any], texts: Texts, proof: dict[str, Any]) -> None:
    language = record["consent_language"]
    consents.record_answers(
        contact=contact,
        answer=consents.SAYS[record["future_contact"]],
        purposes=record["purposes"],
        channels=record["channels"],
        text_version=spoken(texts, record["consent_text"], language),
        language=language,
        minor_understands=consents.understanding(contact, is_ticked=record["minor_understands"]),
        **proof,
    )


def record_survey(contact: Contact, record: dict[str, Any], texts: Texts, proof: dict[str, Any]) -> None:
    language = record["survey_language"]
    consents.record_survey_answer(
        contact=contact,
        is_agreed=record["survey_consent"] == "yes",
        text_version=spoken(texts, TextKind.SURVEY_NOTICE, language),
        language=language,
        **proof,
    )
