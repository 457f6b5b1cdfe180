"""One contact for a view. Unlike elsewhere, an existing record out of reach answers 403: the specialist must learn that
the caller is known to somebody, and that the attempt was recorded (R-CON-11). The page says nothing else.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404

from contacts.ledger import ledger_of
from contacts.models import Contact
from i2a.permissions import get_permitted


def permitted_contact(user: Any, permission: str, uid: UUID) -> Contact:
    """With `ledger` (as `contacts.ledger.ledger_of`), the people behind it, and `is_changeable`.

    :raises Http404: there is no such contact.
    :raises PermissionDenied: there is, but not for this user, or not for this.
    """
    changeable = Contact.objects.changeable_by(user).filter(pk=OuterRef("pk"))
    contacts = Contact.objects.select_related("team", "created_by", "do_not_contact_by", "notice_version")
    try:
        contact: Contact = get_permitted(contacts.annotate(is_changeable=Exists(changeable)), user, permission, uid=uid)
    except Http404:
        if Contact.objects.filter(uid=uid).exists():
            raise PermissionDenied from None
        raise
    contact.ledger = ledger_of(contact)  # type: ignore[attr-defined]
    return contact
