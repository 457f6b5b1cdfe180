from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit.models import AccessEvent
from contacts import timeline
from contacts.models import Contact
from contacts.opening import asks_purpose, record_opening
from contacts.parts import category_of
from contacts.record_page import parts_of
from contacts.views.loading import permitted_contact
from i2a import clock, keyset
from i2a.permissions import requires

ENTRIES_ON_PAPER = 200


@require_GET
@requires("contacts.view_contact")
@asks_purpose
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who this is, what they agreed to, everything that happened. `?show=` picks a kind, `?before=` an older page."""
    contact = permitted_contact(request.user, "contacts.view_contact", uid)
    record_opening(request, contact)
    show, before = kind_asked_for(request), place_asked_for(request)
    page = timeline.page_of(contact, request.user, show=show, before=before)
    values = {
        "tabs": [(source.kind, source.label) for source in timeline.sources()],
        "earlier": link_to(show, page.earlier) if page.earlier else "",
        "newest": link_to(show) or "?" if before else "",
    }
    return render(request, "contacts/detail.html", values_of(request, contact, page, show) | values)


@require_GET
@requires("contacts.view_contact")
@asks_purpose
def print_view(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same on paper, with as much of the timeline as one wants to hold; `?show=` and `?before=` as above."""
    contact = permitted_contact(request.user, "contacts.view_contact", uid)
    record_opening(request, contact, kind=AccessEvent.Kind.PRINTED)
    show, before = kind_asked_for(request), place_asked_for(request)
    page = timeline.page_of(contact, request.user, show=show, before=before, limit=ENTRIES_ON_PAPER)
    values = {
        "kind": next((source.label for source in timeline.sources() if source.kind == show), ""),
        "is_cut": page.earlier is not None,
        "printed_at": clock.now(),
        "back": contact.get_absolute_url() + link_to(show, before),
    }
    return render(request, "contacts/print.html", values_of(request, contact, page, show) | values)


def values_of(request: HttpRequest, contact: Contact, page: timeline.Page, show: str) -> dict[str, Any]:
    return {
        "contact": contact,
        "category": category_of(contact),
        "parts": parts_of(request, contact),
        "page": page,
        "show": show,
        "nothing": nothing_words(show),
    }


def nothing_words(show: str) -> str:
    words = {source.kind: source.nothing for source in timeline.sources()}
    return str(words.get(show) or (_("Nothing of this kind so far.") if show else _("Nothing so far.")))


def kind_asked_for(request: HttpRequest) -> str:
    asked = request.GET.get("show", "")
    return asked if asked in {source.kind for source in timeline.sources()} else ""


def place_asked_for(request: HttpRequest) -> timeline.Place | None:
    match keyset.parts_of(request.GET.get("before", "")):
        case [at, query, pk]:
            values = keyset.instant_of(at), keyset.number_of(query), keyset.number_of(pk)
            return None if None in values else timeline.Place(*values)
    return None


def link_to(show: str, before: timeline.Place | None = None) -> str:
    """What picks this part of the timeline, "" for the newest of all kinds."""
    place = keyset.token_of(before.at.isoformat(), before.query, before.pk) if before else ""
    query = urlencode({name: value for name, value in {"show": show, "before": place}.items() if value})
    return f"?{query}" if query else ""
