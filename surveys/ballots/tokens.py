"""The secret in the link of a survey. It is worked out, never stored: only who has the key of the server can tell whose
it is, and a copy of the database cannot (decision 0022)."""

import hashlib

from django.conf import settings

from contacts.emails import keyed_digest
from surveys.models import Invitation, Survey

PATH = "/s/"  # the token stands behind "?": access logs leave that part out
LENGTH = 40  # hexadecimal: 160 bits


def token_of(invitation: Invitation) -> str:
    """Of the link that is mailed to one person."""
    return _token(invitation.survey, str(invitation.pk))


def phone_token(survey: Survey, number: int) -> str:
    """Of a spare link, from 1 on: for somebody who answers on the phone."""
    return _token(survey, f"phone {number}")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def path_of(token: str) -> str:
    return f"{PATH}?t={token}"


def link_of(token: str, language: str = "") -> str:
    """What a person follows, to a page in the language of the mail."""
    spoken = f"&lang={language}" if language else ""
    return f"{settings.I2A_SITE_URL.rstrip('/')}{path_of(token)}{spoken}"


def _token(survey: Survey, whose: str) -> str:
    return keyed_digest(f"survey {survey.uid} {whose}")[:LENGTH]
