"""Who acts for whom, as the pages show it; and how it goes with a merge."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import merging
from contacts.merging import Mover
from contacts.models import Contact, Representation
from contacts.record_page import Part, Place, register
from i2a import clock

SHOWN = 20
OTHER = ["uid", "ref", "name", "name_latin", "organisation"]
COLUMNS = [
    "uid", "authority", "authority_other", "scope", "starts_on", "until", "ended_at", "end_reason",
    *(f"{side}__{name}" for side in ["person", "representative"] for name in OTHER),
]  # fmt: skip


@dataclass(frozen=True)
class Link:
    """One representation, seen from one of the two: `other` is the other one."""

    row: Representation
    other: Contact
    is_open: bool
    has_begun: bool


@dataclass(frozen=True)
class Links:
    acts_for: list[Link]
    represented_by: list[Link]
    earlier: list[Link]

    def __bool__(self) -> bool:
        return bool(self.acts_for or self.represented_by or self.earlier)


def links_of(contact: Contact, user: Any) -> Links:
    """In one query; only those whose other side this user may see."""
    today = clock.today()
    rows = Representation.objects.visible_to(user).about(contact).select_related("person", "representative")
    rows = rows.only(*COLUMNS)
    links = [
        Link(
            row,
            row.person if row.representative_id == contact.pk else row.representative,
            row.is_open(today),
            row.starts_on <= today,
        )
        for row in rows.order_by(F("ended_at").asc(nulls_first=True), "-until", "pk")[:SHOWN]
    ]
    return Links(
        acts_for=[link for link in links if link.is_open and link.row.representative_id == contact.pk],
        represented_by=[link for link in links if link.is_open and link.row.person_id == contact.pk],
        earlier=[link for link in links if not link.is_open],
    )


def panel(request: HttpRequest, contact: Contact) -> dict[str, Any] | None:
    links = links_of(contact, request.user)
    return {"links": links} if links else None


def start(request: HttpRequest, contact: Any) -> dict[str, Any] | None:
    if not contact.is_changeable:
        return None
    url = reverse("contacts:representation_choose", args=[contact.uid])
    return {"url": url, "label": _("Acts for, represented by…"), "icon": "people"}


def register_parts() -> None:
    register(Part(Place.PANEL, 25, "contacts/panels/representation.html", panel))
    register(Part(Place.MORE, 45, "contacts/actions/menu_item.html", start), "representation")


def register_movers() -> None:
    for mine, other, position in [("person", "representative", 70), ("representative", "person", 71)]:
        merging.register(mover_of(mine, other, position))


def mover_of(mine: str, other: str, position: int) -> Mover:
    """What would make somebody act for themselves, or twice for one person at one time, stays where it was."""

    def rows(loser: Contact, winner: Contact) -> "QuerySet[Representation]":
        twice = Representation.objects.filter(
            **{mine: winner, other: OuterRef(other)},
            ended_at__isnull=True,
            starts_on__lte=OuterRef("until"),
            until__gte=OuterRef("starts_on"),
        )
        held = Representation.objects.filter(**{mine: loser}).exclude(**{other: winner})
        return held.exclude(Exists(twice), ended_at__isnull=True)

    def give(moving: "QuerySet[Representation]", contact: Contact) -> None:
        for row in moving:
            setattr(row, mine, contact)
            row.save(update_fields=[mine])

    return Mover(
        kind=f"representations as {mine}",
        label=gettext_lazy("Represented by") if mine == "person" else gettext_lazy("Acts for"),
        position=position,
        rows=rows,
        find=lambda ids: Representation.objects.filter(pk__in=ids),
        give=give,
        field=mine,
    )
