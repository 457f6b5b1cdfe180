"""python -m ops.healthcheck: exit code 0 if the web server beside it answers /healthz (docker-compose.yml)."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request


def is_healthy(port: int) -> bool:
    """Asked under a name that the server accepts, as if through the proxy that ends TLS."""
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".") or "localhost"
    question = urllib.request.Request(
        f"http://127.0.0.1:{port}/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"}
    )
    try:
        with urllib.request.urlopen(question, timeout=8) as answer:  # noqa: S310 - the address is ours
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_healthy(int(os.environ.get("PORT", "8000"))) else 1)
