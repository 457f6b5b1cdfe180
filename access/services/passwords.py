"""A way back in for who forgot their password, and the way in for who never had one (reliability goals A2, A7)."""

from datetime import datetime

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from access import notices
from access.models import User
from audit.actor import acting_as
from audit.models import AccessEvent
from audit.services import record_access
from i2a.clock import EDMONTON

ONE_MAIL_PER = 10  # minutes: a stranger who asks again and again fills no mailbox


@transaction.atomic
def ask_for_new_password(*, email: str, now: datetime) -> None:
    """Mail a link to who has this work e-mail. Nobody learns whether there is such a person."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        record_access(kind=AccessEvent.Kind.PASSWORD_RESET, detail={"known": False})
        return
    with acting_as(user):
        record_access(kind=AccessEvent.Kind.PASSWORD_RESET, detail={"known": True})
        at = now.astimezone(EDMONTON)
        notices.tell(
            user,
            key=f"new password {at:%Y-%m-%d %H}:{at.minute // ONE_MAIL_PER}",
            words=mail_with_link,
            now=now,
        )


def mail_with_link() -> tuple[str, str]:
    text = _(
        "Somebody, most likely you, asked for a new password for I2A call tracking. Choose one here within two "
        "days: %(link)s\n\nThe link works once. If you asked for nothing, there is nothing to do: your password "
        "stays as it is."
    )
    return _("Choose a new password"), text % {"link": notices.PASSWORD_LINK}


def password_link(user: User) -> str:
    """Made when the mail leaves, so that it lies in no table. The host is a setting, never what a request says."""
    kwargs = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.I2A_SITE_URL.rstrip("/") + reverse("account_reset_password_from_key", kwargs=kwargs)
