"""Sending alerts to colleagues: queued as rows, sent by a tick, tried again for three days.

The mail may come twice when a sender dies at the wrong moment (the same Message-ID). It keeps to the switch that stops
all mail.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from access.models import User
from access.notices import filled_in
from outbox.models import SendingState, StaffAlert
from outbox.services import message_id_for
from outbox.smtp import MailServer, Outcome, Unreachable, sender_address, wire_address

logger = logging.getLogger(__name__)

TRIED_FOR = timedelta(days=3)
MOST_AT_ONCE = 20


@transaction.atomic
def queue_alerts(*, key: str, to: Iterable[User], subject: str, text: str, now: datetime) -> int:
    """Tell colleagues, each once for one `key`; return how many are new."""
    made = [
        StaffAlert.objects.get_or_create(
            key=key, to=user, defaults={"subject": subject, "text": text, "created_at": now, "not_before": now}
        )[1]
        for user in to
    ]
    return sum(made)


def tell(*, key: str, to: Iterable[User], words: Callable[[], tuple[str, str]], now: datetime) -> int:
    """`queue_alerts` in both languages. `words` answers subject and text in the language that is active."""
    subjects, texts = [], []
    for language in ("en-ca", "fr-ca"):
        with override(language):
            subject, text = words()
        subjects.append(subject)
        texts.append(text)
    return queue_alerts(key=key, to=to, subject=" / ".join(subjects), text="\n\n".join(texts), now=now)


def send_alerts(*, now: datetime) -> int:
    """Send what is due; return how many left. Two of these at once share the work."""
    waiting = StaffAlert.objects.filter(sent_at__isnull=True, created_at__gt=now - TRIED_FOR)
    due = waiting.filter(not_before__lte=now, to__is_active=True)  # not to who left meanwhile
    ids = list(due.order_by("not_before", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    if not ids or SendingState.objects.filter(is_stopped=True, mailing="").exists():
        return 0
    sent = 0
    try:
        with MailServer() as server:
            server.connect()
            for pk in ids:
                sent += _send(server, pk, now)
    except Unreachable as error:
        logger.warning("staff alerts wait: %s", error)
    return sent


@transaction.atomic
def _send(server: MailServer, pk: int, now: datetime) -> bool:
    free = StaffAlert.objects.select_for_update(skip_locked=True, of=("self",)).select_related("to")
    alert = free.filter(pk=pk, sent_at__isnull=True).first()
    if alert is None:
        return False
    answer = server.offer(sender=sender_address(), recipient=alert.to.email)
    if answer is None:
        answer = server.transmit(written(alert, now))
    alert.attempts += 1
    if answer.outcome is Outcome.ACCEPTED:
        alert.sent_at = now
    else:
        alert.not_before = now + timedelta(minutes=2 ** min(alert.attempts, 8))
    alert.save(update_fields=["attempts", "sent_at", "not_before"])
    return alert.sent_at is not None


def written(alert: StaffAlert, now: datetime) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = wire_address(alert.to.email)
    mail["Subject"] = alert.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id_for(alert.uid)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(filled_in(alert.text, alert.to))
    return mail.as_bytes()
