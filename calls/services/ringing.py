"""A call that rings comes up on the pages of who is called, for a moment (F3)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from access.models import User
from calls.models import RingingCall
from calls.models.phone import RINGS_FOR
from calls.services.missed_calls import number_of

KNOWN_FOR = timedelta(minutes=10)  # longer than a signed event can be posted once more


@transaction.atomic
def ring(*, event_id: str, at: datetime, caller: str, extension: str, now: datetime) -> None:
    """Have it come up at the desk with this extension. Nothing does for a hidden number, for a desk nobody sits at, for
    what rang minutes ago, or the same event once more."""
    number, at = number_of(caller), min(at, now)
    called = User.objects.filter(extension=extension, is_active=True).first() if extension else None
    if called is None or not number or at <= now - RINGS_FOR:
        return
    values = {"user": called, "number": number, "at": at, "received_at": now}
    RingingCall.objects.get_or_create(event_id=event_id, defaults=values)


def take(*, user: User) -> None:
    """They began a call, or put it away: nothing rings at their desk any more."""
    erase_numbers(RingingCall.objects.filter(user=user))


def take_elsewhere(*, caller: str, extension: str) -> None:
    """Somebody answered: it rings no longer at the other desks."""
    erase_numbers(RingingCall.objects.filter(number=number_of(caller)).exclude(user__extension=extension))


def end(*, caller: str) -> None:
    """They hung up."""
    erase_numbers(RingingCall.objects.filter(number=number_of(caller)))


def forget(*, now: datetime) -> None:
    erase_numbers(RingingCall.objects.filter(at__lte=now - RINGS_FOR))
    RingingCall.objects.filter(received_at__lte=now - KNOWN_FOR).delete()


def erase_numbers(calls: QuerySet[RingingCall]) -> None:
    calls.exclude(number="").update(number="")  # no audit: nobody's record, gone within minutes
