"""Surveys on a contact's timeline: their invitations and the reminder, and why they got none. Never an answer."""

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.timeline import Entry, Row, Source, Viewed, register
from i2a.permissions import may
from outbox import timeline as outbox
from surveys.inviting.audience import say_reason
from surveys.models import Invitation

KIND = "surveys"


def register_sources() -> None:
    """Called once, when the apps are ready."""
    nothing = gettext_lazy("No survey invitations so far.")
    register(Source(KIND, gettext_lazy("Surveys"), 26, rows_of, entries, nothing))


def rows_of(contact: Viewed) -> list[QuerySet[Any]]:
    return [*outbox.survey_rows(contact), left_out(contact)]


def left_out(contact: Viewed) -> QuerySet[Invitation]:
    about = JSONObject(left_out="reason", survey="survey__title", uid="survey__uid", ref="survey__ref")
    rows = Invitation.objects.filter(contact=contact, survey__released_at__isnull=False).exclude(reason="")
    return rows.annotate(entry_at=F("survey__released_at"), entry_row=about)


def entries(rows: list[Row], user: Any) -> list[Entry]:
    mails = iter(outbox.survey_entries([row for row in rows if "left_out" not in row.of], user))
    opens = may(user, "surveys.view_survey")
    return [entry(row, opens) if "left_out" in row.of else next(mails) for row in rows]


def entry(row: Row, opens: bool) -> Entry:
    return Entry(
        at=row.at,
        kind=KIND,
        icon="survey",
        title=_("Not invited to a survey"),
        detail=row.of["survey"],
        text=say_reason(row.of["left_out"]),
        by=_("I2A"),
        url=reverse("surveys:invitations", args=[row.of["uid"]]) if opens else "",
        tags=(row.of["ref"],),
    )
