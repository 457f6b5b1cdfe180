"""The audit entries of a call as sentences that anybody can read (design §6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import history
from audit.history import entries_of, say_actor
from audit.models import LogEntry
from calls.choices import CallStatus, Service
from calls.models import Call
from calls.records import label_in
from contacts.countries import country_name

YES_NO = {"True": gettext_lazy("Yes"), "False": gettext_lazy("No")}
NOTHING = {"", "None"}

# What a reader wants to follow; ids of other rows (message, note, team …) say nothing to them. The words for topics,
# services and note revisions are put there by `calls.services.records`; their rows have entries of their own.
FIELDS = {
    "direction": gettext_lazy("Direction"),
    "calling_for": gettext_lazy("Calling for"),
    "category": gettext_lazy("Category"),
    "third_party_kind": gettext_lazy("Kind of third party"),
    "announcement_heard": gettext_lazy("Recording announcement"),
    "is_recorded": gettext_lazy("Recorded"),
    "has_objected": gettext_lazy("Objected to the recording"),
    "stat_citizenship": gettext_lazy("Citizenship"),
    "stat_origin": gettext_lazy("Country of origin"),
    "region_wanted": gettext_lazy("Region of Alberta"),
    "follow_up_decision": gettext_lazy("Follow-up"),
    "topics": gettext_lazy("Topics"),
    "services": gettext_lazy("Services"),
    "note_revision": gettext_lazy("Note, revision"),
}


@dataclass(frozen=True)
class Change:
    """What one person did at one moment. `by` is a person's name, or the label of what worked for the system."""

    at: datetime
    by: str
    sentences: list[str]


def history_of(call: Call) -> list[Change]:
    """Newest first, in one query. What one request did is one change; what tells a reader nothing is left out."""
    changes = []
    for _request, group in groupby(entries_of(call), key=lambda entry: entry.cid or entry.pk):
        entries = list(group)
        sentences = [sentence for entry in entries for sentence in _sentences(entry)]
        if sentences:
            changes.append(Change(entries[0].timestamp, say_actor(entries[0]), sentences))
    return changes


def last_change(call: Call) -> tuple[str, datetime]:
    """Who saved the call or its note last and when: "Maya O." (R-CAL-11)."""
    change = history.last_change(call) or (call.specialist.short_name, call.created_at)
    newest = call.note.revisions.select_related("author").order_by("-number").first() if call.note else None
    return (newest.author.short_name, newest.at) if newest and newest.at > change[1] else change


def _sentences(entry: LogEntry) -> Iterator[str]:
    changes: dict[str, list[str]] = entry.changes_dict
    if entry.action == LogEntry.Action.CREATE:
        yield _("Recorded")
        return
    if changes.get("status", ["", ""])[1] == CallStatus.VOIDED:
        yield _("Voided: %(reason)s") % {"reason": changes.get("void_reason", ["", ""])[1]}
    for field, label in FIELDS.items():
        if field in changes:
            before, after = (_say(field, value) for value in changes[field])
            yield _("%(field)s: %(before)s → %(after)s") % {"field": label, "before": before, "after": after}
    if "topic_description" in changes:
        yield _("Description of a topic changed")
    if "occupation" in changes:
        yield _("Occupation changed")


def _say(field: str, value: Any) -> str:
    text = str(value)
    if text in NOTHING:
        return _("nothing")
    if field in {"topics", "note_revision"}:
        return text
    if field == "services":
        return ", ".join(label_in(Service, code) for code in text.split(","))
    if field in {"stat_citizenship", "stat_origin"}:
        return country_name(text)
    choices = dict(Call._meta.get_field(field).flatchoices)  # type: ignore[union-attr]
    return str(choices.get(text) or YES_NO.get(text) or text)
