"""Recording that somebody acts for somebody else, and ending it."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from access.models import User
from contacts.models import Contact, Representation


class Stale(Exception):
    """Somebody ended it first."""


def record_representation(
    *, person: Contact, representative: Contact, values: dict[str, Any], by: User, now: datetime
) -> Representation:
    """Write it. The same `values["form_uuid"]` sent twice gives the first one back.

    :raises IntegrityError: a rule of the database is broken; its message is the constraint's.
    """
    earlier = Representation.objects.filter(form_uuid=values["form_uuid"], recorded_by=by)
    if found := earlier.first():
        return found
    try:
        with transaction.atomic():
            return Representation.objects.create(
                person=person, representative=representative, recorded_by=by, recorded_at=now, **values
            )
    except IntegrityError:
        if found := earlier.first():  # the other of two clicks was faster
            return found
        raise


@transaction.atomic
def end_representation(
    *, representation: Representation, version: int, reason: str, by: User, now: datetime
) -> Representation:
    """:raises Stale: it is no longer at `version`."""
    row = Representation.objects.select_for_update().get(pk=representation.pk)
    if row.version != version or row.ended_at is not None:
        raise Stale
    row.ended_at, row.ended_by, row.end_reason, row.version = now, by, reason, version + 1
    row.save(update_fields=["ended_at", "ended_by", "end_reason", "version"])
    return row
