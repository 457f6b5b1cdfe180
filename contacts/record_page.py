"""The contact's page is made of parts: every subject adds its own and touches nobody else's.

`register(Part(...))` in an `AppConfig.ready()`. The page belongs to contacts; parts of higher apps come from them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest

from contacts.models import Contact


class Place(StrEnum):
    ALERT = "alerts"  # a note over the whole width, before everything else
    ACTION = "actions"  # a button beside the name; keep them few
    MORE = "more"  # an <li> of the menu beside the buttons
    UPGRADE = "upgrade"  # on the edit page: how a contact for materials only becomes a full one
    PANEL = "panels"  # a section in the column beside the timeline


@dataclass(frozen=True)
class Part:
    """`values` answers what the template sees as `part` (and the page's `contact`), or None: not on this page.

    For a link there is contacts/actions/button.html or menu_item.html, with `url`, `label` and `icon`.
    """

    place: Place
    position: int
    template: str
    values: Callable[[HttpRequest, Contact], dict[str, Any] | None]


_parts: dict[str, Part] = {}


def register(part: Part, name: str = "") -> None:
    """Add a part, or replace the one of that name. The template is name enough unless two parts share it."""
    _parts[name or part.template] = part


def parts_of(request: HttpRequest, contact: Contact) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """By place: the template and the values of each part that this person sees of this contact."""
    return {place.value: parts_at(place, request, contact) for place in Place}


def parts_at(place: Place, request: HttpRequest, contact: Contact) -> list[tuple[str, dict[str, Any]]]:
    here = sorted((part for part in _parts.values() if part.place == place), key=lambda part: part.position)
    asked = ((part.template, part.values(request, contact)) for part in here)
    return [(template, values) for template, values in asked if values is not None]
