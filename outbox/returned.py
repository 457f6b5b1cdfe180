"""The signed entrance for mail that came back, for a relay that speaks HTTP and not IMAP (docs/operations.md)."""

import hashlib
import hmac
import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from audit.actor import acting_as_system
from i2a import clock
from outbox import bounces
from outbox.dsn import LARGEST_READ

OLDEST = 300  # seconds between the signature's time and ours: who has listened in may not send it again later
LARGEST_TAKEN = 20_000_000
CHUNK = 65_536


class TooLarge(Exception):
    """Larger than any mail server's report."""


@csrf_exempt
@require_POST
@login_not_required
def returned(request: HttpRequest) -> HttpResponse:
    """The body is the mail as it came. 204: taken in, whatever it was. 503: the same once more in some minutes."""
    if not settings.I2A_BOUNCE_SECRET:
        raise Http404
    try:
        mail = signed_body(request)
    except TooLarge:
        return HttpResponse(status=413)
    try:
        with acting_as_system("bounces"):
            bounces.receive(mail, now=clock.now())
    except bounces.NotYet:
        return HttpResponse(status=503, headers={"Retry-After": "120"})
    return HttpResponse(status=204)


def signed_body(request: HttpRequest) -> bytes:
    """The beginning of the body; all of it is signed: HMAC-SHA256, in hexadecimal, over time, a full stop, and body.

    :raises PermissionDenied: it is not, or not now.
    """
    signed_at = request.headers.get("X-I2A-Timestamp", "")
    if not signed_at.isdecimal() or len(signed_at) > 12 or abs(time.time() - int(signed_at)) > OLDEST:
        raise PermissionDenied
    signature = hmac.new(settings.I2A_BOUNCE_SECRET.encode(), f"{signed_at}.".encode(), hashlib.sha256)
    start, taken = b"", 0
    while chunk := request.read(CHUNK):
        signature.update(chunk)
        start += chunk if taken < LARGEST_READ else b""
        taken += len(chunk)
        if taken > LARGEST_TAKEN:
            raise TooLarge
    if not hmac.compare_digest(signature.hexdigest().encode(), request.headers.get("X-I2A-Signature", "").encode()):
        raise PermissionDenied
    return start
