"""What another machine posts to us: signed with a shared secret, now, and not too large (docs/operations.md)."""

import hashlib
import hmac
import time

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

OLDEST = 300  # seconds between the signature's time and ours: who has listened in may not send it again later
CHUNK = 65_536


class NotSigned(PermissionDenied):
    """Not signed with the secret, or not now."""


class TooLarge(Exception):
    """Larger than anything that belongs here."""


def signed_body(request: HttpRequest, *, secret: str, largest: int, kept: int) -> bytes:
    """The first `kept` bytes, about; all are signed: HMAC-SHA256, in hexadecimal, over time, a full stop, and body.

    :raises NotSigned, TooLarge: see there.
    """
    signed_at = request.headers.get("X-I2A-Timestamp", "")
    if not signed_at.isdecimal() or len(signed_at) > 12 or abs(time.time() - int(signed_at)) > OLDEST:
        raise NotSigned
    signature = hmac.new(secret.encode(), f"{signed_at}.".encode(), hashlib.sha256)
    start, taken = b"", 0
    while chunk := request.read(CHUNK):
        signature.update(chunk)
        start += chunk if taken < kept else b""
        taken += len(chunk)
        if taken > largest:
            raise TooLarge
    if not hmac.compare_digest(signature.hexdigest().encode(), request.headers.get("X-I2A-Signature", "").encode()):
        raise NotSigned
    return start
