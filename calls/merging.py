"""Calls, and calls being typed, go with the person when two contacts become one."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from calls.models import Call, CallDraft
from contacts.merging import Mover, register
from contacts.models import Contact


def register_movers() -> None:
    """Called once, when the apps are ready."""
    register(
        Mover(
            "calls",
            _("Calls"),
            10,
            rows=lambda loser, winner: Call.objects.filter(contact=loser),
            find=lambda ids: Call.objects.filter(pk__in=ids),
            give=give_calls,
        )
    )
    register(
        Mover(
            "drafts",
            _("Calls being typed"),
            50,
            rows=lambda loser, winner: CallDraft.objects.open().filter(contact=loser),
            find=lambda ids: CallDraft.objects.open().filter(pk__in=ids),
            give=give_drafts,
        )
    )


def give_calls(calls: "QuerySet[Call]", contact: Contact) -> None:
    """From now on the last save cannot be undone: what it would put back belongs to another record."""
    moving = list(calls)
    CallDraft.objects.filter(call__in=moving).delete()
    for call in moving:
        call.contact = contact
        call.save(update_fields=["contact"])


def give_drafts(drafts: "QuerySet[Any]", contact: Contact) -> None:
    """Version 0 is nobody's: what was typed over the other record is shown beside this one before it is saved."""
    for draft in drafts:
        draft.contact, draft.contact_version = contact, 0
        draft.save(update_fields=["contact", "contact_version"])
