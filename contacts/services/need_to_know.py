"""Deciding who sees a contact: its team, and whether only named people do (R-CON-11)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from access.models import ObjectGrant, Team, User
from contacts.choices import Sensitivity
from contacts.models import AccessDecision, Contact
from contacts.services import grants
from contacts.services.contacts import change_contact
from contacts.services.grants import GrantToOneself

LASTING = [ObjectGrant.Basis.NAMED, ObjectGrant.Basis.KEPT]


@transaction.atomic
def decide_access(
    *, contact: Contact, version: int, team: Team, named: Iterable[User] | None, reason: str, by: User, now: datetime
) -> Contact:
    """Give the contact to `team`; `named` are the only ones who see it, None opens it to the whole team.

    Who restricts a record may keep for themselves what they hold for good, and gain nothing (P5).

    :raises StaleVersion: somebody changed the contact meanwhile; nothing was written.
    :raises GrantToOneself: `by` is named and may not keep the record, see `may_keep`.
    :raises IntegrityError: without a reason; the message is the constraint's.
    """
    keeps = may_keep(contact, by)
    before = Contact.objects.select_related("team").get(pk=contact.pk)
    sensitivity = Sensitivity.STANDARD if named is None else Sensitivity.RESTRICTED
    values = {"team": team, "sensitivity": sensitivity}
    contact = change_contact(contact=contact, values=values, version=version, by=by, now=now)
    AccessDecision.objects.create(
        contact=contact,
        at=now,
        by=by,
        reason=reason,
        team_before=before.team,
        team=team,
        sensitivity_before=before.sensitivity,
        sensitivity=sensitivity,
    )
    name_people(contact, list(named or []), keeps=keeps, reason=reason, by=by, now=now)
    return contact


def name_people(contact: Contact, named: list[User], *, keeps: bool, reason: str, by: User, now: datetime) -> None:
    """Who is named and has no lasting grant gets one; who is not named any more loses it."""
    lasting = {grant.user_id: grant for grant in lasting_grants(contact)}
    for grant in lasting.values():
        if grant.user not in named:
            grants.end_access(contact=contact, grant=grant, reason=reason, by=by, now=now)
    for user in named:
        if user.pk in lasting:
            continue
        if user == by and not keeps:
            raise GrantToOneself
        replace_temporary(contact, user, reason=reason, by=by, now=now)
        grants.grant_access(
            contact=contact,
            to=user,
            basis=ObjectGrant.Basis.KEPT if user == by else ObjectGrant.Basis.NAMED,
            permissions=grants.READ_AND_CHANGE,
            reason=reason,
            by=by,
            now=now,
        )


def may_keep(contact: Contact, user: User) -> bool:
    """Whether they hold the record for good. Some days' reading, or reading by role, is no reason for more."""
    changeable = Contact.objects.changeable_by(user).filter(pk=contact.pk)
    return changeable.exists() or any(grant.user_id == user.pk for grant in lasting_grants(contact))


def lasting_grants(contact: Contact) -> list[ObjectGrant]:
    open_grants = ObjectGrant.objects.open().about(contact).filter(basis__in=LASTING, permission=grants.READ[0])
    return list(open_grants.select_related("user"))


def replace_temporary(contact: Contact, user: User, *, reason: str, by: User, now: datetime) -> None:
    """Being named is more than having been let in for some days."""
    for grant in ObjectGrant.objects.open().about(contact).filter(user=user):
        grants.end_access(contact=contact, grant=grant, reason=reason, by=by, now=now)
