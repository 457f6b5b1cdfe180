"""A call that nobody took becomes a follow-up: call back within one business day (F8)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from access.models import Team
from access.teams import NoTeam
from calls.models import MissedCall
from contacts.choices import Sensitivity
from contacts.models import Contact
from contacts.phones import NotPossible, read_number
from followups.models import FollowUp
from followups.services import raise_follow_up


@transaction.atomic
def take_missed_call(*, event_id: str, at: datetime, caller: str, now: datetime) -> MissedCall:
    """Owe a call back. The same event twice is one call; who called again is called back once.

    :raises NoTeam: the line belongs to no team.
    :raises NoOpenDay: the calendar has no service hours.
    """
    team = lock_team_of_the_line()
    known = MissedCall.objects.filter(event_id=event_id).first()
    if known is not None:
        return known
    number = number_of(caller)
    follow_up = owe_call_back(number, team=team, received_at=min(at, now), now=now) if number else None
    return MissedCall.objects.create(event_id=event_id, at=at, follow_up=follow_up, received_at=now)


def lock_team_of_the_line() -> Team:
    """The team `I2A_PHONE_TEAM` names; without that, the first one. Locked: one missed call after the other."""
    teams = Team.objects.filter(is_active=True).select_for_update().order_by("pk")
    if settings.I2A_PHONE_TEAM:
        teams = teams.filter(name=settings.I2A_PHONE_TEAM)
    team = teams.first()
    if team is None:
        raise NoTeam
    return team


def number_of(caller: str) -> str:
    """ "" when it was withheld or cannot be dialled."""
    try:
        return read_number(caller).e164
    except NotPossible:
        return ""


def owe_call_back(number: str, *, team: Team, received_at: datetime, now: datetime) -> FollowUp:
    kind = FollowUp.Kind.CALL_BACK
    waiting = FollowUp.objects.open().filter(kind=kind, team=team, number=number).order_by("pk").first()
    return waiting or raise_follow_up(
        contact=certain_match(number, team),
        team=team,
        assigned_to=None,
        kind=kind,
        asked="",
        number=number,
        received_at=received_at,
        by=None,
        now=now,
    )


def certain_match(number: str, team: Team) -> Contact | None:
    """The only contact anywhere with this number, if the whole team may know about it (R-CON-11)."""
    found = list(Contact.objects.active().filter(Q(phone=number) | Q(mobile=number)).order_by("pk")[:2])
    if len(found) != 1 or found[0].team_id != team.pk or found[0].sensitivity == Sensitivity.RESTRICTED:
        return None
    return found[0]
