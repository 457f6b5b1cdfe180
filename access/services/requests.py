"""Request, authorise, execute: three steps of different people, and nothing takes effect before the last (R-ACC-02)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from access import register
from access.models import AccessGrant, AccessRequest, RegisterEvent, Team, User
from access.models.grants import HELD_ALREADY, NOT_AUTHORISED, NOT_ONESELF, THREE_PEOPLE
from access.roles import OF_POWER
from access.services.grants import end_sessions, is_owner, start_grant
from access.trained import is_valid
from audit.models import AccessEvent
from audit.services import record_access
from i2a.clock import EDMONTON

Status = AccessRequest.Status
NOT_TRAINED = "Privacy training is missing or older than three years."


class Refused(Exception):
    """A rule says no; `message` is what the person reads."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = message


class NotOwner(Exception):
    """Only the system owner authorises."""


class DecidedAlready(Exception):
    """Somebody else decided or executed it before."""


@transaction.atomic
def add_person(
    *, username: str, first_name: str, last_name: str, email: str, now: datetime, team: Team | None = None,
    is_active: bool = False,
) -> User:  # fmt: skip
    """Enter somebody in the register. They can do nothing: no role, no password, and the account sleeps until a first
    request is executed."""
    user = User(
        username=username, first_name=first_name, last_name=last_name, email=email, team=team, is_active=is_active,
        date_joined=now,
    )  # fmt: skip
    user.set_unusable_password()
    user.save()
    register.enter(user, now)
    return user


@transaction.atomic
def ask(
    *, user: User, role: str, team: Team | None, reason: str, starts_at: datetime, ends_at: datetime | None,
    form_uuid: UUID, by: User, now: datetime,
) -> AccessRequest:  # fmt: skip
    """Put a request before the owner. The same form sent twice makes one.

    :raises Refused: they hold this role in that period.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two clicks, one request
    before = AccessRequest.objects.filter(requested_by=by, form_uuid=form_uuid).first()
    if before is not None:
        return before
    if AccessGrant.objects.overlapping(user, role, starts_at, ends_at).exists():
        raise Refused(HELD_ALREADY)
    return AccessRequest.objects.create(
        user=user, role=role, team=team, reason=reason, starts_at=starts_at, ends_at=ends_at, form_uuid=form_uuid,
        requested_by=by, requested_at=now,
    )  # fmt: skip


@transaction.atomic
def authorise(*, request: AccessRequest, by: User, now: datetime) -> AccessRequest:
    """:raises NotOwner: :raises DecidedAlready: :raises Refused: it is their own access, or they asked for a role that
    takes three people."""
    request = locked(request, Status.REQUESTED)
    if request.user == by:
        raise Refused(NOT_ONESELF)
    if not is_owner(by, now):
        raise NotOwner
    if request.role in OF_POWER and request.requested_by == by:
        raise Refused(THREE_PEOPLE)
    return decide(request, Status.AUTHORISED, by=by, now=now)


@transaction.atomic
def refuse(*, request: AccessRequest, reason: str, by: User, now: datetime) -> AccessRequest:
    """:raises NotOwner: :raises DecidedAlready: see there."""
    request = locked(request, Status.REQUESTED)
    if not is_owner(by, now):
        raise NotOwner
    request.refusal = reason
    return decide(request, Status.REFUSED, by=by, now=now)


def decide(request: AccessRequest, status: AccessRequest.Status, *, by: User, now: datetime) -> AccessRequest:
    request.status, request.authorised_by, request.authorised_at = status, by, now
    request.save(update_fields=["status", "authorised_by", "authorised_at", "refusal"])
    record(request)
    return request


@transaction.atomic
def execute(*, request: AccessRequest, by: User, now: datetime) -> AccessGrant:
    """Let it take effect: the role, the team, the account.

    :raises DecidedAlready: executed, refused or withdrawn before.
    :raises Refused: not authorised, their own access, not three people, no valid training, or they hold the role.
    """
    request = locked(request, Status.REQUESTED, Status.AUTHORISED)
    if request.status == Status.REQUESTED:
        raise Refused(NOT_AUTHORISED)
    user = User.objects.select_for_update().get(pk=request.user_id)
    if request.role in OF_POWER and request.requested_by == by:
        raise Refused(THREE_PEOPLE)
    if not is_valid(user, now.astimezone(EDMONTON).date()):
        raise Refused(NOT_TRAINED)
    if AccessGrant.objects.overlapping(user, request.role, request.starts_at, request.ends_at).exists():
        raise Refused(HELD_ALREADY)
    request.status, request.executed_by, request.executed_at = Status.EXECUTED, by, now
    request.save(update_fields=["status", "executed_by", "executed_at"])
    let_in(user, request.team, now)
    starts_at = max(request.starts_at, now)  # nothing is granted for the past
    return start_grant(
        user=user, role=request.role, starts_at=starts_at, ends_at=request.ends_at, now=now, request=request
    )


def let_in(user: User, team: Team | None, now: datetime) -> None:
    if team is not None and team.pk != user.team_id:
        user.team = team
        user.save(update_fields=["team"])
        register.enter_team(user, team, now)
        end_sessions(user)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        register.append(RegisterEvent.Kind.ACTIVATED, user, now)


@transaction.atomic
def withdraw(*, request: AccessRequest, by: User, now: datetime) -> AccessRequest:
    """:raises DecidedAlready: it is executed or refused."""
    request = locked(request, Status.REQUESTED, Status.AUTHORISED)
    request.status = Status.WITHDRAWN
    request.save(update_fields=["status"])
    record(request)
    return request


def locked(request: AccessRequest, *statuses: AccessRequest.Status) -> AccessRequest:
    request = AccessRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.status not in statuses:
        raise DecidedAlready
    return request


def record(request: AccessRequest) -> None:
    detail = {"request": str(request.uid), "role": request.role, "status": request.status}
    kind = AccessEvent.Kind.ACCESS_DECIDED
    record_access(kind=kind, object_type="access.user", object_uid=request.user.uid, detail=detail)
