"""Follow-ups go with the person when two contacts become one."""

from django.utils.translation import gettext_lazy as _

from contacts.merging import Mover, register
from followups.models import FollowUp


def register_movers() -> None:
    """Called once, when the apps are ready."""
    register(
        Mover(
            "follow_ups",
            _("Follow-ups"),
            30,
            rows=lambda loser, winner: FollowUp.objects.filter(contact=loser),
            find=lambda ids: FollowUp.objects.filter(pk__in=ids),
        )
    )
