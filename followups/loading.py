"""One follow-up for a page: permitted, and with why its caller's record is opened (N11)."""

from uuid import UUID

from django.http import HttpRequest

from audit.models import AccessEvent
from audit.services import record_access
from contacts.opening import record_opening
from followups.models import FollowUp
from i2a.permissions import get_permitted

CHANGE = "followups.change_followup"
TYPE = "followups.followup"


def load(request: HttpRequest, uid: UUID, permission: str = CHANGE) -> FollowUp:
    follow_ups = FollowUp.objects.select_related("contact", "assigned_to", "team", "completed_by", "cancelled_by")
    follow_up: FollowUp = get_permitted(follow_ups, request.user, permission, uid=uid)
    return follow_up


def record_showing(request: HttpRequest, follow_up: FollowUp) -> None:
    """Before a page shows the caller's name and number.

    :raises PurposeNeeded: as `record_opening`.
    """
    if follow_up.contact is None:
        record_access(kind=AccessEvent.Kind.VIEWED, object_type=TYPE, object_uid=follow_up.uid)
    else:
        record_opening(request, follow_up.contact, object_type=TYPE, object_uid=follow_up.uid)
