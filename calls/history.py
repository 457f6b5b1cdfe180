"""The audit entries of a call as sentences that anybody can read (design §6)."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import history
from audit.history import HistoryEntry, Step, entries_of, in_words, register_words, steps
from audit.models import LogEntry
from calls.choices import Service
from calls.models import Call
from calls.records import label_in
from contacts.countries import country_name

# What a reader wants to follow; other rows (message, note, team …) say nothing to them. The words for topics,
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
    "occupation": gettext_lazy("Occupation"),
    "follow_up_decision": gettext_lazy("Follow-up"),
    "topics": gettext_lazy("Topics"),
    "services": gettext_lazy("Services"),
    "note_revision": gettext_lazy("Note, revision"),
}


def say_services(codes: str) -> str:
    return ", ".join(label_in(Service, code) for code in codes.split(",")) if codes else ""


def register_call_words() -> None:
    register_words("calls.Call", services=say_services, stat_citizenship=country_name, stat_origin=country_name)


def history_of(call: Call) -> list[Step]:
    """Newest first. What tells a reader nothing is left out."""
    told = in_words(entries_of(call), fields=[*FIELDS, "void_reason", "topic_description"])
    return steps((entry, _sentences(entry)) for entry in told)


def last_change(call: Call) -> tuple[str, datetime]:
    """Who saved the call or its note last and when: "Maya O." (R-CAL-11)."""
    change = history.last_change(call) or (call.specialist.short_name, call.created_at)
    newest = call.note.revisions.select_related("author").order_by("-number").first() if call.note else None
    return (newest.author.short_name, newest.at) if newest and newest.at > change[1] else change


def _sentences(entry: HistoryEntry) -> Iterator[str]:
    if entry.action == LogEntry.Action.CREATE:
        yield _("Recorded")
        return
    changes = {change.name: change for change in entry.changes}
    if "void_reason" in changes:
        yield _("Voided: %(reason)s") % {"reason": changes["void_reason"].after}
    for name, label in FIELDS.items():
        if name in changes:
            words = {"before": changes[name].before or _("nothing"), "after": changes[name].after or _("nothing")}
            yield _("%(field)s: %(before)s → %(after)s") % {"field": label, **words}
    if "topic_description" in changes:
        yield _("Description of a topic changed")
