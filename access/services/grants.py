"""Roles begin and end here, in the table and in the register together."""

from datetime import datetime
from typing import Any

from django.db import transaction

from access import register
from access.models import AccessGrant, AccessRequest, OwnerDesignation, RegisterEvent, User
from audit.models import AccessEvent
from audit.services import record_access

TIME_WAS_UP = "Time was up"


class OwnerNeeded(Exception):
    """The system owner's role ends by handing the ownership over."""


@transaction.atomic
def start_grant(
    *, user: User, role: str, starts_at: datetime, ends_at: datetime | None, now: datetime,
    request: AccessRequest | None = None,
) -> AccessGrant:  # fmt: skip
    """:raises IntegrityError: they hold this role in that period; the message is the constraint's."""
    grant = AccessGrant.objects.create(user=user, role=role, request=request, starts_at=starts_at, ends_at=ends_at)
    register.enter_grant(grant, now)
    record(AccessEvent.Kind.ROLE_GRANTED, grant)
    return grant


@transaction.atomic
def end_grant(*, grant: AccessGrant, reason: str, by: User | None, now: datetime) -> None:
    """Take a role away and end the person's sessions. Ended already: nothing happens.

    :raises OwnerNeeded: it is the role the system owner owns the system with.
    """
    grant = AccessGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    if grant.revoked_at is not None:
        return
    if by is not None and grant.role == "manager" and is_owner(grant.user, now):
        raise OwnerNeeded
    close(grant, reason=reason, by=by, now=now)
    end_sessions(grant.user)


def close(grant: AccessGrant, *, reason: str, by: User | None, now: datetime) -> None:
    grant.revoked_at, grant.revoked_by, grant.end_reason = now, by, reason
    grant.save(update_fields=["revoked_at", "revoked_by", "end_reason"])
    register.enter_end(grant, now)
    record(AccessEvent.Kind.ROLE_REVOKED, grant)


@transaction.atomic
def lapse_grants(*, now: datetime) -> int:
    """Close what is over; return how many. It counted for nothing already: `in_force` asks at the moment."""
    over = list(AccessGrant.objects.over(now).select_for_update(of=("self",), skip_locked=True).select_related("user"))
    for grant in over:
        close(grant, reason=TIME_WAS_UP, by=None, now=now)
    return len(over)


@transaction.atomic
def suspend_grant(*, grant: AccessGrant, now: datetime) -> None:
    grant.suspended_at = now
    grant.save(update_fields=["suspended_at"])
    register.append(RegisterEvent.Kind.SUSPENDED, grant.user, now, grant=grant.uid)
    record(AccessEvent.Kind.ROLE_REVOKED, grant, suspended=True)
    end_sessions(grant.user)


@transaction.atomic
def restore_grant(*, grant: AccessGrant, now: datetime) -> None:
    grant.suspended_at = None
    grant.save(update_fields=["suspended_at"])
    register.append(RegisterEvent.Kind.RESTORED, grant.user, now, grant=grant.uid)
    record(AccessEvent.Kind.ROLE_GRANTED, grant, restored=True)


def end_sessions(user: User) -> None:
    """Every session of theirs ends with its next request: its hash is another one."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.sessions_ended += 1
    user.save(update_fields=["sessions_ended"])


def is_owner(user: Any, now: datetime) -> bool:
    return owner_at(now) == user


def owner_at(now: datetime) -> User | None:
    designations = OwnerDesignation.objects.filter(starts_at__lte=now).exclude(ends_at__lte=now).select_related("user")
    designation = designations.first()
    return designation.user if designation else None


@transaction.atomic
def make_owner(*, user: User, now: datetime) -> None:
    """End the present designation, if there is one, and begin another."""
    present = OwnerDesignation.objects.select_for_update().exclude(ends_at__lte=now).first()
    if present is not None:
        present.ends_at = now
        present.save(update_fields=["ends_at"])
    OwnerDesignation.objects.create(user=user, starts_at=now)
    register.append(RegisterEvent.Kind.OWNER, user, now)


def record(kind: AccessEvent.Kind, grant: AccessGrant, **more: Any) -> None:
    detail = {"grant": str(grant.uid), "role": grant.role, **more}
    record_access(kind=kind, object_type="access.user", object_uid=grant.user.uid, detail=detail)
