"""What the phone system posts."""

import hashlib
import hmac
import json
import time

from i2a import clock

NUMBER = "+14035550142"


def event(**changes):
    at = clock.now().isoformat()
    return {"id": "e-1", "type": "call.missed", "at": at, "from": "403 555 0142", "to": "204"} | changes


def post(client, body, *, secret="shared", at=None, **headers):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed_at = str(int(time.time() if at is None else at))
    signature = hmac.new(secret.encode(), signed_at.encode() + b"." + body, hashlib.sha256).hexdigest()
    signed = {"X-I2A-Timestamp": signed_at, "X-I2A-Signature": signature} | headers
    return client.post("/phone/events/", body, content_type="application/json", headers=signed)
