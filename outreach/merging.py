"""Registrations and lists of campaigns go with the person when two contacts become one."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.merging import Mover, register
from contacts.models import Contact
from outreach.models import Recipient, Registration


def register_movers() -> None:
    """Called once, when the apps are ready."""
    register(
        Mover(
            "registrations",
            _("Registrations for events"),
            45,
            rows=movable,
            find=lambda ids: Registration.objects.filter(pk__in=ids),
        )
    )
    register(
        Mover(
            "recipients",
            _("Campaigns that list them"),
            46,
            rows=listed,
            find=lambda ids: Recipient.objects.filter(pk__in=ids),
        )
    )


def movable(loser: Contact, winner: Contact) -> "QuerySet[Registration]":
    """All but for an event for which both are registered: the loser's stays."""
    present = Registration.objects.filter(contact=winner).values("event")
    return Registration.objects.filter(contact=loser).exclude(event__in=present)


def listed(loser: Contact, winner: Contact) -> "QuerySet[Recipient]":
    """All but on lists with both: the loser's stays, and gets nothing."""
    present = Recipient.objects.filter(contact=winner).values("campaign")
    return Recipient.objects.filter(contact=loser).exclude(campaign__in=present)
