"""What calls put on the contact's page."""

from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from calls.models import DocumentVersion, SentDocument
from contacts.models import Contact
from contacts.record_page import Part, Place, register
from i2a import clock
from i2a.permissions import may
from outbox.progress import TONES

SENDS_SHOWN = 5


def register_parts() -> None:
    register(Part(Place.ALERT, 5, "library/_undo.html", just_sent))
    register(Part(Place.ACTION, 15, "contacts/actions/button.html", send_information), "send information")
    register(Part(Place.PANEL, 25, "library/_sent_panel.html", sent_information))
    register(Part(Place.ACTION, 10, "calls/_start_with_contact.html", start))
    register(Part(Place.UPGRADE, 10, "calls/_start_with_contact.html", start), "start to upgrade")


def start(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    return {} if contact.merged_into_id is None and may(request.user, "calls.add_call") else None


def just_sent(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    """The mail that was sent from this page, while it can be taken back."""
    sent = request.session.get("undoable_sending")
    if not sent or sent["contact"] != str(contact.uid):
        return None
    leaves_at = datetime.fromisoformat(sent["until"])
    if leaves_at <= clock.now():
        return None
    return {"undo_url": reverse("library:undo", args=[sent["message"]]), "leaves_at": leaves_at}


def send_information(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    if contact.merged_into_id is not None or not may(request.user, "outbox.send_information"):
        return None
    return {"url": reverse("library:choose", args=[contact.uid]), "label": _("Send information"), "icon": "mail"}


def sent_information(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    """The last mails with documents, and a way to send the same documents again, as they are now."""
    rows = SentDocument.objects.filter(message__contact=contact).select_related("message", "version__document")
    newest = DocumentVersion.objects.newest().filter(document=OuterRef("version__document"), document__is_active=True)
    rows = rows.annotate(newest_pk=Subquery(newest.values("pk")[:1])).order_by("-message__created_at", "-message", "pk")
    sent = [list(of_one) for _key, of_one in groupby(rows[: SENDS_SHOWN * 10], key=lambda row: row.message_id)]
    if not sent:
        return None
    can_send = may(request.user, "outbox.send_information") and contact.merged_into_id is None
    return {"sent": [mail_of(contact, of_one, can_send) for of_one in sent[:SENDS_SHOWN]]}


def mail_of(contact: Contact, rows: list[Any], can_send: bool) -> dict[str, Any]:
    message = rows[0].message
    again = urlencode([("documents", row.newest_pk) for row in rows if row.newest_pk])
    return {
        "message": message,
        "tone": TONES.get(message.state, ""),
        "versions": [row.version for row in rows],
        "again_url": f"{reverse('library:choose', args=[contact.uid])}?{again}" if again and can_send else "",
    }
