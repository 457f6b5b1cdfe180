"""What contacts itself adds to the timeline: answers about consent, and changes of the record.

A note stands with the call it was written on.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, F, Func, JSONField, Min, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.history import Change, HistoryEntry, in_words, register_words
from audit.models import LogEntry
from contacts.choices import ConsentStatus, Language, Purpose
from contacts.countries import country_name
from contacts.languages import language_name
from contacts.ledger import SHORT, channel_labels, purpose_labels, uncapitalised
from contacts.merge_entries import merge_entry, merge_rows
from contacts.models import ConsentEvent, Contact
from contacts.models.contact import ADDRESS_FIELDS
from contacts.timeline import Entry, Row, Source, Viewed, name_of, register

# Told by the consent entries, or no more than a shadow of another field.
NOT_TOLD = [
    "ref",
    "status",
    "merged_into",
    "future_contact",
    "email_state",
    "notice_version",
    "phone_typed",
    "mobile_typed",
    "fax_typed",
]
TITLES: dict[str, tuple[str | Promise, str | Promise]] = {  # about future contact, about surveys
    ConsentStatus.GRANTED: (gettext_lazy("Agreed to future contact"), gettext_lazy("Agreed to surveys")),
    ConsentStatus.REFUSED: (gettext_lazy("Declined future contact"), gettext_lazy("Declined surveys")),
    ConsentStatus.WITHDRAWN: (gettext_lazy("Withdrew from future contact"), gettext_lazy("Withdrew from surveys")),
    ConsentStatus.UNCONFIRMED: (gettext_lazy("Agreement to be confirmed"), gettext_lazy("Agreement to be confirmed")),
    ConsentStatus.LEGACY: (gettext_lazy("Agreement in the old system"), gettext_lazy("Agreement in the old system")),
    ConsentStatus.LAPSED: (gettext_lazy("Agreement lapsed"),) * 2,
    ConsentStatus.CANCELLED: (gettext_lazy("Answer was entered by mistake"),) * 2,
}
ICONS = {
    ConsentStatus.GRANTED: ("check", "ok"),
    ConsentStatus.UNCONFIRMED: ("warn", ""),
    ConsentStatus.LAPSED: ("clock", ""),
    ConsentStatus.CANCELLED: ("pen", ""),
}


class Without(Func):
    """A JSON object without some of its keys."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = JSONField()


def register_sources() -> None:
    register_words("contacts.Contact", citizenship=country_name, origin_country=country_name, language=language_name)
    nothing = gettext_lazy("Nobody has asked yet.")
    register(Source("consents", gettext_lazy("Consent"), 40, consent_rows, consent_entries, nothing))
    nothing = gettext_lazy("No changes so far.")
    register(Source("changes", gettext_lazy("Changes"), 50, change_rows, change_entries, nothing))


def consent_rows(contact: Viewed) -> list[QuerySet[Any]]:
    """One row per answer: what was said at one moment is several entries of the ledger."""
    same = {
        "entry_at": F("at"),
        "is_about_surveys": Case(When(purpose=Purpose.SURVEY, then=True), default=False),
        "is_put_back": Q(supersedes__isnull=False),
        "wording": F("text_version__number"),
        "wording_language": F("text_version__language"),
        "by": name_of("recorded_by"),
    }
    columns = ["status", "source_ref", "correction_reason"]
    answers = ConsentEvent.objects.filter(contact=contact).annotate(**same).values(*same, *columns)
    lists = {"purposes": ArrayAgg("purpose", distinct=True), "channels": ArrayAgg("channel", distinct=True)}
    row = JSONObject(**{name: name for name in [*same, *columns, *lists]})
    return [answers.annotate(**lists, entry_id=Min("pk")).annotate(entry_row=row)]


def consent_entries(rows: list[Row], user: Any) -> list[Entry]:
    return [consent_entry(row) for row in rows]


def consent_entry(row: Row) -> Entry:
    status = ConsentStatus(row.of["status"])
    icon, tone = ICONS.get(status, ("stop", "stop"))
    title = TITLES[status][row.of["is_about_surveys"]]
    put_back = _("Answer put back: %(answer)s") % {"answer": SHORT[status]}
    return Entry(
        at=row.at,
        kind="consents",
        icon=icon,
        tone=tone,
        title=str(put_back if row.of["is_put_back"] else title),
        detail=row.of["source_ref"],
        text=consent_text(row.of),
        by=row.of["by"],
    )


def consent_text(answer: dict[str, Any]) -> str:
    sentences = [purpose_labels(answer["purposes"])]
    if answer["status"] == ConsentStatus.GRANTED:
        sentences.append(_("By %(channels)s") % {"channels": uncapitalised(channel_labels(answer["channels"]))})
    if answer["wording"] and not answer["is_put_back"]:
        words = {"number": answer["wording"], "language": Language(answer["wording_language"]).label}
        sentences.append(_("Wording %(number)s, %(language)s") % words)
    if answer["correction_reason"]:
        sentences.append(answer["correction_reason"].rstrip("."))
    return ". ".join(sentences) + "."


def change_rows(contact: Viewed) -> list[QuerySet[LogEntry]]:
    """The audit of the record; never a personal value, because the audit has none."""
    about_contacts = Subquery(ContentType.objects.filter(app_label="contacts", model="contact").values("pk"))
    logged = LogEntry.objects.filter(content_type=about_contacts, object_id=contact)
    logged = logged.annotate(told=Without(F("changes"), Value(NOT_TOLD, ArrayField(TextField()))))
    logged = logged.exclude(told={}, action=LogEntry.Action.UPDATE).exclude(additional_data__has_key="part_of")
    row = JSONObject(action="action", told="told", by=name_of("actor"), label="actor_label")
    return [logged.annotate(entry_at=F("timestamp"), entry_row=row), *merge_rows(contact)]


def change_entries(rows: list[Row], user: Any) -> list[Entry]:
    logged = [row for row in rows if "merge" not in row.of]
    told = iter(zip(in_words([tellable(row) for row in logged]), logged, strict=True))
    return [merge_entry(row, user) if "merge" in row.of else told_entry(*next(told)) for row in rows]


def told_entry(entry: HistoryEntry, row: Row) -> Entry:
    return change_entry(entry, row.of["by"] or entry.by)


def tellable(row: Row) -> LogEntry:
    """The entry, in memory, without what is told elsewhere."""
    return LogEntry(
        action=row.of["action"],
        changes={} if row.of["action"] == LogEntry.Action.CREATE else row.of["told"],
        timestamp=row.at,
        actor_label=row.of["label"],
        content_type=ContentType.objects.get_for_model(Contact),
    )


def change_entry(entry: HistoryEntry, by: str) -> Entry:
    sentences = list(say_changes(entry.changes))
    title = sentences[0] if len(sentences) == 1 else _("Details changed")
    if entry.action == LogEntry.Action.CREATE:
        title = _("Record created")
    return Entry(
        at=entry.at,
        kind="changes",
        icon="pen",
        title=title,
        text=" · ".join(sentences) if len(sentences) > 1 else "",
        by=by,
    )


def say_changes(changes: list[Change]) -> Iterator[str]:
    """ "Phone changed", "Category: Employer to Investor"; the address is said once, not line by line."""
    address = [change for change in changes if change.label in address_labels()]
    for change in changes:
        if change in address[1:]:
            continue
        label = _("Address") if change in address else capfirst(change.label)
        if change.is_masked:
            yield _("%(field)s %(what)s") % {"field": label, "what": change.words}
        else:
            yield _("%(field)s: %(what)s") % {"field": label, "what": change.words}


def address_labels() -> set[str]:
    return {str(Contact._meta.get_field(name).verbose_name) for name in ADDRESS_FIELDS}  # type: ignore[union-attr]
