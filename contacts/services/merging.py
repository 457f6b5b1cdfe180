"""Making one contact of two (R-CON-07, F21). What a person decides field by field is `choices`; everything else follows
from rules that can only lower what is permitted (design §5).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from access.models import User
from contacts import former_keys, pending
from contacts.choices import ContactStatus, EmailState, FutureContact, Sensitivity
from contacts.comparing import PARTS
from contacts.merging import movers
from contacts.models import ConsentState, Contact, MergeRecord, MergeSnapshot
from contacts.models.contact import ADDRESS_FIELDS
from contacts.models.merging import UNDO_FOR
from contacts.services import merged_consents, merged_grants
from contacts.services.contacts import StaleVersion
from contacts.services.ledger_rows import summary_of
from contacts.services.taking_back import blank_values

LOSER = "loser"
NOT_KEPT = {"id", "uid", "ref", "created_at", "created_by", "updated_at", "updated_by", "version"}
Columns = dict[str, Any]


class CannotMerge(Exception):
    """The two are the same record, or one of them is merged or anonymised already."""


@transaction.atomic
def merge_contacts(
    *, winner: Contact, loser: Contact, choices: Mapping[str, str], versions: tuple[int, int], by: User, now: datetime
) -> MergeRecord:
    """Make `loser` part of `winner`. `choices` names the parts (`contacts.comparing`) that come from the loser.

    :raises CannotMerge: nothing was changed.
    :raises StaleVersion: somebody changed one of them since `versions` (winner's, loser's) were read.
    """
    winner, loser = lock_both(winner, loser)
    if winner == loser or {winner.status, loser.status} != {ContactStatus.ACTIVE}:
        raise CannotMerge
    for contact, version in zip((winner, loser), versions, strict=True):
        if contact.version != version:
            raise StaleVersion(contact)
    before = {"winner": columns_of(winner), "loser": columns_of(loser)}
    values = result_of(winner, loser, choices)
    reason = f"Merged with {loser.ref}"
    events = [
        step.append_to(winner, reason=reason, by=by, now=now) for step in merged_consents.plan(winner, loser, values)
    ]
    moved: dict[str, list[int]] = {"consents": [event.pk for event in events]}
    moved |= {mover.kind: mover.move(loser, winner) for mover in movers()}
    moved |= merged_grants.move(loser, winner, by=by, now=now)
    write(winner, values | agreed_columns(winner, loser, values), by=by, now=now)
    if winner.do_not_contact:
        pending.end_all(winner, by=by, now=now)
    gone = {"status": ContactStatus.MERGED, "merged_into": winner}
    write(loser, blank_values(loser) | gone, by=by, now=now)
    record = MergeRecord.objects.create(winner=winner, loser=loser, by=by, at=now, moved=moved)
    former_keys.keep(record, before["winner"], before["loser"])
    after = {"result": columns_of(winner), "states": states_of(winner)}
    MergeSnapshot.objects.create(record=record, data=before | after, expires_at=now + UNDO_FOR)
    return record


def lock_both(winner: Contact, loser: Contact) -> tuple[Contact, Contact]:
    """Both rows and their answers, always in the same order; a mail that is just leaving is waited for."""
    wanted = [winner.pk, loser.pk]
    rows = Contact.objects.select_for_update(of=("self",)).select_related("updated_by").filter(pk__in=wanted)
    locked = {row.pk: row for row in rows.order_by("pk")}
    list(ConsentState.objects.select_for_update().filter(contact__in=wanted).order_by("pk"))
    return locked[winner.pk], locked[loser.pk]


def result_of(winner: Contact, loser: Contact, choices: Mapping[str, str]) -> Columns:
    """The winner's columns after the merge, but for what the ledger decides."""
    values: Columns = {}
    for part in PARTS:
        source = loser if choices.get(part.name) == LOSER else winner
        values |= {name: getattr(source, name) for name in part.columns}
    values |= stricter(winner, loser)
    noticed = winner if winner.notice_version_id or not loser.notice_version_id else loser
    values |= {"notice_version_id": noticed.notice_version_id, "notice_at": noticed.notice_at}
    values["last_activity_at"] = max(winner.last_activity_at, loser.last_activity_at)
    broken = {contact.email_fingerprint for contact in (winner, loser) if contact.email_state == EmailState.NOT_WORKING}
    if values["email_fingerprint"] in broken:
        values["email_state"] = EmailState.NOT_WORKING
    return values


def stricter(winner: Contact, loser: Contact) -> Columns:
    """Restricted if either is; "do not contact" since the first of them asked; e-mail only if both are."""
    is_restricted = Sensitivity.RESTRICTED in (winner.sensitivity, loser.sensitivity)
    asked = [contact for contact in (winner, loser) if contact.do_not_contact]
    first = min(asked, key=lambda contact: contact.do_not_contact_at, default=winner)  # type: ignore[arg-type, return-value]
    return {
        "sensitivity": Sensitivity.RESTRICTED if is_restricted else Sensitivity.STANDARD,
        "materials_only": winner.materials_only and loser.materials_only,
        "do_not_contact": first.do_not_contact,
        "do_not_contact_at": first.do_not_contact_at,
        "do_not_contact_by_id": first.do_not_contact_by_id,
    }


def agreed_columns(winner: Contact, loser: Contact, values: Columns) -> Columns:
    """What the winner's ledger, complete by now, says about future contact; the address goes with the agreement."""
    summary = summary_of(winner)
    declined = FutureContact.DECLINED in (winner.future_contact, loser.future_contact)
    if summary == FutureContact.NOT_ASKED and declined:
        summary = FutureContact.DECLINED
    if summary == FutureContact.AGREED and not values["do_not_contact"]:
        return {"future_contact": summary}
    return {"future_contact": summary, **dict.fromkeys(ADDRESS_FIELDS, "")}


def write(contact: Contact, values: Columns, *, by: User, now: datetime) -> None:
    values = values | {"version": contact.version + 1, "updated_by": by, "updated_at": now}
    for name, value in values.items():
        setattr(contact, name, value)
    contact.part_of = "merge"
    contact.save(update_fields=[Contact._meta.get_field(name).name for name in values])
    contact.part_of = ""


def columns_of(contact: Contact) -> Columns:
    """Everything about a contact that a merge may change and undoing it puts back, as JSON can hold it."""
    values = {
        field.attname: getattr(contact, field.attname)
        for field in Contact._meta.concrete_fields
        if field.editable and not field.generated and field.name not in NOT_KEPT
    }
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def from_json(columns: Columns) -> Columns:
    """Columns of `columns_of`, as the model has them."""
    return {name: Contact._meta.get_field(name).to_python(value) for name, value in columns.items()}  # type: ignore[union-attr]


def states_of(contact: Contact) -> dict[str, int]:
    """The answers in force by purpose and channel: "seminar email"."""
    states = ConsentState.objects.filter(contact=contact).values_list("purpose", "channel", "event_id")
    return {f"{purpose} {channel}": event_id for purpose, channel, event_id in states}
