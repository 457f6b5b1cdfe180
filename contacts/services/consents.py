"""Writing the consent ledger (R-CNS-01, R-CNS-02). Every answer is a new row; the contact's summary follows in the same
transaction, and the address goes with the last agreement (R-CON-03).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import product
from typing import Any

from django.db import transaction

from access.models import User
from contacts.choices import (
    FUTURE_CONTACT_PURPOSES,
    Basis,
    Category,
    Channel,
    ConsentStatus,
    FutureContact,
    FutureContactAnswer,
    Language,
    Purpose,
    Source,
)
from contacts.merging import survivor_of
from contacts.models import ConsentEvent, ConsentState, Contact, TextVersion
from contacts.models.contact import ADDRESS_FIELDS
from contacts.services.contacts import change_contact
from contacts.services.ledger_rows import (
    COPIED_PROOF,
    LIVE,
    MAY_END,
    Key,
    append,
    append_withdrawals,
    lock_contact,
    summary_of,
)

SAYS = {FutureContactAnswer.YES: FutureContact.AGREED, FutureContactAnswer.NO: FutureContact.DECLINED}
AGREEMENT = {
    "future_contact": FutureContact.AGREED,
    "do_not_contact": False,
    "do_not_contact_at": None,
    "do_not_contact_by": None,
}


class NothingToRecord(Exception):
    """An agreement without a purpose, a channel or the words that were read."""


def agreement(answer: str) -> dict[str, Any]:
    """Columns of the contact that go with a Yes into the statement that writes the address it allows (INV-01); it ends
    "do not contact" (INV-02). Nothing for another answer."""
    return dict(AGREEMENT) if answer == FutureContactAnswer.YES else {}


def understanding(contact: Contact, *, is_ticked: bool) -> bool | None:
    """Whether a client who may be under 18 clearly understood (R-CNS-07). Only of international students is it asked;
    no age is kept."""
    return is_ticked if contact.category == Category.INTERNATIONAL_STUDENT else None


@transaction.atomic
def record_answers(
    *,
    contact: Contact,
    answer: FutureContact,
    purposes: Sequence[Purpose],
    channels: Sequence[Channel],
    text_version: TextVersion | None,
    language: Language,
    source: Source,
    source_ref: str,
    by: User | None,
    now: datetime,
    minor_understands: bool | None = None,
) -> list[ConsentEvent]:
    """Append the answer to "may we contact you later?"; "not asked" appends nothing and leaves the earlier answer.

    AGREED grants each of `purposes` by each of `channels`. DECLINED withdraws everything live; a first answer refuses
    all purposes. Surveys are another question. `contact` is updated in place, its version included.

    :raises NothingToRecord: AGREED without purpose, channel or text.
    """
    proof: dict[str, Any] = {
        "text_version": text_version,
        "language": language,
        "source": source,
        "source_ref": source_ref,
        "recorded_by": by,
        "at": now,
    }
    answers = lock_contact(contact)
    if answer == FutureContact.AGREED:
        if not (purposes and channels and text_version):
            raise NothingToRecord
        keys = product(purposes, channels)
        events = append(contact, keys, ConsentStatus.GRANTED, **proof, minor_understands=minor_understands)
    elif answer == FutureContact.DECLINED:
        events = append_refusals(contact, answers, **proof)
    else:
        return []
    follow_ledger(contact, by=by, now=now, ends_do_not_contact=answer == FutureContact.AGREED)
    return events


def append_refusals(contact: Contact, answers: dict[Key, ConsentEvent], **proof: Any) -> list[ConsentEvent]:
    future = {key: event for key, event in answers.items() if key[0] in FUTURE_CONTACT_PURPOSES}
    if not any(event.status != ConsentStatus.CANCELLED for event in future.values()):
        return append(contact, product(FUTURE_CONTACT_PURPOSES, Channel), ConsentStatus.REFUSED, **proof)
    ending = {key: event for key, event in future.items() if event.status in MAY_END}
    return append_withdrawals(contact, ending, **proof)


@transaction.atomic
def record_survey_answer(
    *,
    contact: Contact,
    is_agreed: bool,
    text_version: TextVersion | None,
    language: Language,
    source: Source,
    source_ref: str,
    by: User | None,
    now: datetime,
    channels: Sequence[Channel] = (Channel.EMAIL,),
) -> list[ConsentEvent]:
    """Append the answer to "may we send you a survey?". It never allows an address (R-CON-03).

    :raises NothingToRecord: agreed without the words that were read.
    """
    if is_agreed and text_version is None:
        raise NothingToRecord
    lock_contact(contact)
    return append(
        contact,
        product([Purpose.SURVEY], channels),
        ConsentStatus.GRANTED if is_agreed else ConsentStatus.REFUSED,
        text_version=text_version,
        language=language,
        source=source,
        source_ref=source_ref,
        recorded_by=by,
        at=now,
    )


@transaction.atomic
def withdraw(
    *,
    contact: Contact,
    purposes: Collection[str] | None = None,
    language: Language | str = Language.EN,
    source: Source,
    source_ref: str = "",
    by: User | None = None,
    now: datetime,
) -> list[ConsentEvent]:
    """End what was agreed for `purposes` (None: for every one, surveys too) by every channel (R-CNS-04).

    Effective once this is committed. With the last purpose of future contact the postal address goes, too. Needs no
    user and may be repeated: what has ended appends nothing. Also for a contact that was merged (then the one it became
    part of withdraws as well) or anonymised.
    """
    survivor = survivor_of(contact)
    events = []
    for person in sorted({contact, survivor}, key=lambda person: person.pk):  # locked in the order of all locks
        proof = {"source": source, "source_ref": source_ref, "language": language, "text_version": None}
        ending = {
            key: event
            for key, event in lock_contact(person).items()
            if event.status in MAY_END and (purposes is None or key[0] in purposes)
        }
        events += append_withdrawals(person, ending, **proof, recorded_by=by, at=now)
        follow_ledger(person, by=by, now=now)
    return events


@transaction.atomic
def withdraw_all(
    *, contact: Contact, language: Language, source: Source, source_ref: str, by: User, now: datetime
) -> list[ConsentEvent]:
    """ "No more contact", said to whoever answered the phone. It only lowers, so it needs no access to the record and
    is effective at once (R-CNS-04); surveys end with it, and who was never asked has declined now."""
    proof: dict[str, Any] = {"language": language, "source": source, "source_ref": source_ref, "by": by, "now": now}
    events = withdraw(contact=contact, **proof)
    return events + record_answers(
        contact=contact, answer=FutureContact.DECLINED, purposes=[], channels=[], text_version=None, **proof
    )


@transaction.atomic
def correct(*, events: Sequence[ConsentEvent], reason: str, by: User, now: datetime) -> list[ConsentEvent]:
    """Put the answers back that stood before `events` of one contact, by new events that name what they correct.

    An earlier answer returns with its own proof; where there was none, the new event says "entered by mistake", which
    permits nothing. An agreement returns as far as it still stands: for the address it was given for, and not to
    somebody who asked never to be contacted. An erased address does not come back: the ledger never knew it.
    """
    if not events:
        return []
    contact = events[0].contact
    lock_contact(contact)
    newest_first = sorted(events, key=lambda event: event.pk, reverse=True)
    by_key: dict[tuple[str, str], list[ConsentEvent]] = {}
    for event in newest_first:
        by_key.setdefault((event.purpose, event.channel), []).append(event)
    in_force = set(ConsentState.objects.filter(contact=contact).values_list("event_id", flat=True))
    corrections = [
        _restore(wrong[0], before=wrong[-1], reason=reason, by=by, now=now)
        for wrong in by_key.values()
        if wrong[0].pk in in_force  # otherwise somebody has answered again since, and that stands
    ]
    follow_ledger(contact, by=by, now=now)
    return corrections


def _restore(wrong: ConsentEvent, *, before: ConsentEvent, reason: str, by: User, now: datetime) -> ConsentEvent:
    same = ConsentEvent.objects.filter(contact=wrong.contact, purpose=wrong.purpose, channel=wrong.channel)
    earlier = same.filter(pk__lt=before.pk).order_by("-pk").first()
    status = _standing(earlier) if earlier else ConsentStatus.CANCELLED
    proof = {name: getattr(earlier or wrong, name) for name in COPIED_PROOF}
    if status != ConsentStatus.GRANTED:
        proof["basis"] = Basis.NONE
    return ConsentEvent.objects.create(
        contact=wrong.contact,
        purpose=wrong.purpose,
        channel=wrong.channel,
        status=status,
        at=now,
        recorded_by=by,
        supersedes=wrong,
        correction_reason=reason,
        **proof,
    )


def _standing(earlier: ConsentEvent) -> ConsentStatus:
    """What an earlier answer is worth today."""
    contact = Contact.objects.only("do_not_contact", "email_fingerprint").get(pk=earlier.contact_id)
    status = ConsentStatus(earlier.status)
    if contact.do_not_contact and status in LIVE:
        return ConsentStatus.WITHDRAWN
    is_for_it = earlier.channel != Channel.EMAIL or earlier.email_fingerprint == contact.email_fingerprint
    return status if status != ConsentStatus.GRANTED or is_for_it else ConsentStatus.UNCONFIRMED


@transaction.atomic
def confirm_address(
    *, contact: Contact, source: Source, source_ref: str, by: User, now: datetime
) -> list[ConsentEvent]:
    """The client said that what they agreed to holds for their new e-mail address as well (R-CNS-06): a new agreement
    each, in the words that were read to them before."""
    unconfirmed = {
        key: event
        for key, event in lock_contact(contact).items()
        if key[1] == Channel.EMAIL and event.status == ConsentStatus.UNCONFIRMED and event.text_version_id
    }
    if not contact.email_fingerprint:
        return []
    return [
        ConsentEvent.objects.create(
            contact=contact,
            purpose=purpose,
            channel=channel,
            status=ConsentStatus.GRANTED,
            at=now,
            recorded_by=by,
            **{name: getattr(event, name) for name in COPIED_PROOF}
            | {
                "basis": Basis.EXPRESS,
                "source": source,
                "source_ref": source_ref,
                "email_fingerprint": contact.email_fingerprint,
            },
        )
        for (purpose, channel), event in unconfirmed.items()
    ]


def follow_ledger(contact: Contact, *, by: User | None, now: datetime, ends_do_not_contact: bool = False) -> None:
    """Bring the contact's summary in line with the ledger; without agreement the address goes in the same UPDATE.

    Only a fresh agreement given by the caller ends an earlier "do not contact" (R-CNS-03).
    """
    summary = summary_of(contact)
    values: dict[str, Any] = {"future_contact": summary}
    if summary != FutureContact.AGREED:
        values |= dict.fromkeys(ADDRESS_FIELDS, "")
    if ends_do_not_contact:
        values |= {"do_not_contact": False, "do_not_contact_at": None, "do_not_contact_by": None}
    version = Contact.objects.values_list("version", flat=True).get(pk=contact.pk)  # locked: nobody else moves it
    row = change_contact(contact=contact, values=values, version=version, by=by, now=now)
    for name in [*values, "version", "updated_at", "updated_by"]:
        setattr(contact, name, getattr(row, name))
