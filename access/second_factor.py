"""The second step of signing in: who must have one, who has one, and a code that works once (R-ACC-05)."""

import base64
import hashlib
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from cryptography.fernet import Fernet
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from access.models import User
from access.roles import OF_POWER, PERMISSIONS

Type = Authenticator.Type
OWN_STEP = [Type.TOTP, Type.WEBAUTHN]  # recovery codes only stand in for one of these
BY_DEPARTMENT = "second_step_by_department"  # in the session: for whom the identity provider asked for it

NEEDED_FOR = frozenset(
    role
    for role, held in PERMISSIONS.items()
    if role in OF_POWER or any(".export_" in permission for permission in held)
)


def cipher() -> Fernet:
    """Secrets of authenticator apps and recovery codes: a copy of the database alone opens no account."""
    key = hashlib.sha256(b"access.second_factor " + settings.I2A_HMAC_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def with_second_step(users: "QuerySet[User]") -> "QuerySet[User]":
    """With what `has_second_step` answers."""
    return users.annotate(second_step=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=OWN_STEP)))


def has_second_step(user: Any) -> bool:
    """Asked once per request: the answer is kept on the user object."""
    if not hasattr(user, "second_step"):
        user.second_step = Authenticator.objects.filter(user=user, type__in=OWN_STEP).exists()
    return bool(user.second_step)


def is_needed(roles: frozenset[str]) -> bool:
    return bool(roles & NEEDED_FOR)


def use_code(authenticator: Authenticator, code: str) -> bool:
    """Whether this is the app's code of now, not used before. The row is locked: of two at once, one comes in.

    allauth remembers used codes in the cache; here they are in the row, which a stopped Redis does not forget.
    """
    app = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    counter = counter_of(decrypt(app.data["secret"]), code)
    if counter is None or counter <= app.data.get("last_counter", 0):
        return False
    app.data["last_counter"] = counter
    app.save(update_fields=["data"])
    return True


def counter_of(secret: str, code: str) -> int | None:
    """The half minute that `code` belongs to, of those that count now."""
    for counter in yield_hotp_counters_from_time():
        if format_hotp_value(hotp_value(secret, counter)) == code:
            return counter
    return None


def next_code(user: User) -> str:
    """A code that will be taken, "" for the rest of this half minute. A demonstration shows it; tests type it."""
    app = Authenticator.objects.get(user=user, type=Type.TOTP)
    _before, *counters = yield_hotp_counters_from_time()
    fresh = [counter for counter in counters if counter > app.data.get("last_counter", 0)]
    return format_hotp_value(hotp_value(decrypt(app.data["secret"]), fresh[0])) if fresh else ""


def open_before_it(view: Any) -> Any:
    """A page that who must set up a second step may open before: the way there, and out."""
    view.open_before_second_step = True
    return view


def is_missing(request: Any) -> bool:
    """Their role needs a second step, and neither they nor the department's sign-in made one."""
    from access.backends import roles_of

    user = request.user
    if not is_needed(roles_of(user)) or has_second_step(user):
        return False
    return request.session.get(BY_DEPARTMENT) != user.pk
