"""A survey that one wrote, asked for or approved says why a person on its list is opened (N11)."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.opening import Work, register
from i2a import clock
from surveys.models import Survey

READS_REPORT_FOR = timedelta(days=7)


def register_works() -> None:
    register(Work("survey", 56, _("A survey of theirs"), invites))


def invites(request: HttpRequest, contact: Contact) -> bool:
    """From the list on until a week after its end."""
    user: Any = request.user
    mine = Q(created_by=user) | Q(changed_by=user) | Q(asked_by=user) | Q(approved_by=user)
    going_on = Q(ended_at=None) | Q(ended_at__gt=clock.now() - READS_REPORT_FOR)
    return Survey.objects.filter(mine, going_on, invitations__contact=contact, invitations__by_phone=False).exists()
