"""Puts the facts of the request where the audit finds them."""

import logging
import sys
import uuid
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults
from psycopg2.errors import DiskFull, InsufficientPrivilege

from audit import writable
from audit.actor import Actor, acting, current

logger = logging.getLogger(__name__)


def client_address(request: HttpRequest) -> str | None:
    """The peer's address; behind a trusted proxy the last one it added, if that is an address. A client's own
    X-Forwarded-For counts for nothing (T-05)."""
    peer = request.META.get("REMOTE_ADDR") or None
    if peer is None or not is_trusted(peer):
        return peer
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return forwarded[-1] if forwarded and is_address(forwarded[-1]) else peer


def is_trusted(peer: str) -> bool:
    """Whether `I2A_TRUSTED_PROXIES`, addresses or networks, covers this address."""
    return is_address(peer) and any(
        ip_address(peer) in ip_network(proxies, strict=False) for proxies in settings.I2A_TRUSTED_PROXIES
    )


def is_address(text: str) -> bool:
    try:
        validate_ipv46_address(text)
    except ValidationError:
        return False
    return True


class RequestFactsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:16]
        with acting(Actor(label="anonymous", request_id=request_id, ip=client_address(request))):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What cannot be recorded does not happen: it was rolled back, and a plain page says so (T8)."""
        return not_recorded(exception) if cannot_be_recorded(exception) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """The same for what happens around a view: a refusal, a session whose time is up."""
    exception = sys.exception()
    if isinstance(exception, Exception) and cannot_be_recorded(exception):
        return not_recorded(exception)
    return defaults.server_error(request)


def not_recorded(exception: Exception) -> HttpResponse:
    writable.doubt()
    logger.critical("The audit cannot be written: %s", type(exception.__cause__).__name__)
    return HttpResponse(render_to_string("not_recorded.html"), status=503, headers={"Cache-Control": "no-store"})


def cannot_be_recorded(exception: Exception) -> bool:
    """The disk is full, or a table of the audit refuses."""
    cause = exception.__cause__
    refused = isinstance(cause, InsufficientPrivilege) and "audit_" in str(cause)
    return refused or isinstance(cause, DiskFull)


class ActorMiddleware:
    """After authentication: from here on the audit is signed by the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with acting(replace(current(), user=request.user, label=request.user.get_username())):
            return self.get_response(request)
