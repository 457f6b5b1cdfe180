"""When somebody stops working here: what must be handed over first. Higher apps say what they know (R-FUP-05)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from access.models import User


@dataclass(frozen=True)
class Left:
    """What has to happen first: in a sentence, where, and what one needs to do it."""

    sentence: str
    url: str
    permission: str


Check = Callable[[User], Left | None]
_checks: list[Check] = []


class StillNeeded(Exception):
    """Something would be left to nobody. `reasons` say what to do first; nothing was changed."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def register(check: Check) -> None:
    """Called once for each check, when the apps are ready."""
    _checks.append(check)


def left_by(user: User) -> list[Left]:
    """What would be left to nobody if this account ended now."""
    return [left for check in _checks if (left := check(user))]


@transaction.atomic
def deactivate_user(*, user: User) -> User:
    """They can no longer sign in; what they did stays.

    :raises StillNeeded: see there.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    left = left_by(user)
    if left:
        raise StillNeeded([one.sentence for one in left])
    user.is_active, user.extension = False, ""
    user.save(update_fields=["is_active", "extension"])
    return user
