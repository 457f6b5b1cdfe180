"""Who may do what: the loader every view uses, and the declaration every URL carries (design §7)."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404

SIGNED_IN = ""  # a page for everybody who is signed in; nothing personal may be on it


class OutOfReach(Http404):
    """There is such a record, but not for this user. Answered like one that does not exist, and recorded."""


class RecordRefused(PermissionDenied):
    """The user may know that there is a record, and ask at `ask_url` to see it. The page says nothing else of it."""

    def __init__(self, ask_url: str) -> None:
        super().__init__()
        self.ask_url = ask_url


def requires(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the permission of a view. A view without a declaration answers 403 to everybody, and a test names it."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        view.required_permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def open_despite_lapsed_training(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page that saves work already begun: it stays open to who was at it when their training ran out (R-TRN-01)."""
    view.open_despite_lapsed_training = True  # type: ignore[attr-defined]
    return view


def asked_by_the_page(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page asks this by itself, again and again: no sign that somebody is there, so no session lives longer by it."""
    view.is_asked_by_the_page = True  # type: ignore[attr-defined]
    return view


def may(user: Any, permission: str, obj: models.Model | None = None) -> bool:
    """Whether `user` holds `permission` on everything, or on this object.

    Two questions, because Django's own backend says no as soon as an object is passed.
    """
    return user.has_perm(permission) or (obj is not None and user.has_perm(permission, obj))


def get_permitted(queryset: Any, user: Any, permission: str, **lookup: Any) -> Any:
    """Fetch the object a view works on, never one outside `queryset.visible_to(user)`.

    :raises Http404: there is none.
    :raises OutOfReach: there is one, and the user may not know; both are answered alike.
    :raises PermissionDenied: they may see it, but not do this.
    """
    if isinstance(user, AnonymousUser):
        raise PermissionDenied
    try:
        obj = get_object_or_404(queryset.visible_to(user), **lookup)
    except Http404:
        if queryset.filter(**lookup).exists():
            raise OutOfReach from None
        raise
    if not may(user, permission, obj):
        raise PermissionDenied
    return obj
