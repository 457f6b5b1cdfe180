"""No page without signing in, no URL without a permission, no refusal without a record (design §7, R-CON-11).

And no page before the second step that a role needs, nor long after anybody was there (R-ACC-05).
"""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from access import kept_forms, second_factor, sessions
from access.backends import excuse_training, is_stopped_by_training
from access.refusals import constraint_failure, record_refusal
from audit.actor import acting_as
from audit.models import AccessEvent
from audit.services import record_access
from i2a.permissions import OutOfReach

STOP_ASKING = 286  # htmx ends a poll that is answered with it


def is_asked_by_the_page(view: Callable[..., Any]) -> bool:
    return getattr(view, "is_asked_by_the_page", False)


class SessionTimeMiddleware:
    """Ends a session whose time is up; otherwise notes that somebody is there, unless the page asked by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and sessions.seconds_left(request.session) <= 0:
            self.end(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if SESSION_KEY in request.session and not is_asked_by_the_page(view):
            sessions.saw(request.session)
            kept_forms.forget_when_sent(request)

    def end(self, request: Any) -> None:
        user = request.user
        logout(request)
        if user.is_authenticated:
            kept_forms.remember(request, user)
            with acting_as(user):
                record_access(kind=AccessEvent.Kind.TIMED_OUT)


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Sends strangers to sign in, and then back to a page: never to the address of a form or a fragment."""

    def handle_no_permission(self, request: Any, view_func: Callable[..., Any]) -> Any:
        if request.htmx and is_asked_by_the_page(view_func):
            return HttpResponse(status=STOP_ASKING)  # what is typed on the page stays there
        if request.htmx:
            to_page = redirect_to_login(request.htmx.current_url_abs_path or "/", settings.LOGIN_URL)
            return HttpResponseClientRedirect(to_page.url)
        if request.headers.get("Sec-Fetch-Dest") == "empty":  # a script's request, such as saving a draft
            words = _("You are signed out. Sign in again in another tab; what you typed stays here.")
            return HttpResponse(words, status=401, content_type="text/plain; charset=utf-8")
        to_sign_in = redirect_to_login(page_of(request), settings.LOGIN_URL)
        if not kept_forms.was_timed_out(request):
            return to_sign_in
        if request.method == "POST":
            kept_forms.keep(request)
        return redirect(f"{to_sign_in.url}&ended={'kept' if request.method == 'POST' else 'idle'}")


def page_of(request: HttpRequest) -> str:
    """The page to come back to: the one that was asked for, or the one whose form was sent."""
    if request.method == "GET":
        return request.get_full_path()
    try:
        referer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # whatever a stranger may send there
        return "/"
    return referer.path if referer.netloc == request.get_host() else "/"


class TrainingLapsed(PermissionDenied):
    """The page shows personal data, and the privacy training ran out on `trained_until`, or there never was one."""

    def __init__(self, trained_until: date | None) -> None:
        super().__init__()
        self.trained_until = trained_until


class DeclaredPermissionMiddleware:
    """Refuses a view that declares no permission, or one the user does not hold.

    Public views are those marked `login_not_required`; the others carry `i2a.permissions.requires`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if second_factor.is_missing(request) and not getattr(view, "open_before_second_step", False):
            return lead_to(request, view, reverse("mfa_index"))
        self.refuse_undeclared_and_unheld(request, view)
        return None

    def refuse_undeclared_and_unheld(self, request: HttpRequest, view: Callable[..., Any]) -> None:
        if getattr(view, "open_despite_lapsed_training", False):
            excuse_training(request.user)  # type: ignore[arg-type]
        permission = getattr(view, "required_permission", None)
        if permission and is_stopped_by_training(request.user, permission):  # type: ignore[arg-type]
            record_refusal(request, AccessEvent.Kind.TRAINING_BLOCK)
            raise TrainingLapsed(request.user.trained_until)  # type: ignore[union-attr]
        if permission is None or (permission and not request.user.has_perm(permission)):
            record_refusal(request)
            raise PermissionDenied

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A refusal inside a view: its transaction is rolled back by now, so this row stays."""
        if isinstance(exception, PermissionDenied | OutOfReach) and not isinstance(exception, TrainingLapsed):
            record_refusal(request)


def lead_to(request: Any, view: Callable[..., Any], url: str) -> HttpResponse:
    if is_asked_by_the_page(view):
        return HttpResponse(status=STOP_ASKING)
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


class ConstraintErrorMiddleware:
    """A constraint error that no form caught."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return constraint_failure(request, exception) if isinstance(exception, IntegrityError) else None
