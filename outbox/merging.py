"""Mails go with the person when two contacts become one. One that waits is checked again before it leaves."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.merging import Mover, register
from contacts.models import Contact
from outbox.models import Message


def register_movers() -> None:
    """Called once, when the apps are ready."""
    register(Mover("messages", _("E-mails"), 40, rows=movable, find=lambda ids: Message.objects.filter(pk__in=ids)))


def movable(loser: Contact, winner: Contact) -> "QuerySet[Message]":
    """All but what both got for the same purpose: the loser's stays, and one still waiting is withheld there."""
    present = Message.objects.filter(contact=winner).values("purpose_key")
    return Message.objects.filter(contact=loser).exclude(purpose_key__in=present)
