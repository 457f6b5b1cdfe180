"""Merges on the contact's page and on its timeline."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.merging import survivor_of
from contacts.models import Contact, MergeRecord
from contacts.record_page import Part, Place, register
from contacts.timeline import Entry, Row, Viewed, name_of
from i2a.permissions import may

PERMISSION = "contacts.merge_contact"


def register_parts() -> None:
    register(Part(Place.ALERT, 5, "contacts/alerts/merged.html", merged))
    register(Part(Place.MORE, 50, "contacts/actions/menu_item.html", start), "merge")


def start(request: HttpRequest, contact: Any) -> dict[str, Any] | None:
    if not (contact.is_changeable and may(request.user, PERMISSION)):
        return None
    return {"url": reverse("contacts:merge_choose", args=[contact.uid]), "label": _("Merge…"), "icon": "people"}


def merged(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    """Where a merged record went. Whoever may not see that record learns its reference only."""
    if contact.merged_into_id is None:
        return None
    record = MergeRecord.objects.standing().select_related("by").filter(loser=contact).order_by("-pk").first()
    survivor = survivor_of(contact)
    is_visible = Contact.objects.visible_to(request.user).filter(pk=survivor.pk).exists()
    may_undo = record is not None and is_visible and may(request.user, PERMISSION)
    return {
        "survivor": survivor,
        "is_visible": is_visible,
        "record": record,
        "undo_url": reverse("contacts:merge_undo", args=[record.uid]) if record and may_undo else "",
    }


def merge_rows(contact: Viewed) -> list[QuerySet[Any]]:
    row = JSONObject(
        merge="uid",
        winner="winner_id",
        loser_ref="loser__ref",
        winner_ref="winner__ref",
        undo_of="undo_of_id",
        undone="undone_by__id",
        by=name_of("by"),
        contact=contact,
    )
    records = MergeRecord.objects.filter(Q(winner=contact) | Q(loser=contact))
    return [records.annotate(entry_at=F("at"), entry_row=row)]


def merge_entry(row: Row, user: Any) -> Entry:
    is_winner = row.of["winner"] == row.of["contact"]
    other = row.of["loser_ref"] if is_winner else row.of["winner_ref"]
    if row.of["undo_of"]:
        title = _("Merge with %(ref)s undone")
    else:
        title = _("Merged with %(ref)s") if is_winner else _("Merged into %(ref)s")
    may_undo = is_winner and not row.of["undo_of"] and not row.of["undone"] and may(user, PERMISSION)
    return Entry(
        at=row.at,
        kind="changes",
        icon="people",
        title=title % {"ref": other},
        by=row.of["by"],
        url=reverse("contacts:merge_undo", args=[row.of["merge"]]) if may_undo else "",
    )
