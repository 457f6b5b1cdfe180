"""Signing in: the password, the code, and what is recorded of either."""

from datetime import datetime

from django.contrib.auth import authenticate
from django.views.decorators.debug import sensitive_variables

from access import sign_in_limit
from access.backends import user_called
from access.models import User
from audit.actor import acting_as, current
from audit.models import AccessEvent
from audit.services import record_access


class CredentialsDoNotMatch(Exception):
    """No active account has this name with this password. Which of the two is wrong is told to nobody."""


class TooManyTries(Exception):
    """What was typed was not even looked at. `until` is when it will be."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


@sensitive_variables("password", "typed")
def check_credentials(*, typed: str, password: str, now: datetime) -> User:
    """The active person whose user name or work e-mail is `typed`, if the password is theirs. Failures are recorded.

    Not atomic by itself: the record of a failure must outlive the exception.

    :raises CredentialsDoNotMatch: and from the fifth time on
    :raises TooManyTries: see `access.sign_in_limit`.
    """
    owner = user_called(typed)
    await_turn(owner, typed, now)
    user = authenticate(username=typed, password=password)
    if user is None:
        fail(owner, typed, sign_in_limit.MISMATCH, now)
        raise CredentialsDoNotMatch
    return user


def await_turn(owner: User | None, typed: str, now: datetime) -> None:
    """:raises TooManyTries: and records it."""
    ip = current().ip
    sign_in_limit.take_turn(owner, typed, ip)
    until = sign_in_limit.pause_end(owner, typed, ip, now)
    if until:
        record_failure(owner, AccessEvent.Kind.SIGN_IN_FAILED, sign_in_limit.WAITING)
        raise TooManyTries(until)


def fail(owner: User | None, typed: str, reason: str, now: datetime) -> None:
    """:raises TooManyTries: this failure was one too many; that is recorded as well."""
    record_failure(owner, AccessEvent.Kind.SIGN_IN_FAILED, reason)
    if owner is None:
        sign_in_limit.count_unknown(typed, current().ip, now)
    until = sign_in_limit.pause_end(owner, typed, current().ip, now)
    if until:
        record_failure(owner, AccessEvent.Kind.LOCKED_OUT, reason)
        raise TooManyTries(until)


def record_failure(owner: User | None, kind: AccessEvent.Kind, reason: str) -> None:
    """Never what was typed: it may be a password in the wrong box."""
    if owner is None:
        record_access(kind=kind, detail={"reason": reason})
        return
    with acting_as(owner):
        record_access(kind=kind, detail={"reason": reason})
