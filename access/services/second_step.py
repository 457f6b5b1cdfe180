"""Taking off a second step that somebody has lost: never by one person alone (docs/operations.md)."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from access import account_events
from access.models import User
from access.services.grants import end_sessions, is_owner
from access.services.people import Oneself
from access.services.requests import NotOwner
from audit.models import AccessEvent
from audit.services import record_access


class NotAdministrator(Exception):
    """Whoever carries it out has no right to execute access."""


@transaction.atomic
def reset_second_step(*, user: User, authorised_by: User, by: User, now: datetime) -> int:
    """Remove apps, passkeys and recovery codes, end every session, and mail the person and the owner. Returns how many.

    :raises NotOwner: :raises NotAdministrator: see there.
    :raises Oneself: the three are not three people.
    """
    if not is_owner(authorised_by, now):
        raise NotOwner
    if not by.has_perm("access.execute_access"):
        raise NotAdministrator
    if len({user, authorised_by, by}) < 3:
        raise Oneself
    steps = list(Authenticator.objects.select_for_update().filter(user=user))
    for step in steps:
        step.delete()
    end_sessions(user)
    detail = {"what": "all", "authorised_by": str(authorised_by.uid), "by": str(by.uid)}
    record_access(
        kind=AccessEvent.Kind.SECOND_STEP_REMOVED, object_type="access.user", object_uid=user.uid, detail=detail
    )
    for person in (user, authorised_by):
        account_events.mail_to(person, "second_step_reset", now)
    return len(steps)
