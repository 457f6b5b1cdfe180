"""One contact for a view. Unlike elsewhere, an existing record out of reach answers 403: the specialist must learn that
the caller is known to somebody, and that the attempt was recorded (R-CON-11). The page says nothing else.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.urls import reverse

from contacts.gate import with_stops
from contacts.ledger import in_force, ledger_of
from contacts.models import Contact
from i2a.permissions import OutOfReach, RecordRefused, get_permitted


def permitted_contact(user: Any, permission: str, uid: UUID) -> Contact:
    """With `ledger`, the `answers` in force, the people behind it, and `is_changeable`.

    :raises Http404: there is no such contact.
    :raises RecordRefused: there is, but not for this user.
    :raises PermissionDenied: they may see it, but not do this.
    """
    changeable = Contact.objects.changeable_by(user).filter(pk=OuterRef("pk"))
    contacts = Contact.objects.select_related("team", "created_by", "do_not_contact_by", "notice_version")
    contacts = with_stops(contacts.annotate(is_changeable=Exists(changeable)))
    try:
        contact: Contact = get_permitted(contacts, user, permission, uid=uid)
    except OutOfReach:
        raise RecordRefused(reverse("contacts:request_access", args=[uid])) from None
    contact.ledger = ledger_of(contact)  # type: ignore[attr-defined]
    contact.answers = in_force(contact.ledger)  # type: ignore[attr-defined]
    return contact


def governed_contact(user: Any, permission: str, uid: UUID) -> Any:
    """A record about whose access the user decides, with `is_visible`: whether they may see it, too.

    :raises Http404: there is no such contact.
    :raises PermissionDenied: others decide about it.
    """
    visible = Contact.objects.visible_to(user).filter(pk=OuterRef("pk"))
    contacts = Contact.objects.select_related("team").annotate(is_visible=Exists(visible))
    contact = contacts.governed_by(user, permission).filter(uid=uid).first()
    if contact is None:
        get_object_or_404(Contact, uid=uid)
        raise PermissionDenied
    return contact
