"""The steps of somebody's access as their page tells them, the newest first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from access.models import RegisterEvent, Team, User
from access.roles import Role
from i2a.wall_time import say_short_day

Kind = RegisterEvent.Kind


@dataclass(frozen=True)
class Step:
    """`what` is the role, the team or the last day it is about; "" where the kind says it all."""

    at: datetime
    label: str
    what: str
    by: User | None


def steps_of(user: User, at: datetime) -> list[Step]:
    events = list(RegisterEvent.objects.filter(user=user, at__lte=at).select_related("by").order_by("-at", "-pk"))
    roles = {event.data["grant"]: event.data["role"] for event in events if event.kind == Kind.GRANTED}
    teams = Team.objects.in_bulk([event.data["team"] for event in events if event.data.get("team")])
    return [Step(event.at, event.get_kind_display(), what(event, roles, teams), event.by) for event in events]


def what(event: RegisterEvent, roles: dict[str, str], teams: dict[int, Team]) -> str:
    data: dict[str, Any] = event.data
    if data.get("grant") in roles:
        return str(Role(roles[data["grant"]]).label)
    if data.get("team") in teams:
        return teams[data["team"]].name
    last_day = data.get("expires_on") or data.get("until")
    return _("valid to %(day)s") % {"day": say_short_day(date.fromisoformat(last_day))} if last_day else ""
