"""When somebody stops working here: what must be handed over first. Higher apps say what they know (R-FUP-05)."""

from collections.abc import Callable

from django.db import transaction

from access.models import User

Check = Callable[[User], str]  # a sentence that says what to do first, or ""
_checks: list[Check] = []


class StillNeeded(Exception):
    """Something would be left to nobody. `reasons` say what to do first; nothing was changed."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def register(check: Check) -> None:
    """Called once for each check, when the apps are ready."""
    _checks.append(check)


@transaction.atomic
def deactivate_user(*, user: User) -> User:
    """They can no longer sign in; what they did stays.

    :raises StillNeeded: see there.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    reasons = [reason for check in _checks if (reason := check(user))]
    if reasons:
        raise StillNeeded(reasons)
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user
