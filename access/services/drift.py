"""Every night: what stands in the tables against what stands in the register; no side door stays open (R-ACC-03)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from access.models import DriftReport, User
from access.register import Standing, register_at
from audit.models import AccessEvent
from audit.services import record_access

Finding = dict[str, Any]
# Higher apps compare their own tables of access to single records.
_comparisons: list[Callable[[datetime], list[Finding]]] = []


def register_comparison(compare: Callable[[datetime], list[Finding]]) -> None:
    _comparisons.append(compare)


@transaction.atomic
def reconcile(*, now: datetime) -> DriftReport:
    findings = [*drift(now)]
    report = DriftReport.objects.create(at=now, findings=findings)
    if findings:
        detail = {"count": len(findings)}
        record_access(kind=AccessEvent.Kind.ACCESS_DRIFT, object_type="access.driftreport", detail=detail)
    return report


def drift(now: datetime) -> Iterator[Finding]:
    """`code` says what, `user` whose (their key), `detail` which; never a name."""
    yield from side_doors()
    register = register_at(now)
    users = User.objects.prefetch_related("grants").order_by("pk")
    for user in users:
        yield from of_person(user, register.get(user.pk), now)
    for compare in _comparisons:
        yield from compare(now)


def side_doors() -> Iterator[Finding]:
    """Django's own ways of giving rights, which give none here, but somebody has tried."""
    through = User.groups.through
    for user_id, name in through.objects.order_by("user_id").values_list("user_id", "group__name"):
        yield finding("group", user_id, name)
    for user_id, codename in User.user_permissions.through.objects.values_list("user_id", "permission__codename"):
        yield finding("permission", user_id, codename)
    for user_id in User.objects.filter(is_staff=True).order_by("pk").values_list("pk", flat=True):
        yield finding("flag", user_id, "is_staff")  # the other flag, is_superuser, the database refuses
    for group_id in Group.objects.filter(permissions__isnull=False).distinct().values_list("pk", flat=True):
        yield finding("group_permission", None, f"group {group_id}")


def of_person(user: User, standing: Standing | None, now: datetime) -> Iterator[Finding]:
    if standing is None:
        yield finding("unknown", user.pk, "")
        return
    if user.is_active != standing.is_active:
        yield finding("active", user.pk, "active" if user.is_active else "deactivated")
    if user.team_id != standing.team_id:
        yield finding("team", user.pk, str(user.team_id))
    if user.trained_until != standing.trained_until:
        yield finding("training", user.pk, str(user.trained_until))
    held = {grant_facts(grant) for grant in user.grants.all() if grant.revoked_at is None}
    entered = {
        (role.grant, role.role, role.starts_at, role.ends_at, key in standing.suspended)
        for key, role in standing.roles.items()
    }
    for facts in sorted(held ^ entered, key=str):
        yield finding("role" if facts in held else "role_missing", user.pk, facts[1])


def grant_facts(grant: Any) -> tuple[Any, ...]:
    return (str(grant.uid), grant.role, grant.starts_at, grant.ends_at, grant.suspended_at is not None)


def finding(code: str, user_id: int | None, detail: str) -> Finding:
    return {"code": code, "user": user_id, "detail": detail}
