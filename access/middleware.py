"""No URL without a declared permission, no refusal without a record (design §7, R-CON-11)."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from audit.models import AccessEvent
from audit.services import record_access


class DeclaredPermissionMiddleware:
    """Refuses a view that declares no permission, or one the user does not hold.

    Public views are those marked `login_not_required`; the others carry `i2a.permissions.requires`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return
        permission = getattr(view, "required_permission", None)
        if permission is None or (permission and not request.user.has_perm(permission)):
            record_refusal(request)
            raise PermissionDenied

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A refusal inside a view: its transaction is rolled back by now, so this row stays."""
        if isinstance(exception, PermissionDenied):
            record_refusal(request)


def record_refusal(request: HttpRequest) -> None:
    match = request.resolver_match
    record_access(
        kind=AccessEvent.Kind.DENIED,
        object_type=match.view_name if match else "",
        object_uid=match.kwargs.get("uid") if match else None,
    )
