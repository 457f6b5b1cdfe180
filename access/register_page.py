"""The register as people read it: one row a person, at any moment."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from access import words
from access.models import AccessRequest, ObjectGrant, RegisterEvent, Team, User
from access.models.object_grants import in_force
from access.register import Held, Standing, register_at
from access.roles import Role
from access.trained import State, state_of
from audit.models import AccessEvent
from i2a.clock import EDMONTON
from i2a.wall_time import say_short_day

NOT_SEEN_FOR = timedelta(days=90)


@dataclass(frozen=True)
class RoleLine:
    """One role with who allowed it; `request` is empty for the first people of a system."""

    label: str
    summary: str
    starts_at: datetime
    ends_at: datetime | None
    request: AccessRequest | None
    is_suspended: bool = False


@dataclass
class Row:
    user: User
    team: Team | None
    is_active: bool
    is_owner: bool
    roles: list[RoleLine]
    codes: frozenset[str]
    trained_until: date | None
    training: State
    last_here: datetime | None
    object_grants: int
    needs: list[str] = field(default_factory=list)

    @property
    def training_text(self) -> str:
        if self.trained_until is None:
            return _("Never done")
        said = {"day": say_short_day(self.trained_until)}
        return _("Ran out %(day)s") % said if self.training == State.LAPSED else say_short_day(self.trained_until)

    @property
    def training_tone(self) -> str:
        return {State.VALID: "", State.DUE: "warn", State.LAPSED: "stop", State.NEVER: "stop"}[self.training]


def rows_at(at: datetime, viewer: Any) -> list[Row]:
    """Everybody whom `viewer` may see in the register, as they stood at `at`; those who need a look first."""
    standings = register_at(at)
    if not viewer.has_perm("access.view_whole_register"):
        standings = {key: standing for key, standing in standings.items() if is_near(standing, viewer)}
    rows = build(list(standings.values()), at)
    return sorted(rows, key=lambda row: (not row.needs, row.user.last_name, row.user.first_name, row.user.pk))


def is_near(standing: Standing, viewer: User) -> bool:
    """Oneself, and one's own team for who leads it."""
    own_team = viewer.has_perm("access.view_register") and viewer.team_id is not None
    return standing.user_id == viewer.pk or (own_team and standing.team_id == viewer.team_id)


def row_of(user: User, at: datetime) -> Row | None:
    standing = register_at(at).get(user.pk)
    return build([standing], at)[0] if standing else None


def build(standings: list[Standing], at: datetime) -> list[Row]:
    keys = [standing.user_id for standing in standings]
    held = [role for standing in standings for role in standing.roles.values()]
    requests = AccessRequest.objects.select_related("authorised_by", "executed_by", "requested_by").in_bulk(
        [role.request for role in held if role.request]
    )
    facts = Facts(
        at=at,
        users=User.objects.in_bulk(keys),
        teams=Team.objects.in_bulk([standing.team_id for standing in standings if standing.team_id]),
        requests=requests,
        last_here=last_sign_ins(keys, at),
        object_grants=count_object_grants(keys, at),
        owner=owner_then(at),
    )
    return [facts.row(standing) for standing in standings]


def last_sign_ins(keys: list[int], at: datetime) -> dict[int, datetime]:
    events = AccessEvent.objects.filter(kind=AccessEvent.Kind.SIGNED_IN, actor__in=keys, at__lte=at)
    return dict(events.values_list("actor").annotate(last=Max("at")).values_list("actor", "last"))


def count_object_grants(keys: list[int], at: datetime) -> Counter[int]:
    return Counter(object_grants_at(at).filter(user__in=keys, permission="view_contact").values_list("user", flat=True))


def object_grants_at(at: datetime) -> Any:
    """Open at that moment, whatever became of them since."""
    ended_later = ObjectGrant.objects.filter(starts_at__lte=at, revoked_at__gt=at).exclude(until__lte=at)
    return ObjectGrant.objects.filter(in_force(at)) | ended_later


def owner_then(at: datetime) -> int | None:
    events = RegisterEvent.objects.filter(kind=RegisterEvent.Kind.OWNER, at__lte=at).order_by("-at", "-id")
    return events.values_list("user", flat=True).first()


@dataclass(frozen=True)
class Facts:
    """What the rows of a page need, asked once."""

    at: datetime
    users: dict[int, User]
    teams: dict[int, Team]
    requests: dict[int, AccessRequest]
    last_here: dict[int, datetime]
    object_grants: Counter[int]
    owner: int | None

    def row(self, standing: Standing) -> Row:
        in_force = standing.roles_at(self.at)
        today = self.at.astimezone(EDMONTON).date()
        suspended = [role for key, role in standing.roles.items() if key in standing.suspended]
        row = Row(
            user=self.users[standing.user_id],
            team=self.teams.get(standing.team_id or 0),
            is_active=standing.is_active,
            is_owner=standing.user_id == self.owner,
            roles=[self.line(role) for role in in_force] + [self.line(role, is_suspended=True) for role in suspended],
            codes=frozenset(role.role for role in in_force),
            trained_until=standing.trained_until,
            training=state_of(standing.trained_until, today),
            last_here=self.last_here.get(standing.user_id),
            object_grants=self.object_grants[standing.user_id],
        )
        row.needs = self.needs(row, in_force, today) if row.roles else []
        return row

    def line(self, role: Held, *, is_suspended: bool = False) -> RoleLine:
        return RoleLine(
            label=str(Role(role.role).label),
            summary=words.summary(role.role),
            starts_at=role.starts_at,
            ends_at=role.ends_at,
            request=self.requests.get(role.request or 0),
            is_suspended=is_suspended,
        )

    def needs(self, row: Row, in_force: list[Held], today: date) -> list[str]:
        said = []
        if row.training == State.NEVER:
            said.append(_("privacy training is missing"))
        elif row.training == State.LAPSED:
            said.append(_("privacy training has run out"))
        elif row.trained_until and (row.trained_until - today).days <= 30:
            said.append(_("privacy training runs out soon"))
        since = [row.last_here] if row.last_here else [role.starts_at for role in in_force]
        if since and self.at - max(since) > NOT_SEEN_FOR:
            said.append(_("not signed in for 90 days"))
        if any(line.is_suspended for line in row.roles):
            said.append(_("a role is suspended"))
        return said
