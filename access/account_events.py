"""What happens to an account: said on the page, recorded, and mailed to its owner, so that a stranger's hand shows."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import notices
from access.models import User
from audit.actor import acting_as
from audit.models import AccessEvent
from audit.services import record_access
from i2a.wall_time import say_full_day, say_time

Kind = AccessEvent.Kind
SAID = {
    "account/messages/password_changed.txt": gettext_lazy("Your password is changed."),
    "mfa/messages/totp_activated.txt": gettext_lazy("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The authenticator app is removed."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey is set up."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey is removed."),
}


class Event(NamedTuple):
    kind: Kind
    what: str
    subject: str | Promise


EVENTS = {
    "account/email/password_changed": Event(
        Kind.PASSWORD_CHANGED, "password", gettext_lazy("Your password was changed")
    ),
    "account/email/password_reset": Event(Kind.PASSWORD_CHANGED, "password", gettext_lazy("Your password was changed")),
    "mfa/email/totp_activated": Event(
        Kind.SECOND_STEP_ADDED, "totp", gettext_lazy("An authenticator app was set up for you")
    ),
    "mfa/email/totp_deactivated": Event(
        Kind.SECOND_STEP_REMOVED, "totp", gettext_lazy("Your authenticator app was removed")
    ),
    "mfa/email/webauthn_added": Event(
        Kind.SECOND_STEP_ADDED, "webauthn", gettext_lazy("A new passkey was set up for you")
    ),
    "mfa/email/webauthn_removed": Event(
        Kind.SECOND_STEP_REMOVED, "webauthn", gettext_lazy("A passkey of yours was removed")
    ),
    "mfa/email/recovery_codes_generated": Event(
        Kind.SECOND_STEP_ADDED, "recovery_codes", gettext_lazy("New recovery codes were made for you")
    ),
    "second_step_reset": Event(
        Kind.SECOND_STEP_REMOVED, "all", gettext_lazy("A lost second step was taken off, as the system owner agreed")
    ),
    "recovery_code_used": Event(
        Kind.RECOVERY_USED, "recovery_codes", gettext_lazy("Somebody signed in with a recovery code of yours")
    ),
}


def happened(name: str, user: User, now: datetime) -> None:
    """`name`: as allauth calls its notification. One that is not ours is neither recorded nor mailed."""
    if name not in EVENTS:
        return
    event = EVENTS[name]
    with acting_as(user):
        record_access(kind=event.kind, object_type="access.user", object_uid=user.uid, detail={"what": event.what})
        mail_to(user, name, now)


def mail_to(user: User, name: str, now: datetime) -> None:
    event = EVENTS[name]
    notices.tell(user, key=f"account {name} {now.isoformat()}", words=lambda: mail_about(event, now), now=now)


def mail_about(event: Event, now: datetime) -> tuple[str, str]:
    link = settings.I2A_SITE_URL.rstrip("/") + reverse("mfa_index")
    text = _(
        "%(what)s on %(day)s at %(time)s. If that was you, there is nothing to do. If it was not, "
        "change your password now and tell your access administrator: %(link)s"
    )
    facts = {"what": event.subject, "day": say_full_day(now), "time": say_time(now), "link": link}
    return str(event.subject), text % facts
