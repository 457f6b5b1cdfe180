"""E-mails on a contact's timeline: requested information, and what campaigns sent (R-INF-01, R-CAL-09)."""

from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.timeline import Entry, Row, Source, Viewed, instant, name_of, register
from i2a import clock
from i2a.wall_time import say_short_day
from outbox.models import Message
from outbox.progress import progress_of

State = Message.State
IS_SURVEY = Q(kind=Message.Kind.SURVEY)
TITLES = {
    State.QUEUED: gettext_lazy("E-mail queued"),
    State.CLAIMED: gettext_lazy("E-mail on its way"),
    State.SENDING: gettext_lazy("E-mail on its way"),
    State.SENT: gettext_lazy("E-mail sent"),
    State.FAILED: gettext_lazy("E-mail failed"),
    State.AMBIGUOUS: gettext_lazy("E-mail perhaps sent"),
    State.WITHHELD: gettext_lazy("E-mail withheld"),
    State.CANCELLED: gettext_lazy("E-mail taken back"),
    State.BOUNCED: gettext_lazy("E-mail came back"),
}
SURVEY_TITLES = {
    State.QUEUED: gettext_lazy("Survey invitation queued"),
    State.CLAIMED: gettext_lazy("Survey invitation on its way"),
    State.SENDING: gettext_lazy("Survey invitation on its way"),
    State.SENT: gettext_lazy("Survey invitation sent"),
    State.FAILED: gettext_lazy("Survey invitation failed"),
    State.AMBIGUOUS: gettext_lazy("Survey invitation perhaps sent"),
    State.WITHHELD: gettext_lazy("Survey invitation withheld"),
    State.CANCELLED: gettext_lazy("Survey invitation taken back"),
    State.BOUNCED: gettext_lazy("Survey invitation came back"),
}
TONES = {State.SENT: "ok", State.FAILED: "stop", State.AMBIGUOUS: "stop", State.WITHHELD: "stop", State.BOUNCED: "stop"}


def register_sources() -> None:
    nothing = gettext_lazy("No e-mails so far.")
    register(Source("mail", gettext_lazy("E-mails"), 20, information_rows, information_entries, nothing))


def information_rows(contact: Viewed) -> list[QuerySet[Message]]:
    return [rows_of(contact, ~Q(kind__in=Message.PROMOTIONAL))]


def campaign_rows(contact: Viewed) -> list[QuerySet[Message]]:
    return [rows_of(contact, Q(kind__in=Message.PROMOTIONAL) & ~IS_SURVEY)]


def survey_rows(contact: Viewed) -> list[QuerySet[Message]]:
    return [rows_of(contact, IS_SURVEY)]


def rows_of(contact: Viewed, condition: Q) -> QuerySet[Message]:
    """An entry stands where the message was asked for, and tells how it goes on."""
    columns = {name: name for name in ["uid", "kind", "state", "reason", "created_at", "not_before", "sent_at"]}
    columns |= {"agreed_at": "consent_event__at", "agreed_in": "consent_event__source_ref"}
    row = JSONObject(**columns, subject="content__subject", holds="content__holds", by=name_of("created_by"))
    messages = Message.objects.filter(condition, contact=contact)
    return messages.annotate(entry_at=F("created_at"), entry_row=row)


def information_entries(rows: list[Row], user: Any) -> list[Entry]:
    now = clock.now()
    return [message_entry(row, "mail", now) for row in rows]


def campaign_entries(rows: list[Row], user: Any) -> list[Entry]:
    now = clock.now()
    return [message_entry(row, "campaigns", now) for row in rows]


def survey_entries(rows: list[Row], user: Any) -> list[Entry]:
    now = clock.now()
    return [message_entry(row, "surveys", now) for row in rows]


def message_entry(row: Row, kind: str, now: datetime) -> Entry:
    message = message_of(row)
    state = State(message.state)
    return Entry(
        at=row.at,
        kind=kind,
        icon="survey" if message.kind == Message.Kind.SURVEY else "mail",
        tone=TONES.get(state, ""),
        title=str((SURVEY_TITLES if message.kind == Message.Kind.SURVEY else TITLES)[state]),
        detail=row.of["subject"],
        text=" ".join([progress_of(message, now), *agreement_of(row)]),
        by=row.of["by"] or _("I2A"),
        url=reverse("outbox:message", args=[message.uid]),
        tags=(message.get_kind_display(),) if message.is_promotional else tuple(row.of["holds"]),
    )


def agreement_of(row: Row) -> list[str]:
    """Why they got it, in a sentence: what was asked for has none."""
    at = instant(row.of["agreed_at"])
    if at is None:
        return []
    said = {"day": say_short_day(at), "reference": row.of["agreed_in"]}
    if not row.of["agreed_in"]:
        return [_("Agreed on %(day)s.") % said]
    return [_("Agreed on %(day)s, %(reference)s.") % said]


def message_of(row: Row) -> Message:
    """As much of the message as its progress needs."""
    return Message(
        uid=row.of["uid"],
        kind=row.of["kind"],
        state=row.of["state"],
        reason=row.of["reason"],
        created_at=row.at,
        not_before=instant(row.of["not_before"]) or row.at,
        sent_at=instant(row.of["sent_at"]),
    )
