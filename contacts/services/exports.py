"""Taking a list of contacts out of the product: never without a reason, a reference and a record (R-SEC-01)."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from access.models import User
from audit.models import AccessEvent
from audit.services import record_access
from contacts.countries import country_name
from contacts.gate import badge_of, with_answers
from contacts.languages import language_name
from contacts.models import Contact, ContactExport
from contacts.models.lists import MAX_EXPORT
from i2a.references import next_reference
from i2a.spreadsheets import BOM, Line, file_of, safe
from i2a.wall_time import local_day, say_full_day, say_time

AT_ONCE = 500


class TooManyContacts(Exception):
    """More than `MAX_EXPORT`; nothing was written."""


@transaction.atomic
def export_contacts(
    *, contacts: "QuerySet[Contact]", query: str, reason: str, by: User, now: datetime
) -> tuple[IO[bytes], ContactExport]:
    """The file, ready to be sent, and its record: reference, number of rows, hash. `query` names the filters.

    :raises TooManyContacts: nothing was written.
    """
    ref = next_reference("E", now)
    rows = list(contacts.order_by("-last_activity_at", "-pk").values_list("pk", flat=True)[: MAX_EXPORT + 1])
    if len(rows) > MAX_EXPORT:
        raise TooManyContacts
    file, sha256 = file_of(lines(contacts, rows, watermark(ref, len(rows), by, now)))
    record = ContactExport.objects.create(
        ref=ref, by=by, at=now, reason=reason, query=query, row_count=len(rows), sha256=sha256
    )
    detail = {"ref": ref, "criteria": query, "count": len(rows), "sha256": sha256}
    record_access(kind=AccessEvent.Kind.EXPORTED, object_type="contacts.contact", object_uid=record.uid, detail=detail)
    return file, record


def watermark(ref: str, count: int, by: User, now: datetime) -> str:
    return _("Export %(ref)s by %(person)s, %(day)s, %(time)s. Contacts: %(count)s. Confidential.") % {
        "ref": ref,
        "count": count,
        "person": by,
        "day": say_full_day(now),
        "time": say_time(now),
    }


def lines(contacts: "QuerySet[Contact]", pks: list[int], mark: str) -> Iterator[bytes]:
    """CSV, line by line. The rows are those that were counted, read through the same `visible_to`."""
    writer = csv.writer(Line())
    yield BOM.encode() + writer.writerow([mark])
    yield writer.writerow(heads())
    for first in range(0, len(pks), AT_ONCE):
        batch = with_answers(contacts.select_related("team")).in_bulk(pks[first : first + AT_ONCE])
        for pk in pks[first : first + AT_ONCE]:
            if pk in batch:
                yield writer.writerow(safe(cells(batch[pk])))


def heads() -> list[str]:
    return [
        _("Reference"), _("Name"), _("Name in Latin letters"), _("Category"), _("Organisation"),
        _("Type of organisation"), _("Preferred language"), _("Country of origin"), _("Country of residence"),
        _("E-mail"), _("Phone"), _("Mobile"), _("Consent"), _("Team"), _("Last call"), _("Created"),
    ]  # fmt: skip


def cells(contact: Contact) -> list[Any]:
    return [
        contact.ref,
        contact.name,
        contact.name_latin,
        contact.category_other or contact.get_category_display(),
        contact.organisation,
        contact.organisation_other or contact.get_organisation_type_display(),
        language_name(contact.language),
        country_name(contact.origin_country),
        country_name(contact.residence_country),
        contact.email,
        contact.phone,
        contact.mobile,
        badge_of(contact).label,
        contact.team,
        local_day(contact.last_call_at).isoformat() if contact.last_call_at else "",
        local_day(contact.created_at).isoformat(),
    ]
