"""An account ends: at once, for every session, and only when nothing of theirs would be forgotten."""

from datetime import datetime

from django.db import transaction

from access import leaving, register
from access.models import AccessRequest, RegisterEvent, User
from access.services.grants import OwnerNeeded, close, end_sessions, is_owner


class Oneself(Exception):
    """Nobody deactivates their own account."""


@transaction.atomic
def deactivate(*, user: User, reason: str, by: User, now: datetime) -> None:
    """End every role and the account. It opens again by a new request only. Deactivated already: nothing happens.

    :raises StillNeeded: :raises OwnerNeeded: :raises Oneself: see there.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        return
    if user == by:
        raise Oneself
    if is_owner(user, now):
        raise OwnerNeeded
    leaving.deactivate_user(user=user)
    for grant in user.grants.open().select_for_update(of=("self",)):
        close(grant, reason=reason, by=by, now=now)
    for request in AccessRequest.objects.open().filter(user=user).select_for_update():
        request.status = AccessRequest.Status.WITHDRAWN
        request.save(update_fields=["status"])
    register.append(RegisterEvent.Kind.DEACTIVATED, user, now)
    end_sessions(user)
