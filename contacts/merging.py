"""What moves when two contacts become one. Contacts moves what it holds; higher apps add theirs with `register(...)` in
their `AppConfig.ready()`, as for the timeline.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, FormerKey, Note, RecordRequest


def save_each(rows: "QuerySet[Any]", contact: Contact) -> None:
    """One by one, so that the history of each row tells of its move."""
    for row in rows:
        row.contact = contact
        row.save(update_fields=["contact"])


@dataclass(frozen=True)
class Mover:
    """One kind of row that belongs to a contact.

    `rows(loser, winner)` are those of `loser` that can go to `winner`; `find(ids)` finds them again for the way back.
    `give` writes them to their new contact, which stands in `field`.
    """

    kind: str
    label: str | Promise
    position: int
    rows: Callable[[Contact, Contact], "QuerySet[Any]"]
    find: Callable[[list[int]], "QuerySet[Any]"]
    give: Callable[["QuerySet[Any]", Contact], None] = save_each
    field: str = "contact"

    def move(self, loser: Contact, winner: Contact) -> list[int]:
        rows = self.rows(loser, winner)
        ids = sorted(rows.values_list("pk", flat=True))
        self.give(rows, winner)
        return ids

    def move_back(self, ids: list[int], winner: Contact, loser: Contact) -> None:
        """Only what still belongs to the winner: what somebody moved on since stays where it is."""
        self.give(self.find(ids).filter(**{self.field: winner}), loser)


_movers: dict[str, Mover] = {}


def register(mover: Mover) -> None:
    """Add or replace what moves one kind of row."""
    _movers[mover.kind] = mover


def movers() -> list[Mover]:
    return sorted(_movers.values(), key=lambda mover: (mover.position, mover.kind))


def counts(loser: Contact, winner: Contact) -> list[tuple[str | Promise, int]]:
    """What a merge would move, for the preview."""
    return [(mover.label, count) for mover in movers() if (count := mover.rows(loser, winner).count())]


def survivor_of(contact: Contact) -> Contact:
    """Whom a merged contact has become part of, however often; the contact itself when it was not merged."""
    while contact.merged_into is not None:
        contact = contact.merged_into
    return contact


def surviving(uid: UUID | None) -> UUID | None:
    """The uid to go on with when somebody asks for a contact that may have been merged."""
    contact = Contact.objects.filter(uid=uid, merged_into__isnull=False).first() if uid else None
    return survivor_of(contact).uid if contact else uid


def register_movers() -> None:
    """What contacts itself moves. Exceptions of access are another matter: `services.merged_grants`."""
    register(
        Mover(
            "notes",
            _("Notes"),
            20,
            rows=lambda loser, winner: Note.objects.filter(contact=loser),
            find=lambda ids: Note.objects.filter(pk__in=ids),
        )
    )
    register(
        Mover(
            "requests",
            _("Requests for access"),
            60,
            rows=open_requests,
            find=lambda ids: RecordRequest.objects.open().filter(pk__in=ids),
        )
    )

    register(
        Mover(
            "former keys",
            _("Former numbers and addresses"),
            70,
            rows=lambda loser, winner: FormerKey.objects.filter(contact=loser),
            find=lambda ids: FormerKey.objects.filter(pk__in=ids),
        )
    )


def open_requests(loser: Contact, winner: Contact) -> "QuerySet[RecordRequest]":
    """All but those of people who ask about the winner already."""
    asking = RecordRequest.objects.open().filter(contact=winner).values("asked_by")
    return RecordRequest.objects.open().filter(contact=loser).exclude(asked_by__in=asking)
