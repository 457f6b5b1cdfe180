from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from contacts.models import RecordRequest


def access_requests(request: HttpRequest) -> dict[str, Any]:
    """How many requests wait for this person, for the rail; asked when a page draws it."""
    return {"access_request_count": SimpleLazyObject(lambda: count_for(request))}


def count_for(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    if user is None or not user.has_perm("contacts.grant_access"):
        return 0
    return RecordRequest.objects.to_decide(user).count()
