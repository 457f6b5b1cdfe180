"""Campaigns on a contact's timeline: the mails they got and why, and what they were left out of (R-CAL-09)."""

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.timeline import Entry, Row, Viewed
from i2a.permissions import may
from outbox import timeline as outbox
from outreach.campaigns.audience import say_reason
from outreach.models import Recipient

KIND = "campaigns"


def rows_of(contact: Viewed) -> list[QuerySet[Any]]:
    return [*outbox.campaign_rows(contact), left_out(contact)]


def left_out(contact: Viewed) -> QuerySet[Recipient]:
    about = JSONObject(left_out="reason", campaign="campaign__title", uid="campaign__uid", ref="campaign__ref")
    rows = Recipient.objects.filter(contact=contact, campaign__released_at__isnull=False).exclude(reason="")
    return rows.annotate(entry_at=F("campaign__released_at"), entry_row=about)


def entries(rows: list[Row], user: Any) -> list[Entry]:
    mails = iter(outbox.campaign_entries([row for row in rows if "left_out" not in row.of], user))
    opens = may(user, "outreach.view_campaign")
    return [entry(row, opens) if "left_out" in row.of else next(mails) for row in rows]


def entry(row: Row, opens: bool) -> Entry:
    return Entry(
        at=row.at,
        kind=KIND,
        icon="mail",
        title=_("Left out of a campaign"),
        detail=row.of["campaign"],
        text=say_reason(row.of["left_out"]),
        by=_("I2A"),
        url=reverse("campaigns:campaign", args=[row.of["uid"]]) if opens else "",
        tags=(row.of["ref"],),
    )
