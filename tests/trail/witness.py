"""What the audit wrote down about one step, held against what really changed."""

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType

from audit.models import AccessEvent, LogEntry, RowChange
from audit.reconciliation import _columns
from audit.registry import auditlog

ACTIONS = {"I": 0, "U": 1, "D": 2}


@dataclass
class Witness:
    """Began before the step; asked after it."""

    changes_from: int
    entries_from: int
    events_from: int

    @classmethod
    def now(cls) -> "Witness":
        return cls(*(newest(model) for model in (RowChange, LogEntry, AccessEvent)))

    def changes(self) -> list[RowChange]:
        return list(RowChange.objects.filter(pk__gt=self.changes_from).order_by("pk"))

    def entries(self) -> list[LogEntry]:
        return list(LogEntry.objects.filter(pk__gt=self.entries_from).order_by("pk"))

    def events(self, *kinds: str) -> list[AccessEvent]:
        events = AccessEvent.objects.filter(pk__gt=self.events_from).order_by("pk")
        return list(events.filter(kind__in=kinds) if kinds else events)

    def faults(self, *labels: str, request_id: str | None = None) -> list[str]:
        """What is signed by somebody else, belongs to another request, or is missing in the readable history."""
        found = []
        for row in [*self.changes(), *self.entries(), *self.events()]:
            if row.actor_label not in labels:
                found.append(f"{told(row)} is signed by {row.actor_label}, not {labels[0]}")
            if request_id is not None and request_of(row) != request_id:
                found.append(f"{told(row)} is of request {request_of(row)}, not {request_id}")
        return found + self.unexplained()

    def unexplained(self) -> list[str]:
        """Changes of what the history shows, without an entry for the same row and action."""
        entries = {(entry.content_type_id, entry.object_id, entry.action) for entry in self.entries()}
        told_of = {content_type for content_type, _key, _action in entries}
        shown, joining = tables()
        found = []
        for change in self.changes():
            if change.table_name in joining:
                if joining[change.table_name] not in told_of:
                    found.append(f"{told(change)} has no entry")
            elif change.table_name in shown:
                content_type, columns = shown[change.table_name]
                is_shown = change.operation != "U" or columns & set(change.columns)
                if is_shown and (content_type, change.key, ACTIONS[change.operation]) not in entries:
                    found.append(f"{told(change)} {change.columns} has no entry")
        return found


def tables() -> tuple[dict[str, tuple[int, set[str]]], dict[str, int]]:
    """The tables with a readable history, with their columns in it; and those that join two of them."""
    shown, joining = {}, {}
    for model in auditlog.get_models():
        content_type = ContentType.objects.get_for_model(model).pk
        shown[model._meta.db_table] = (content_type, _columns(model))
        for name in auditlog._registry[model]["m2m_fields"]:
            joining[getattr(model, name).through._meta.db_table] = content_type
    return shown, joining


def newest(model: Any) -> int:
    key: int | None = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return key or 0


def request_of(row: Any) -> str:
    return (row.cid if isinstance(row, LogEntry) else row.request_id) or ""


def told(row: Any) -> str:
    if isinstance(row, RowChange):
        return f"row change {row.table_name} {row.operation}"
    return f"entry of {row.content_type.model}" if isinstance(row, LogEntry) else f"access event {row.kind}"
