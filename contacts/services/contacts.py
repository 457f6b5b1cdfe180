"""Writing a contact. Every change goes through the version: nobody overwrites what they have not seen (R-CAL-11)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from access.models import Team, User
from audit.models import AccessEvent
from audit.services import record_access
from contacts import former_keys
from contacts.choices import EmailState
from contacts.emails import fingerprint
from contacts.models import Contact, TextVersion
from contacts.models.contact import ADDRESS_FIELDS
from contacts.services.ledger_rows import unconfirm
from i2a.references import next_reference


class NotChangeable(Exception):
    """Whoever writes may read the record, not change it."""


class StaleVersion(Exception):
    """Somebody else saved the contact first. `current` is the row as it stands, with `updated_by` at hand."""

    def __init__(self, current: Contact) -> None:
        super().__init__(f"{current} is at version {current.version}")
        self.current = current

    @property
    def by(self) -> str:
        """As the conflict page names them: "Maya O."."""
        return self.current.updated_by.short_name if self.current.updated_by else "I2A"

    @property
    def at(self) -> datetime:
        return self.current.updated_at


@transaction.atomic
def create_contact(
    *,
    values: dict[str, Any],
    team: Team,
    by: User,
    now: datetime,
    notice: TextVersion | None = None,
    materials_only: bool = False,
) -> Contact:
    """Add a contact with the columns in `values`, as `CallerForm.contact_values` gives them.

    `notice` is the collection notice that was read out (R-CON-06).

    :raises IntegrityError: a rule of the database is broken; its message is the constraint's.
    """
    return Contact.objects.create(
        ref=next_reference("P", now),
        team=team,
        materials_only=materials_only,
        notice_version=notice,
        notice_at=now if notice else None,
        created_at=now,
        created_by=by,
        updated_at=now,
        updated_by=by,
        last_activity_at=now,
        **with_email_facts(values),
    )


@transaction.atomic
def change_contact(
    *,
    contact: Contact,
    values: dict[str, Any],
    version: int,
    by: User | None,
    now: datetime,
    notice: TextVersion | None = None,
) -> Contact:
    """Write the columns of `values` that differ, if the contact is still at `version`; nothing when none differs.

    What was agreed for another e-mail address becomes unconfirmed; `consents.confirm_address` is the way back.

    The row is locked before its version is read, so two saves cannot both pass. Flags and address go in one UPDATE: the
    address rule is checked per statement (INV-01).

    :raises StaleVersion: somebody saved since; nothing was written.
    :raises IntegrityError: a rule of the database is broken.
    """
    row = Contact.objects.select_related("updated_by", "team").select_for_update(of=("self",)).get(pk=contact.pk)
    if row.version != version:
        raise StaleVersion(row)
    if notice is not None:
        values = {**values, "notice_version": notice, "notice_at": now}
    if "email" in values and values["email"] != row.email:
        values = with_email_facts(values)
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return row
    erases = row.has_address and all(changed.get(name, getattr(row, name)) == "" for name in ADDRESS_FIELDS)
    changed |= {"updated_at": now, "updated_by": by, "last_activity_at": now, "version": version + 1}
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=changed)
    if "email_fingerprint" in changed:
        unconfirm(row, by=by, now=now)
    if changed.get("materials_only"):
        former_keys.forget(row)
    if erases:
        record_access(kind=AccessEvent.Kind.ADDRESS_ERASED, object_type="contacts.contact", object_uid=row.uid)
    return row


def with_email_facts(values: dict[str, Any]) -> dict[str, Any]:
    """`values` with what follows from the address: a new one works as far as we know."""
    email = values.get("email", "")
    state = EmailState.OK if email else EmailState.NONE
    return {**values, "email_state": state, "email_fingerprint": fingerprint(email)}
