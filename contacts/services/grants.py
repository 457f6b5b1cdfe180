"""Access to single contacts: guardian's row and its twin in the register, written and ended together (design §7).

A twin that is over is not believed by `visible_to`, so the answer is no at that moment; the job only tidies up.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from access.models import ObjectGrant, Team, User
from audit.models import AccessEvent
from audit.services import record_access
from contacts.models import Contact, ContactGroupGrant, ContactUserGrant

READ = ["view_contact"]
READ_AND_CHANGE = ["view_contact", "change_contact"]
OBJECT_TYPE = Contact._meta.label_lower


class GrantToOneself(Exception):
    """Nobody gives access to themselves."""


class AlreadyGranted(Exception):
    """They have this access, and it is still in force."""


@transaction.atomic
def grant_access(
    *,
    contact: Contact,
    to: User | Team,
    basis: ObjectGrant.Basis,
    reason: str,
    by: User,
    now: datetime,
    until: datetime | None = None,
    permissions: list[str] = READ,
) -> ObjectGrant:
    """Let a person or a team see `contact` until `until`, or change it as well. Returns the register's row for seeing.

    :raises GrantToOneself: `to` is `by`, who did not have the access already, or their team.
    :raises AlreadyGranted: see there.
    :raises IntegrityError: longer than 30 days, or without a reason; the message is the constraint's.
    """
    is_own_team = isinstance(to, Team) and to.pk == by.team_id
    if is_own_team or (to == by and basis != ObjectGrant.Basis.KEPT):
        raise GrantToOneself
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)  # two clicks, one grant
    who: dict[str, Any] = {"user": to} if isinstance(to, User) else {"group": group_of(to)}
    expire(now=now, contact=contact)
    open_grants = ObjectGrant.objects.open().about(contact).filter(**who, permission__in=permissions)
    if open_grants.exists():
        raise AlreadyGranted
    facts = who | {"basis": basis, "reason": reason, "granted_by": by, "starts_at": now, "until": until}
    written = [write_both(contact, permission=codename, **facts) for codename in permissions]
    record(AccessEvent.Kind.OBJECT_GRANT, written)
    return written[0]


def write_both(contact: Contact, **facts: Any) -> ObjectGrant:
    """A row of the register and guardian's own."""
    grant = ObjectGrant.objects.create(object_type=OBJECT_TYPE, object_uid=contact.uid, **facts)
    write_twin(grant, contact)
    return grant


def write_twin(grant: ObjectGrant, contact: Contact) -> None:
    permission = Permission.objects.get(codename=grant.permission, content_type__app_label="contacts")
    twin: dict[str, Any] = {"content_object": contact, "permission": permission, "grant": grant}
    if grant.user is not None:
        ContactUserGrant.objects.create(user=grant.user, **twin)
    elif grant.group is not None:
        ContactGroupGrant.objects.create(group=grant.group, **twin)


def group_of(team: Team) -> Group:
    """The group that stands for a team in guardian's tables. It has no members of its own."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    if team.group is None:
        team.group = Group.objects.create(name=f"team:{team.pk}")
        team.save(update_fields=["group"])
    return team.group


@transaction.atomic
def end_access(*, contact: Contact, grant: ObjectGrant, reason: str, by: User, now: datetime) -> None:
    """Take back what `grant` gave, seeing and changing alike. Ended already: nothing happens."""
    same_holder = {"user": grant.user, "group": grant.group}
    end(ObjectGrant.objects.open().about(contact).filter(**same_holder), reason=reason, by=by, now=now)


@transaction.atomic
def end_all(*, contact: Contact, reason: str, by: User | None, now: datetime) -> None:
    """A record that was taken back or anonymised is nobody's exception any more (P7)."""
    end(ObjectGrant.objects.open().about(contact), reason=reason, by=by, now=now)


@transaction.atomic
def expire(*, now: datetime, contact: Contact | None = None) -> int:
    """End what is over, of one contact or of all; return how many. Safe to run twice, or twice at once."""
    over = ObjectGrant.objects.over(now).filter(object_type=OBJECT_TYPE)
    return end(over.about(contact) if contact else over, reason="Time was up", by=None, now=now)


def end(grants: Any, *, reason: str, by: User | None, now: datetime) -> int:
    """Both rows of each. The twins go first: a job that stops half-way leaves less access, never more."""
    ended = list(grants.select_for_update(skip_locked=by is None))
    for twins in (ContactUserGrant, ContactGroupGrant):
        for twin in twins.objects.filter(grant__in=ended):
            twin.delete()
    for grant in ended:
        grant.revoked_at, grant.revoked_by, grant.end_reason = now, by, reason
        grant.save(update_fields=["revoked_at", "revoked_by", "end_reason"])
    record(AccessEvent.Kind.OBJECT_REVOKE, ended)
    return len(ended)


def record(kind: AccessEvent.Kind, grants: list[ObjectGrant]) -> None:
    """One event per record and holder, however many permissions."""
    for grant in grants:
        if grant.permission == READ[0]:
            detail = {"grant": str(grant.uid), "to": grant.user_id, "group": grant.group_id, "basis": grant.basis}
            record_access(kind=kind, object_type=grant.object_type, object_uid=grant.object_uid, detail=detail)
