"""Telling team leads what is overdue, and managers once when it stays so (R-FUP-04). Only in service hours: nobody can
answer at night. The mail holds a number and a link, nothing about a caller."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.models import AccessGrant, User
from access.roles import Role
from followups.calendar import Calendar, NoOpenDay, add_business_time, state_at
from followups.models import FollowUp, FollowUpQuerySet
from followups.selectors import load_calendar
from outbox.alerts import tell

ESCALATED_AFTER = timedelta(hours=4)  # of service time
MOST_AT_ONCE = 500


@transaction.atomic
def alert_overdue(*, now: datetime) -> int:
    """Queue alerts for what became overdue since the last time; return how many follow-ups they are about.

    Each is alerted once and escalated once, however often and by however many this runs.
    """
    calendar = load_calendar()
    return alert_leads(now) + escalate(now, calendar) if is_open_at(now, calendar) else 0


def is_open_at(now: datetime, calendar: Calendar) -> bool:
    try:
        return state_at(now, calendar).is_open
    except NoOpenDay:
        return False


def alert_leads(now: datetime) -> int:
    fresh = _lock(FollowUp.objects.overdue(now).filter(alerted_at__isnull=True))
    for team in {follow_up.team_id for follow_up in fresh}:
        late = [follow_up for follow_up in fresh if follow_up.team_id == team]
        leads = holders_of(Role.TEAM_LEAD, now).filter(team=team)
        _tell(leads or holders_of(Role.MANAGER, now), "overdue", late, now)
        for follow_up in late:
            follow_up.alerted_at = now
            follow_up.save(update_fields=["alerted_at"])
    return len(fresh)


def escalate(now: datetime, calendar: Calendar) -> int:
    """What the lead was told of, and nobody answered for half a day of service: the managers, once."""
    told = FollowUp.objects.overdue(now).filter(alerted_at__lt=now, escalated_at__isnull=True)
    stale = [row for row in _lock(told) if add_business_time(row.due_at, ESCALATED_AFTER, calendar) <= now]
    if stale:
        _tell(holders_of(Role.MANAGER, now), "escalated", stale, now)
    for follow_up in stale:
        follow_up.escalated_at = now
        follow_up.save(update_fields=["escalated_at"])
    return len(stale)


def holders_of(role: Role, now: datetime) -> QuerySet[User]:
    grants = AccessGrant.objects.in_force(now).filter(role=role).values("user")
    return User.objects.filter(is_active=True, pk__in=grants).order_by("pk")


def _lock(rows: FollowUpQuerySet) -> list[FollowUp]:
    """Rows that another tick is busy with are its own."""
    return list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk")[:MOST_AT_ONCE])


def _tell(to: Iterable[User], kind: str, late: list[FollowUp], now: datetime) -> None:
    """One mail for all of them; its key names the first row, which is told of once."""
    tell(key=f"{kind}:{late[0].pk}", to=to, words=lambda: words_for(kind, len(late)), now=now)


def words_for(kind: str, count: int) -> tuple[str, str]:
    said = ngettext("%(count)s follow-up is overdue", "%(count)s follow-ups are overdue", count) % {"count": count}
    if kind == "escalated":
        said = _("%(said)s, and the team was told") % {"said": said}
    link = f"{settings.I2A_SITE_URL.rstrip('/')}{reverse('followups:list')}?view=overdue"
    return said, f"{said}.\n{link}"
