"""Who may see a contact by exception keeps seeing the person after a merge; nothing stays on the merged record (P7)."""

from datetime import datetime
from typing import Any

from access.models import ObjectGrant, User
from contacts.models import Contact, ContactGroupGrant, ContactUserGrant
from contacts.services import grants

TWINS: list[Any] = [ContactUserGrant, ContactGroupGrant]
COPIED = ["user", "group", "object_type", "permission", "basis", "reason", "granted_by", "starts_at", "until"]


def move(loser: Contact, winner: Contact, *, by: User, now: datetime) -> dict[str, list[int]]:
    """Give each grant to the winner; one that its holder has there already ends. What is over ends first."""
    for contact in (loser, winner):
        grants.expire(now=now, contact=contact)
    present = {holder_of(grant) for grant in open_on(winner)}
    doubled = [grant for grant in open_on(loser) if holder_of(grant) in present]
    kept = [grant for grant in open_on(loser) if holder_of(grant) not in present]
    ending = ObjectGrant.objects.filter(pk__in=[grant.pk for grant in doubled])
    grants.end(ending, reason=f"Merged into {winner.ref}", by=by, now=now)
    give(kept, winner)
    return {"grants": [grant.pk for grant in kept], "ended_grants": [grant.pk for grant in doubled]}


def move_back(moved: dict[str, list[int]], winner: Contact, loser: Contact) -> None:
    """What was moved returns, and what ended as a double begins again; unless it was revoked on the winner since."""
    standing = {grant.pk: grant for grant in open_on(winner)}
    give([standing[pk] for pk in moved.get("grants", []) if pk in standing], loser)
    present = {holder_of(grant) for grant in standing.values()}
    for ended in ObjectGrant.objects.filter(pk__in=moved.get("ended_grants", [])).order_by("pk"):
        if holder_of(ended) in present:
            columns: dict[str, Any] = {name: getattr(ended, name) for name in COPIED}
            grants.write_twin(ObjectGrant.objects.create(object_uid=loser.uid, **columns), loser)


def open_on(contact: Contact) -> list[ObjectGrant]:
    return list(ObjectGrant.objects.open().about(contact).order_by("pk"))


def holder_of(grant: ObjectGrant) -> tuple[int | None, int | None, str]:
    return grant.user_id, grant.group_id, grant.permission


def give(moving: list[ObjectGrant], contact: Contact) -> None:
    """The register's row and its twin together."""
    for grant in moving:
        grant.object_uid = contact.uid
        grant.save(update_fields=["object_uid"])
        for twins in TWINS:
            for twin in twins.objects.filter(grant=grant):
                twin.content_object = contact
                twin.save(update_fields=["content_object"])
