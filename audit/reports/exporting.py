"""Taking audit entries out as a file: never without a reason, a reference and a record (R-SEC-01, F102)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.models import AccessEvent, AuditExport
from audit.report_models import MAX_EXPORT
from audit.reports.asked import Asked
from audit.reports.merged import Place, newest
from audit.reports.rows import rows_of
from audit.services import record_access
from i2a.clock import EDMONTON
from i2a.references import next_reference
from i2a.spreadsheets import BOM, Line, file_of, safe
from i2a.wall_time import local_day, say_full_day, say_time

AT_ONCE = 500


class TooManyEntries(Exception):
    """More than `MAX_EXPORT`; nothing was written."""


@dataclass(frozen=True)
class Fitting:
    """The longest end of the days asked for that one file may hold."""

    since: date
    count: int


def fitting(asked: Asked) -> Fitting | None:
    """For who asks for too much; None when already the last day is too much."""
    places = newest(asked, MAX_EXPORT + 1)
    since = local_day(places[-1].at) + timedelta(days=1)
    count = sum(local_day(place.at) >= since for place in places)
    return Fitting(since, count) if count else None


@transaction.atomic
def export_entries(*, asked: Asked, query: str, reason: str, by: Any, now: datetime) -> tuple[IO[bytes], AuditExport]:
    """The file, ready to be sent, and its record: reference, number of rows, hash. `query` names the filters.

    :raises TooManyEntries: nothing was written.
    """
    places = newest(asked, MAX_EXPORT + 1)
    if len(places) > MAX_EXPORT:
        raise TooManyEntries
    ref = next_reference("E", now)
    file, sha256 = file_of(lines(places, by, watermark(ref, len(places), by, now)))
    record = AuditExport.objects.create(
        ref=ref, by=by, at=now, reason=reason, query=query, row_count=len(places), sha256=sha256
    )
    detail = {"ref": ref, "criteria": query, "count": len(places), "sha256": sha256}
    uid = asked.target.uid if asked.target else None
    record_access(kind=AccessEvent.Kind.EXPORTED, object_type="audit.report", object_uid=uid, detail=detail)
    return file, record


def watermark(ref: str, count: int, by: Any, now: datetime) -> str:
    return _("Export %(ref)s by %(person)s, %(day)s, %(time)s. Entries: %(count)s. Confidential.") % {
        "ref": ref,
        "count": count,
        "person": by,
        "day": say_full_day(now),
        "time": say_time(now),
    }


def lines(places: list[Place], by: Any, mark: str) -> Iterator[bytes]:
    writer = csv.writer(Line())
    yield BOM.encode() + writer.writerow([mark])
    yield writer.writerow(
        [_("Entry"), _("When"), _("Person"), _("Did"), _("Details"), _("Kind of record"), _("Record"), _("Address")]
    )
    for first in range(0, len(places), AT_ONCE):
        for row in rows_of(places[first : first + AT_ONCE], by):
            at = row.at.astimezone(EDMONTON).isoformat(sep=" ", timespec="seconds")
            cells = [row.number, at, row.by, row.did, row.detail, row.record.kind, row.record.ref, row.ip]
            yield writer.writerow(safe(cells))
