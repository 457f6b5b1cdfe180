from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from calls.selectors import UNDO_FOR, Drafts, drafts_of
from i2a import clock


def drafts_for(request: HttpRequest) -> Drafts:
    """Asked once per request, however many parts of the page need it."""
    if not hasattr(request, "call_drafts"):
        user = getattr(request, "user", None)
        takes_calls = user is not None and user.is_authenticated and user.has_perm("calls.add_call")
        request.call_drafts = drafts_of(user, clock.now()) if takes_calls else Drafts()  # type: ignore[attr-defined]
    return request.call_drafts  # type: ignore[attr-defined]


def open_draft(request: HttpRequest) -> dict[str, Any]:
    """The call strip and the Undo toast are on every page (ux/direction §1)."""
    return {
        "open_draft": SimpleLazyObject(lambda: drafts_for(request).current),
        "undo": SimpleLazyObject(lambda: undo_offer(drafts_for(request))),
        "is_rung": SimpleLazyObject(lambda: is_rung(request)),
        "now": clock.now(),
    }


def is_rung(request: HttpRequest) -> bool:
    """Whether this page asks who rings at one's desk."""
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and user.extension and user.has_perm("calls.add_call"))


def undo_offer(drafts: Drafts) -> dict[str, Any] | None:
    draft = drafts.undoable
    if draft is None or draft.call is None:
        return None
    seconds = (draft.call.created_at + UNDO_FOR - clock.now()).total_seconds()
    return {
        "text": _("Call %(ref)s saved.") % {"ref": draft.call.ref},
        "url": reverse("calls:undo", args=[draft.call.uid]),
        "seconds": max(1, int(seconds)),
    }
