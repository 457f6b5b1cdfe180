"""What contacts itself puts on the contact's page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.readers import readers_of
from contacts.choices import ContactStatus
from contacts.countries import country_name
from contacts.gate import is_unconfirmed
from contacts.languages import language_name
from contacts.ledger import card_of
from contacts.models import Contact
from contacts.organisations import colleagues_of
from contacts.record_page import Part, Place, register
from contacts.services.ledger_rows import LIVE
from contacts.who_sees import who_sees


def register_parts() -> None:
    register(Part(Place.ALERT, 10, "contacts/alerts/do_not_contact.html", do_not_contact))
    register(Part(Place.ACTION, 20, "contacts/actions/notes.html", notes))
    register(Part(Place.MORE, 10, "contacts/actions/menu_item.html", edit), "edit")
    register(Part(Place.MORE, 20, "contacts/actions/menu_item.html", print_view), "print")
    register(Part(Place.PANEL, 10, "contacts/panels/consent.html", consent))
    register(Part(Place.PANEL, 20, "contacts/panels/details.html", details))
    register(Part(Place.PANEL, 27, "contacts/panels/colleagues.html", colleagues))
    register(Part(Place.PANEL, 90, "contacts/panels/access.html", who_sees))
    register(Part(Place.PANEL, 95, "contacts/panels/readers.html", readers))


def do_not_contact(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    return {} if contact.do_not_contact else None


def notes(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    return {"refreshes": "[aria-labelledby=timeline-h]"}


def edit(request: HttpRequest, contact: Any) -> dict[str, Any] | None:
    if not contact.is_changeable:
        return None
    return {"url": reverse("contacts:edit", args=[contact.uid]), "label": _("Edit details"), "icon": "pen"}


def print_view(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    """What is on the screen is what is printed: the same kind, the same page of the timeline."""
    asked = urlencode({name: request.GET[name] for name in ["show", "before"] if name in request.GET})
    url = reverse("contacts:print_record", args=[contact.uid])
    return {"url": f"{url}?{asked}" if asked else url, "label": _("Print"), "icon": "print"}


def consent(request: HttpRequest, contact: Any) -> dict[str, Any]:
    """With the ways to end, confirm or look into it, for whoever may."""
    links = [("contacts:consent", _("Every answer"))] if contact.ledger else []
    if contact.is_changeable and contact.status == ContactStatus.ACTIVE:
        statuses = {event.status for event in contact.answers.values()}
        if is_unconfirmed(contact, contact.answers) and contact.email and not contact.do_not_contact:
            links.append(("contacts:confirm_address", _("Confirm for the new address…")))
        if statuses & LIVE:
            links.append(("contacts:withdraw", _("Withdraw…")))
        if not contact.do_not_contact:
            links.append(("contacts:do_not_contact", _("Do not contact…")))
    return {
        "card": card_of(contact, contact.ledger, contact.answers),
        "links": [(reverse(name, args=[contact.uid]), label) for name, label in links],
    }


def details(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    return {"facts": facts_of(contact)}


def colleagues(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    """Others of the same organisation whom this user may see."""
    if not contact.organisation:
        return None
    found = colleagues_of(contact.organisation, request.user, but=contact)
    return {"people": found.people, "more": found.more} if found else None


def facts_of(contact: Contact) -> dict[str, str]:
    """Codes in words. The address as one line."""
    parts = [contact.street, contact.unit, contact.city, f"{contact.region} {contact.postal_code}".strip()]
    return {
        "citizenship": country_name(contact.citizenship),
        "origin": country_name(contact.origin_country),
        "language": language_name(contact.language),
        "address": ", ".join(part for part in [*parts, country_name(contact.residence_country)] if part),
        "category": category_of(contact),
        "organisation_type": contact.organisation_other or contact.get_organisation_type_display(),
    }


def category_of(contact: Contact) -> str:
    return str(contact.category_other or contact.get_category_display())


def readers(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    found = readers_of(contact, request.user)
    return {"readers": found} if found else None
