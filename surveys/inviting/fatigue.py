"""Nobody is asked more than once in six months, whatever the survey and by whatever means (R-SRV-02, F82)."""

from calendar import monthrange
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from outbox.models import Message
from surveys.models import Invitation, Survey

MONTHS = 6
NEVER_LEFT = [Message.State.WITHHELD, Message.State.CANCELLED]
LOCK = 0x5352_5659  # any number that nobody else uses


def asked_recently(day: date, *, but_for: Survey | None = None) -> Exists:
    """Of a contact: whether they were asked in the six months before `day`. Of a mail that never left they know
    nothing. By phone only the month is kept, so it counts to its end."""
    by_mail = Q(by_phone=False, invited_on__gt=months_before(day, MONTHS)) & (
        Q(message=None) | ~Q(message__state__in=NEVER_LEFT)
    )
    by_phone = Q(by_phone=True, invited_on__gt=months_before(day, MONTHS + 1))
    asked = Invitation.objects.filter(by_mail | by_phone, contact=OuterRef("pk"))
    return Exists(asked.exclude(survey=but_for) if but_for else asked)


def one_at_a_time() -> None:
    """Until the transaction ends nobody else invites anybody: two surveys must not ask one person at one moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def months_before(day: date, months: int) -> date:
    """The same day of the month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
