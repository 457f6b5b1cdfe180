"""The way out of promotional mail: a random token in each mail, of which we keep the hash only (R-CMP-05, RFC 8058)."""

import hashlib
import secrets

from django.conf import settings

PATH = "/unsubscribe/"  # the token stands behind "?": access logs leave that part out


def new_token() -> str:
    """128 random bits."""
    return secrets.token_urlsafe(16)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(token: str) -> str:
    """What a person follows and what a mail program posts to."""
    return f"{settings.I2A_SITE_URL.rstrip('/')}{PATH}?t={token}"


def headers_of(token: str) -> str:
    """The pair of RFC 8058: mail programs draw their own button, which posts to the link. No mailto beside it: every
    way out that is offered works at once and without a person."""
    return f"List-Unsubscribe: <{link_of(token)}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
