"""Who may do what: the loader every view uses, and the declaration every URL carries (design §7)."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import get_object_or_404

SIGNED_IN = ""  # a page for everybody who is signed in; nothing personal may be on it


def requires(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the permission of a view. A view without a declaration answers 403 to everybody, and a test names it."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        view.required_permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def may(user: Any, permission: str, obj: models.Model | None = None) -> bool:
    """Whether `user` holds `permission` on everything, or on this object.

    Two questions, because Django's own backend says no as soon as an object is passed.
    """
    return user.has_perm(permission) or (obj is not None and user.has_perm(permission, obj))


def get_permitted(queryset: Any, user: Any, permission: str, **lookup: Any) -> Any:
    """Fetch the object a view works on, never one outside `queryset.visible_to(user)`.

    :raises Http404: the user may not know that it exists.
    :raises PermissionDenied: they may see it, but not do this.
    """
    if isinstance(user, AnonymousUser):
        raise PermissionDenied
    obj = get_object_or_404(queryset.visible_to(user), **lookup)
    if not may(user, permission, obj):
        raise PermissionDenied
    return obj
