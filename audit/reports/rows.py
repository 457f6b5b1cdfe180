"""Rows of a report in words: who, did what, to which record; and one of them opened, field by field."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.history import Change, HistoryEntry, in_words, say_actor
from audit.models import AccessEvent, LogEntry
from audit.reports import details, naming
from audit.reports.asked import Asked
from audit.reports.merged import Place, Table, load, placed, tables
from audit.reports.naming import Named
from audit.reports.topics import topic_of

STEP = timedelta(minutes=2)  # longer than a request may take
MOST_OF_A_STEP = 20
ON_THE_LINE = ["purpose", "ref", "role", "status", "what", "reason", "how", "basis"]  # the others when it is opened
Kind = AccessEvent.Kind
Entry = LogEntry | AccessEvent


@dataclass(frozen=True)
class Row:
    """`goes_on`: of the same request as the row above it."""

    place: Place
    by: str
    did: str
    record: Named
    detail: str
    ip: str
    request: str
    goes_on: bool = False

    @property
    def at(self) -> datetime:
        return self.place.at

    @property
    def number(self) -> str:
        """C for a change, A for what is none: the two tables number their rows apart."""
        return f"{'CA'[self.place.table]}{self.place.pk}"


@dataclass(frozen=True)
class Opened:
    """`same_step`: what else the same request did."""

    row: Row
    changes: list[Change] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    same_step: list[Row] = field(default_factory=list)


def rows_of(places: Iterable[Place], user: Any) -> list[Row]:
    entries = load(places)
    names = names_of(entries.values(), user)
    told = {entry.pk: entry for entry in in_words(entry for entry in entries.values() if isinstance(entry, LogEntry))}
    rows: list[Row] = []
    for place, entry in entries.items():
        above = rows[-1] if rows else None
        change = told.get(place.pk) if place.table == Table.CHANGES else None
        rows.append(row_of(place, entry, change, names, above))
    return rows


def row_of(place: Place, entry: Entry, change: HistoryEntry | None, names: dict[Any, Named], above: Row | None) -> Row:
    request = request_of(entry)
    return Row(
        place=place,
        by=say_actor(entry),
        did=change.summary if change else entry.get_kind_display(),  # type: ignore[union-attr]
        record=record_of(entry, names),
        detail="" if isinstance(entry, LogEntry) else say_detail(entry),
        ip=(entry.remote_addr if isinstance(entry, LogEntry) else entry.ip) or "",
        request=request,
        goes_on=bool(request and above and above.request == request),
    )


def request_of(entry: Entry) -> str:
    return (entry.cid if isinstance(entry, LogEntry) else entry.request_id) or ""


def names_of(entries: Iterable[Entry], user: Any) -> dict[Any, Named]:
    """Of all records at once."""
    keys, uids = [], []
    for entry in entries:
        if isinstance(entry, AccessEvent):
            uids += [(entry.object_type, entry.object_uid)] if entry.object_uid else []
        elif (model := entry.content_type.model_class()) and entry.object_id is not None:
            keys.append((model, entry.object_id))
    return naming.named(user, keys, uids)


def record_of(entry: Entry, names: dict[Any, Named]) -> Named:
    if isinstance(entry, AccessEvent):
        found = names.get(entry.object_uid) if entry.object_uid else None
        kind = naming.say_type(entry.object_type)
        if found is None:
            return Named(kind)
        return Named(kind if is_named_by_type(entry) else found.kind, found.ref, found.url)
    model = entry.content_type.model_class()
    kind = naming.say_model(model) if model else ""
    return names.get((model, entry.object_id)) or Named(kind, naming.without_number(entry.object_repr))


def is_named_by_type(event: AccessEvent) -> bool:
    """Unlike a page that was refused: its record says more than the page."""
    return bool(naming.say_type(event.object_type)) and event.kind != AccessEvent.Kind.DENIED


def say_detail(event: AccessEvent) -> str:
    """For the line: for which work, how many, which role, why not."""
    said = []
    for key in ON_THE_LINE:
        one = details.of(event.kind, key)
        if one and event.detail.get(key) not in (None, "", []):
            said.append(one.say(event.detail[key]))
    count = event.detail.get("count")
    if isinstance(count, int) and (count or event.kind != Kind.VIEWED):  # a page without a list has no rows
        said.append(say_count(event.kind, count))
    return ", ".join(said)


def say_count(kind: str, count: int) -> str:
    if kind == Kind.SEARCHED:
        return ngettext("%(n)s found", "%(n)s found", count) % {"n": count}
    return ngettext("%(n)s row", "%(n)s rows", count) % {"n": count}


def opened(place: Place, asked: Asked) -> Opened | None:
    """One entry with all that it says, and what else happened in its step, as far as who asks may ask for it."""
    entry = load([place]).get(place)
    if entry is None:
        return None
    others = same_step(entry, place, asked)
    row, *same = rows_of([place, *others], asked.by)
    changes: list[Change] = []
    facts = [(_("Address"), row.ip)] if row.ip else []
    if isinstance(entry, LogEntry):
        changes = in_words([entry])[0].changes
    else:
        facts += details.told(entry)
    return Opened(row, changes, facts, same)


def same_step(entry: Entry, place: Place, asked: Asked) -> list[Place]:
    request = request_of(entry)
    if not request:
        return []
    topic, start, until = topic_of(asked.by, ""), place.at - STEP, place.at + STEP
    near = replace(asked, topic=topic, person=entry.actor_id, model=None, target=None, start=start, until=until)
    found = []
    for table, rows in tables(near):
        of_request = rows.filter(**{"cid" if table == Table.CHANGES else "request_id": request})
        found += [Place(*row) for row in placed(of_request, table)[:MOST_OF_A_STEP]]
    return sorted(one for one in found if one != place)
