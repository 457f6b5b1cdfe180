"""An answer that one owes says why the record is opened (N11)."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.opening import Work, register
from followups.models import FollowUp


def register_works() -> None:
    register(Work("follow_up", 20, _("A follow-up they owe"), owes_them))


def owes_them(request: HttpRequest, contact: Contact) -> bool:
    user: Any = request.user
    return FollowUp.objects.open().assigned_to(user).filter(contact=contact).exists()
