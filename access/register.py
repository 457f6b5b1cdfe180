"""The access register: written step by step, read by replaying the steps up to a moment (R-ACC-01, N14).

What is asked on every page stands in tables of its own (`AccessGrant`, `User.team`, `User.trained_until`); the services
write both. A nightly check compares the two (`access.services.drift`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from access.models import AccessGrant, RegisterEvent, Team, TrainingRecord, User
from audit.actor import current

Kind = RegisterEvent.Kind


@dataclass(frozen=True)
class Held:
    """One role of one person. The request says by whom and why."""

    grant: str
    role: str
    starts_at: datetime
    ends_at: datetime | None
    request: int | None

    def lasts_at(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass
class Standing:
    """What one person may, as the steps so far leave it. `training` is the last valid day of each open record."""

    user_id: int
    team_id: int | None = None
    is_active: bool = False
    entered_at: datetime | None = None
    roles: dict[str, Held] = field(default_factory=dict)
    suspended: set[str] = field(default_factory=set)
    training: dict[str, date] = field(default_factory=dict)
    extended: tuple[date, date] | None = None  # the certificate that ran out, and until when it counts nevertheless

    def roles_at(self, at: datetime) -> list[Held]:
        """In force then; nobody who is deactivated has any."""
        if not self.is_active:
            return []
        held = [role for key, role in self.roles.items() if key not in self.suspended and role.lasts_at(at)]
        return sorted(held, key=lambda role: (role.role, role.starts_at))

    @property
    def trained_until(self) -> date | None:
        certificate = max(self.training.values(), default=None)
        if self.extended and self.extended[0] == certificate:
            return max(self.extended)
        return certificate


def register_at(at: datetime) -> dict[int, Standing]:
    """Everybody's standing at a moment, by their key. One query."""
    return replay(RegisterEvent.objects.filter(at__lte=at).order_by("at", "id").iterator())


def replay(events: Iterable[RegisterEvent]) -> dict[int, Standing]:
    standings: dict[int, Standing] = {}
    for event in events:
        take_step(standings.setdefault(event.user_id, Standing(event.user_id)), event)
    return standings


def take_step(standing: Standing, event: RegisterEvent) -> None:
    step = STEPS.get(Kind(event.kind))
    if step is not None:  # who owns the system is asked of the events themselves
        step(standing, event.data, event.at)


def _entered(standing: Standing, data: dict[str, Any], at: datetime) -> None:
    standing.entered_at, standing.is_active, standing.team_id = at, data["is_active"], data["team"]


def _team(standing: Standing, data: dict[str, Any], at: datetime) -> None:
    standing.team_id = data["team"]


def _granted(standing: Standing, data: dict[str, Any], at: datetime) -> None:
    standing.roles[data["grant"]] = held_of(data)


def _ended(standing: Standing, data: dict[str, Any], at: datetime) -> None:
    standing.roles.pop(data["grant"], None)


def _suspended(standing: Standing, data: dict[str, Any], at: datetime) -> None:
    standing.suspended.add(data["grant"])


def _restored(standing: Standing, data: dict[str, Any], at: datetime) -> None:
    standing.suspended.discard(data["grant"])


def _activated(standing: Standing, data: dict[str, Any], at: datetime) -> None:
    standing.is_active = True


def _deactivated(standing: Standing, data: dict[str, Any], at: datetime) -> None:
    standing.is_active = False


def _trained(standing: Standing, data: dict[str, Any], at: datetime) -> None:
    if data["expires_on"]:
        standing.training[data["record"]] = date.fromisoformat(data["expires_on"])


def _untrained(standing: Standing, data: dict[str, Any], at: datetime) -> None:
    standing.training.pop(data["record"], None)


def _extended(standing: Standing, data: dict[str, Any], at: datetime) -> None:
    standing.extended = (date.fromisoformat(data["from_on"]), date.fromisoformat(data["until"]))


STEPS: dict[RegisterEvent.Kind, Callable[[Standing, dict[str, Any], datetime], None]] = {
    Kind.ENTERED: _entered,
    Kind.TEAM: _team,
    Kind.GRANTED: _granted,
    Kind.ENDED: _ended,
    Kind.SUSPENDED: _suspended,
    Kind.RESTORED: _restored,
    Kind.ACTIVATED: _activated,
    Kind.DEACTIVATED: _deactivated,
    Kind.TRAINED: _trained,
    Kind.UNTRAINED: _untrained,
    Kind.EXTENDED: _extended,
}


def held_of(data: dict[str, Any]) -> Held:
    ends_at = datetime.fromisoformat(data["ends_at"]) if data["ends_at"] else None
    return Held(data["grant"], data["role"], datetime.fromisoformat(data["starts_at"]), ends_at, data["request"])


# Writing: each of these belongs into the transaction of what it tells.


def append(kind: RegisterEvent.Kind, user: User, at: datetime, **data: Any) -> RegisterEvent:
    actor = current()
    plain = {name: str(value) if isinstance(value, UUID) else value for name, value in data.items()}
    return RegisterEvent.objects.create(kind=kind, user=user, at=at, by=actor.user, by_label=actor.label, data=plain)


def enter(user: User, at: datetime) -> None:
    append(Kind.ENTERED, user, at, is_active=user.is_active, team=user.team_id)


def enter_team(user: User, team: Team | None, at: datetime) -> None:
    append(Kind.TEAM, user, at, team=team.pk if team else None)


def enter_grant(grant: AccessGrant, at: datetime) -> None:
    ends_at = grant.ends_at.isoformat() if grant.ends_at else None
    times = {"starts_at": grant.starts_at.isoformat(), "ends_at": ends_at}
    append(Kind.GRANTED, grant.user, at, grant=grant.uid, role=grant.role, request=grant.request_id, **times)


def enter_end(grant: AccessGrant, at: datetime) -> None:
    append(Kind.ENDED, grant.user, at, grant=grant.uid)


def enter_training(record: TrainingRecord, at: datetime) -> None:
    expires_on = record.expires_on.isoformat() if record.expires_on else None
    append(Kind.TRAINED, record.user, at, record=record.uid, course=record.course.code, expires_on=expires_on)
