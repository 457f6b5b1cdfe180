"""Undoing what one call wrote on a contact, seconds later."""

from datetime import datetime
from typing import Any

from django.db import transaction

from access.models import User
from contacts import former_keys
from contacts.choices import Category, ContactStatus, EmailState, FutureContact
from contacts.models import Contact
from contacts.models.contact import PERSONAL_FIELDS
from contacts.services import grants

KEPT_FOR_UNDO = [
    *PERSONAL_FIELDS, "organisation_type", "category", "third_party_kind", "language", "citizenship", "origin_country",
    "email_state", "email_fingerprint", "future_contact", "do_not_contact", "do_not_contact_by_id", "materials_only",
    "notice_version_id",
]  # fmt: skip
TIMES_KEPT = ["do_not_contact_at", "notice_at"]


def snapshot(contact: Contact) -> dict[str, Any]:
    """The values that `restore_contact` puts back. Holds personal data: keep it no longer than the undo lasts."""
    times = {name: getattr(contact, name) for name in TIMES_KEPT}
    return {name: getattr(contact, name) for name in KEPT_FOR_UNDO} | {
        name: at.isoformat() if at else None for name, at in times.items()
    }


@transaction.atomic
def restore_contact(*, contact: Contact, before: dict[str, Any], by: User, now: datetime) -> Contact:
    """Put the values of `snapshot` back, as a new version."""
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    for name, value in before.items():
        is_time = name in TIMES_KEPT and value
        setattr(contact, name, datetime.fromisoformat(value) if is_time else value)
    return _save(contact, by=by, now=now)


@transaction.atomic
def take_back_contact(*, contact: Contact, by: User, now: datetime) -> Contact:
    """Blank a contact that should not have been created: its row stays, nothing personal and nobody's access does
    (D-05, P7)."""
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    for name, value in blank_values(contact).items():
        setattr(contact, name, value)
    contact.future_contact = FutureContact.NOT_ASKED
    contact.status = ContactStatus.ANONYMISED
    former_keys.forget(contact)
    grants.end_all(contact=contact, reason="The call was undone.", by=by, now=now)
    return _save(contact, by=by, now=now)


def blank_values(contact: Contact) -> dict[str, Any]:
    """The columns of `contact` without anything personal."""
    emptied = [*PERSONAL_FIELDS, "citizenship", "origin_country", "email_fingerprint", "language"]
    values: dict[str, Any] = dict.fromkeys(emptied, "") | {"email_state": EmailState.NONE}
    if contact.category == Category.OTHER:
        values["category_other"] = "–"  # its constraint asks for words; these say nothing of anybody
    return values


def _save(contact: Contact, *, by: User, now: datetime) -> Contact:
    contact.version += 1
    contact.updated_by, contact.updated_at = by, now
    contact.save()
    return contact
