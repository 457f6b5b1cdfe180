"""What contacts itself adds to the timeline: answers about consent, and changes of the record.

A note stands with the call it was written on.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, JSONField, TextField, Value
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.history import Change, HistoryEntry, entries_of, in_words
from audit.models import LogEntry
from contacts.choices import ConsentStatus
from contacts.countries import country_name
from contacts.languages import language_name
from contacts.ledger import Answer, answers_in, ledger_of, uncapitalised
from contacts.models import Contact
from contacts.models.contact import ADDRESS_FIELDS
from contacts.timeline import Entry, Source, register

# Told by the consent entries, or no more than a shadow of another field.
NOT_TOLD = ["ref", "future_contact", "email_state", "notice_version", "phone_typed", "mobile_typed", "fax_typed"]
SAID_BY = {"citizenship": country_name, "origin_country": country_name, "language": language_name}
TITLES: dict[str, tuple[str | Promise, str | Promise]] = {  # about future contact, about surveys
    ConsentStatus.GRANTED: (gettext_lazy("Agreed to future contact"), gettext_lazy("Agreed to surveys")),
    ConsentStatus.REFUSED: (gettext_lazy("Declined future contact"), gettext_lazy("Declined surveys")),
    ConsentStatus.WITHDRAWN: (gettext_lazy("Withdrew from future contact"), gettext_lazy("Withdrew from surveys")),
    ConsentStatus.UNCONFIRMED: (gettext_lazy("Agreement to be confirmed"), gettext_lazy("Agreement to be confirmed")),
    ConsentStatus.LEGACY: (gettext_lazy("Agreement in the old system"), gettext_lazy("Agreement in the old system")),
    ConsentStatus.CANCELLED: (gettext_lazy("Answer was entered by mistake"),) * 2,
}
ICONS = {ConsentStatus.GRANTED: ("check", "ok"), ConsentStatus.CANCELLED: ("pen", "")}


class Without(Func):
    """A JSON object without some of its keys."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = JSONField()


def register_sources() -> None:
    register(Source("consents", gettext_lazy("Consent"), 40, consent_entries))
    register(Source("changes", gettext_lazy("Changes"), 50, change_entries))


def consent_entries(contact: Contact, user: Any, before: datetime | None, limit: int) -> list[Entry]:
    answers = answers_in(ledger_of(contact))
    return [consent_entry(answer) for answer in answers if before is None or answer.at < before][:limit]


def consent_entry(answer: Answer) -> Entry:
    status = ConsentStatus(answer.first.status)
    icon, tone = ICONS.get(status, ("stop", "stop"))
    title = TITLES[status][answer.is_about_surveys]
    return Entry(
        at=answer.at,
        kind="consents",
        icon=icon,
        tone=tone,
        title=str(_("Answer put back: %(answer)s") % {"answer": answer.label} if answer.first.supersedes_id else title),
        detail=answer.first.source_ref,
        text=consent_text(answer),
        by=answer.by,
    )


def consent_text(answer: Answer) -> str:
    event = answer.first
    sentences = [answer.purposes]
    if event.status == ConsentStatus.GRANTED:
        sentences.append(_("By %(channels)s") % {"channels": uncapitalised(answer.channels)})
    if event.text_version and not event.supersedes_id:
        words = {"number": event.text_version.number, "language": event.text_version.get_language_display()}
        sentences.append(_("Wording %(number)s, %(language)s") % words)
    if event.correction_reason:
        sentences.append(event.correction_reason.rstrip("."))
    return ". ".join(sentences) + "."


def change_entries(contact: Contact, user: Any, before: datetime | None, limit: int) -> list[Entry]:
    """The audit of the record in words; never a personal value, because the audit has none."""
    logged = entries_of(contact)
    logged = logged.annotate(told=Without(F("changes"), Value(NOT_TOLD, ArrayField(TextField()))))
    logged = logged.exclude(told={}, action=LogEntry.Action.UPDATE)
    if before is not None:
        logged = logged.filter(timestamp__lt=before)
    return [change_entry(entry) for entry in in_words(map(tellable, logged[:limit]))]


def tellable(entry: Any) -> LogEntry:
    """The entry, in memory, without what is told elsewhere; codes become names."""
    told = {} if entry.action == LogEntry.Action.CREATE else entry.told
    entry.changes = {
        name: [say(value) for value in pair] if (say := SAID_BY.get(name)) else pair for name, pair in told.items()
    }
    return entry


def change_entry(entry: HistoryEntry) -> Entry:
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
        by=entry.by,
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
