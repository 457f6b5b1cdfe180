"""What waits, since when and why: for the page of those who look after the mail, and for the alert on every page."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import AccessEvent
from outbox.health import Health, Trouble, health
from outbox.models import Message, Reason, SendingState

State = Message.State
COUNT_UP_TO = 1000
MAILBOX_SAYS: dict[str, str | Promise] = {
    "off": _("Not read here: no mailbox is configured. A relay may still hand in what comes back."),
    "ok": _("Read every minute."),
    "not read": _("Nobody has looked into it for ten minutes. Start worker and beat."),
    Trouble.SIGN_IN_REFUSED.value: _("It refuses our user name or password. What came back waits there."),
    Trouble.UNREACHABLE.value: _("Its server cannot be reached, or the folder is missing. What came back waits there."),
}
SAYS: dict[str, str | Promise] = {
    "no tick": _(
        "Nobody looks after the mail: no process has asked for due mail for two minutes. Start worker and beat."
    ),
    "stopped": _("Sending is stopped by a person."),
    **{trouble.value: trouble.label for trouble in Trouble if trouble.value},
}


@dataclass(frozen=True)
class Backlog:
    """Counts over all teams: nothing personal is in them. Ended messages are counted up to `COUNT_UP_TO`."""

    due: int
    oldest: datetime | None
    later: int
    leaving: int
    needs_person: int
    failed: int
    bounced: int
    sent_today: int
    withheld_today: int
    held: list[tuple[str, int]]  # why, and how many
    stopped: list[SendingState]


def backlog(now: datetime) -> Backlog:
    """Each count has an index that holds only what it counts."""
    queued = Message.objects.filter(state=State.QUEUED)
    due = Q(not_before__lte=now)
    waiting = queued.aggregate(due=Count("pk", due), later=Count("pk", ~due), oldest=Min("not_before", filter=due))
    held = queued.exclude(reason="").values_list("reason").annotate(count=Count("pk")).order_by("-count", "reason")
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = AccessEvent.objects.filter(at__gte=midnight)
    return Backlog(
        due=waiting["due"],
        oldest=waiting["oldest"],
        later=waiting["later"],
        leaving=Message.objects.filter(state__in=[State.CLAIMED, State.SENDING]).count(),
        needs_person=Message.objects.filter(state=State.AMBIGUOUS).count(),
        failed=Message.objects.filter(state=State.FAILED)[: COUNT_UP_TO + 1].count(),
        bounced=Message.objects.filter(state=State.BOUNCED)[: COUNT_UP_TO + 1].count(),
        sent_today=today.filter(kind=AccessEvent.Kind.EMAIL_SENT).count(),
        withheld_today=today.filter(kind=AccessEvent.Kind.EMAIL_WITHHELD).count(),
        held=[(Reason.say(reason), count) for reason, count in held],
        stopped=list(SendingState.objects.filter(is_stopped=True).select_related("changed_by").order_by("mailing")),
    )


def in_words(found: Health) -> str:
    """What to tell people; "" when all is well."""
    return str(SAYS.get(found.code, ""))


def mailbox_in_words(found: Health) -> str:
    """What to tell people of the mailbox for what comes back."""
    return str(MAILBOX_SAYS[found.code])


def mail_alert(request: HttpRequest) -> dict[str, object]:
    """For the navigation and the first page: why no mail leaves. Only those who can do something about it are told."""
    return {"mail_alert": cache(lambda: alert_for(request))}


def alert_for(request: HttpRequest) -> str:
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.has_perm("outbox.view_backlog"):
        return ""
    return in_words(health())
