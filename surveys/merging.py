"""Invitations go with the person when two contacts become one; answers have nobody to go with."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.merging import Mover, register
from contacts.models import Contact
from surveys.models import Invitation


def register_movers() -> None:
    """Called once, when the apps are ready."""
    register(
        Mover(
            "survey invitations",
            _("Surveys they were invited to"),
            47,
            rows=movable,
            find=lambda ids: Invitation.objects.filter(pk__in=ids),
        )
    )


def movable(loser: Contact, winner: Contact) -> "QuerySet[Invitation]":
    """All but to surveys that invited both: the loser's stays, and gets nothing more."""
    present = Invitation.objects.filter(contact=winner).values("survey")
    return Invitation.objects.filter(contact=loser).exclude(survey__in=present)
