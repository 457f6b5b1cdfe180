"""guardian's rows with real foreign keys: exceptions for one person, or one team, on one contact.

Written by `contacts.services.grants` only, with their twin in the register; without one they cannot be.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from access.models import ObjectGrant, in_force
from audit.registry import auditlog
from i2a import clock

FEW = 50  # as many grants are named one by one; of more, each query asks the tables itself
# By hand, because every page asks it: Django's own union of the two takes ten times as long to build and plan.
GRANTED = """SELECT twin.content_object_id, entry.permission, entry.starts_at, entry.until
FROM (
    SELECT grant_id, content_object_id FROM contacts_contactusergrant WHERE user_id = %(user)s
    UNION ALL
    SELECT grant_id, content_object_id FROM contacts_contactgroupgrant WHERE group_id IN (
        SELECT group_id FROM access_team WHERE id = %(team)s
        UNION ALL SELECT group_id FROM access_user_groups WHERE user_id = %(user)s
    )
) AS twin
JOIN access_objectgrant AS entry ON entry.id = twin.grant_id
WHERE entry.revoked_at IS NULL
LIMIT %(most)s
"""


class ContactUserGrant(UserObjectPermissionBase):
    """For one person."""

    content_object = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE)
    grant = models.OneToOneField(ObjectGrant, on_delete=models.PROTECT, related_name="+")

    class Meta(UserObjectPermissionBase.Meta):
        pass


class ContactGroupGrant(GroupObjectPermissionBase):
    """The same for a team, or another group."""

    content_object = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE)
    grant = models.OneToOneField(ObjectGrant, on_delete=models.PROTECT, related_name="+")

    class Meta(GroupObjectPermissionBase.Meta):
        pass


class Granted(NamedTuple):
    contact: int
    permission: str
    starts_at: datetime
    until: datetime | None

    def is_in_force(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.until is None or now < self.until)


def opened_to(user: Any, codename: str) -> Q:
    """The contacts on which `user` holds `codename` by a grant in force at this moment. Empty when there are none.

    Hardly anybody holds any, and two sub-queries over five tables cost more than the query they stand in.
    """
    granted, now = granted_to(user), clock.now()
    if len(granted) > FEW:
        held = Q(in_force(now, "grant__"), content_object=OuterRef("pk"), permission__codename=codename)
        to_group = Q(group__user=user) | Q(group__team=user.team_id)
        by_person = Exists(ContactUserGrant.objects.filter(held, user=user))
        return Q(by_person) | Q(Exists(ContactGroupGrant.objects.filter(held, to_group)))
    pks = {row.contact for row in granted if row.permission == codename and row.is_in_force(now)}
    return Q(pk__in=pks) if pks else Q()


def granted_to(user: Any) -> list[Granted]:
    """What nobody has ended so far, at most one more than `FEW`. Asked once per request, kept on the user object as
    their roles are; whether its time is up is judged at each use."""
    if not hasattr(user, "_contact_grants"):
        with connection.cursor() as cursor:
            cursor.execute(GRANTED, {"user": user.pk, "team": user.team_id, "most": FEW + 1})
            user._contact_grants = [Granted(*row) for row in cursor.fetchall()]
    granted: list[Granted] = user._contact_grants
    return granted


auditlog.register(ContactUserGrant)
auditlog.register(ContactGroupGrant)
