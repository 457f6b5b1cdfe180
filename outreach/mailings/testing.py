"""Trying a mailing out: its mail to the colleague who asks, and to nobody else (F74)."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from access.models import User
from contacts.choices import Source
from contacts.models import ConsentEvent, Contact
from outbox import rendering
from outbox.alerts import queue_alerts
from outbox.why import LOCALES
from outreach.mailings import refusals, words
from outreach.mailings.kinds import Mailing


@transaction.atomic
def send_test(mailing: Mailing, *, language: str, by: User, now: datetime) -> None:
    """The words as a receiver reads them, as mail to colleagues: it takes a user, so it cannot reach a contact.

    :raises MailingRefused: there are no words in this language, or what every mail must carry is not in force.
    """
    if not words.has(mailing, language):
        raise refusals.EnglishMissing if language == "en" else refusals.FrenchMissing(0)
    agreed_today = ConsentEvent(source=Source.CALL, at=now)
    message = words.message_for(mailing, Contact(name=by.get_full_name()), agreed_today, language)
    try:
        written = rendering.shown(message, rendering.wordings_in_force(now))
    except rendering.NotRenderable:
        raise refusals.NoWayOut from None
    with override(LOCALES[language]):
        subject = _("Test: %(subject)s") % {"subject": message.content.subject}
    key = mailing.mailing.replace(":", "-test:", 1)
    queue_alerts(key=f"{key}:{uuid4()}", to=[by], subject=subject[:200], text=written.text, now=now)
