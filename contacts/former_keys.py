"""By which numbers and addresses a contact was known before a merge: keyed fingerprints, nothing to read (F21).

A merge writes them, undoing it or blanking the record erases them. The lookup asks when nobody has what was typed.
Merges made before there were any keep none: what they dropped is gone after 30 days, and no release was out by then.
"""

from typing import Any

from contacts.emails import fingerprint, keyed_digest
from contacts.models import Contact, FormerKey, MergeRecord
from contacts.shapes import Shape

NUMBERS = ["phone", "mobile", "fax"]


def keep(record: MergeRecord, *before: dict[str, Any]) -> None:
    """What one of the two had `before` and the record that is left has not.

    Nothing for who wants materials by e-mail only: no more may be known of them than that takes (R-CON-04).
    """
    if record.winner.materials_only:
        return
    gone = {key for columns in before for key in keys_of(columns)} - keys_of(vars(record.winner))
    FormerKey.objects.bulk_create(  # no audit: digests only, made by the merge, which is recorded
        FormerKey(contact=record.winner, record=record, fingerprint=key) for key in sorted(gone)
    )


def keys_of(columns: dict[str, Any]) -> set[str]:
    numbers = {key_of_number(columns[name]) for name in NUMBERS if columns[name]}
    return numbers | ({columns["email_fingerprint"]} - {""})


def key_of_number(e164: str) -> str:
    """Not the digest by which the lookup is recorded: no record of a search may lead to a person."""
    return keyed_digest(f"number {e164}")


def contacts_known_by(shape: Shape) -> list[int]:
    """Their numbers, for one whole number or address. Whom of them somebody may see is not asked here."""
    if not shape.is_one_key:
        return []
    keys = [fingerprint(shape.full_email)] if shape.full_email else [key_of_number(f"+{shape.numbers[0].full}")]
    return list(FormerKey.objects.filter(fingerprint__in=keys).values_list("contact", flat=True).distinct())


def forget(contact: Contact) -> None:
    FormerKey.objects.filter(contact=contact).delete()
