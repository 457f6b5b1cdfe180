from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit.models import AccessEvent
from audit.services import record_access
from contacts import timeline
from contacts.parts import category_of
from contacts.record_page import parts_of
from contacts.views.loading import permitted_contact
from i2a.permissions import requires


@require_GET
@requires("contacts.view_contact")
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who this is, what they agreed to, everything that happened. `?show=` picks a kind, `?before=` an older page."""
    contact = permitted_contact(request.user, "contacts.view_contact", uid)
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="contacts.contact", object_uid=contact.uid)
    show, before = kind_asked_for(request), instant_asked_for(request)
    page = timeline.page_of(contact, request.user, show=show, before=before)
    return render(
        request,
        "contacts/detail.html",
        {
            "contact": contact,
            "category": category_of(contact),
            "parts": parts_of(request, contact),
            "page": page,
            "tabs": [(source.kind, source.label) for source in timeline.sources()],
            "show": show,
            "nothing": nothing_words(show),
            "earlier": link_to(show, page.earlier) if page.earlier else "",
            "newest": link_to(show) if before else "",
        },
    )


def nothing_words(show: str) -> str:
    words = {source.kind: source.nothing for source in timeline.sources()}
    return str(words.get(show) or (_("Nothing of this kind so far.") if show else _("Nothing so far.")))


def kind_asked_for(request: HttpRequest) -> str:
    asked = request.GET.get("show", "")
    return asked if asked in {source.kind for source in timeline.sources()} else ""


def instant_asked_for(request: HttpRequest) -> datetime | None:
    try:
        asked = datetime.fromisoformat(request.GET.get("before", ""))
    except ValueError:
        return None
    return asked if asked.tzinfo else None


def link_to(show: str, before: datetime | None = None) -> str:
    asked = {"show": show, "before": before.isoformat() if before else ""}
    return "?" + urlencode({name: value for name, value in asked.items() if value})
