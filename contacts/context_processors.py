from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from contacts.waiting import to_decide


def access_requests(request: HttpRequest) -> dict[str, Any]:
    """How many requests wait for this person, for the rail; asked when a page draws it."""
    return {"access_request_count": SimpleLazyObject(lambda: count_for(request))}


def count_for(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return 0 if user is None else to_decide(user)
