"""The rail: what each role may open, in one list. Names of URLs only, so that this layer knows no app."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    label: Promise
    url_name: str
    icon: str
    permission: str


ENTRIES = [
    Entry(_("Call desk"), "calls:desk", "call", "calls.add_call"),
    Entry(_("Contacts"), "contacts:lookup", "people", "contacts.view_contact"),
    Entry(_("Follow-ups"), "followups:list", "clock", "followups.view_followup"),
    Entry(_("Calls"), "calls:list", "history", "calls.view_call"),
    Entry(_("Library"), "library:list", "file", "calls.view_document"),
    Entry(_("Events"), "outreach:list", "calendar", "outreach.view_event"),
    Entry(_("Campaigns"), "campaigns:list", "voice", "outreach.view_campaign"),
    Entry(_("Surveys"), "surveys:list", "survey", "surveys.view_survey"),
    Entry(_("Mail"), "outbox:backlog", "mail", "outbox.view_backlog"),
    Entry(_("Access requests"), "contacts:requests", "lock", "contacts.view_contact"),
    Entry(_("Access"), "access:register", "key", "access.view_register"),
    Entry(_("Audit"), "audit:start", "eye", "audit.view_access_changes"),
    Entry(_("Data kept"), "data_dictionary", "lock", "contacts.view_data_dictionary"),
]


PARTS_OF_OTHERS = {"calls:list", "calls:desk", "contacts:requests"}  # current on their own page only


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    icon: str
    is_current: bool
    key: str


def navigation_for(request: HttpRequest) -> list[Item]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    match = request.resolver_match
    namespace = match.namespace if match else ""
    current = match.view_name if match else ""
    is_entry = current in {entry.url_name for entry in ENTRIES}
    items = []
    for entry in ENTRIES:
        if user.has_perm(entry.permission):
            is_home = namespace == entry.url_name.split(":")[0] and entry.url_name not in PARTS_OF_OTHERS
            is_current = current == entry.url_name if is_entry else is_home
            items.append(Item(str(entry.label), reverse(entry.url_name), entry.icon, is_current, entry.url_name))
    return items
