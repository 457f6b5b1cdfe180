from typing import Any
from uuid import UUID

from audit.actor import current
from audit.models import AccessEvent


def record_access(
    *,
    kind: AccessEvent.Kind,
    object_type: str = "",
    object_uid: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> AccessEvent:
    """Append who did what to which record, now, signed by `audit.actor`. `detail`: counts and codes only."""
    actor = current()
    return AccessEvent.objects.create(
        kind=kind,
        object_type=object_type,
        object_uid=object_uid,
        detail=detail or {},
        actor=actor.user,
        actor_label=actor.label,
        ip=actor.ip,
        request_id=actor.request_id,
    )
