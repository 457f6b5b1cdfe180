"""The demonstration's staff, with their teams, roles and the printed password: in the register as anybody else is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password

from access.demo import CAST, FORMER, NEW, OVERDUE, PASSWORD, Character, Extra
from access.models import AccessRequest, Course, Team, User
from access.roles import OF_POWER, Role
from access.second_factor import NEEDED_FOR, has_second_step
from access.services import requests, training
from access.services.bootstrap import bootstrap_person
from access.services.grants import make_owner, owner_at
from access.services.people import deactivate
from access.services.training import months_later
from audit.actor import acting_as
from audit.models import AccessEvent
from i2a.clock import EDMONTON

SINCE = datetime(2020, 1, 1, 16, 0, tzinfo=UTC)  # the demonstration's clock may be set back to any day since
WHY = "Works on the information line."
FIRST = {Role.MANAGER, Role.ACCESS_ADMIN}  # nobody was there who could have let them in


def add_cast(now: datetime) -> dict[str, User]:
    """Everybody of `CAST` by user name. Those who are there already stay as they are, password included."""
    present = {user.username: user for user in User.objects.select_related("team")}
    missing = [character for character in CAST if character.username not in present]
    hashed = make_password(PASSWORD) if missing else ""  # once: hashing is slow on purpose
    missing.sort(key=lambda character: (character.role not in FIRST, character.role in OF_POWER))
    for character in missing:
        present[character.username] = add_character(character, hashed, present, now)
    catch_up(present, now)
    if NEW.username not in present:
        add_extras(present, now)
    for character in CAST:
        add_second_step(character, present[character.username])
    return present


def add_second_step(character: Character, user: User) -> None:
    """An app that nobody has: the page that asks for its code shows it."""
    if character.role in NEEDED_FOR and not has_second_step(user):
        TOTP.activate(user, generate_totp_secret())


def add_character(character: Character, hashed: str, present: dict[str, User], now: datetime) -> User:
    team = Team.objects.get_or_create(name=character.team)[0] if character.team else None
    facts = {name: getattr(character, name) for name in ("username", "first_name", "last_name", "email")}
    if character.role in FIRST:
        user = bootstrap_person(**facts, role=character.role, team=team, now=SINCE)
        if character.role == Role.MANAGER:
            make_owner(user=user, now=SINCE)
    else:
        user = requests.add_person(**facts, team=team, now=SINCE)
    train(user, last_day(now, character.trained_for), SINCE)
    if character.role not in FIRST:
        let_in(user, character.role, team, present, SINCE)
    user.refresh_from_db()
    user.password = hashed
    user.extension = character.extension
    user.save(update_fields=["password", "extension"])
    came_until(user, now - timedelta(days=1))
    return user


def came_until(user: User, last: datetime) -> None:
    """Every ninth week: the register says that all have been there lately, whatever day it is asked about."""
    times = [last - timedelta(weeks=9) * number for number in range((last - SINCE) // timedelta(weeks=9), -1, -1)]
    kind, label = AccessEvent.Kind.SIGNED_IN, user.username
    AccessEvent.objects.bulk_create(  # no audit: they are the record themselves
        [AccessEvent(kind=kind, actor=user, actor_label=label, at=at) for at in times]
    )


def catch_up(present: dict[str, User], now: datetime) -> None:
    """A demonstration that an earlier version made had neither an owner nor training."""
    owner = present["grant"]
    if owner_at(now) is None and owner.grants.in_force(now).filter(role=Role.MANAGER).exists():
        make_owner(user=owner, now=SINCE)  # who then let in those below
    for character in CAST:
        user = present[character.username]
        if not user.training.exists():
            train(user, last_day(now, character.trained_for), now)
            user.refresh_from_db()


def last_day(now: datetime, days: int) -> date:
    return now.astimezone(EDMONTON).date() + timedelta(days=days)


def train(user: User, until: date, now: datetime) -> None:
    """Courses every three years, the last one valid to `until`, the first one before the system began."""
    course, completed_on = Course.objects.get(code="foip-popa"), months_later(until, -36)
    while True:
        training.record_training(
            user=user, course=course, completed_on=completed_on, certificate=f"POPA-{completed_on.year}-{user.pk:03}",
            by=None, now=now,
        )  # fmt: skip
        if completed_on <= SINCE.date():
            return
        completed_on = months_later(completed_on, -36)


def ask_for(
    user: User, role: Role, team: Team | None, by: User, now: datetime, ends_at: datetime | None = None
) -> AccessRequest:
    with acting_as(by):
        return requests.ask(
            user=user, role=role, team=team, reason=WHY, starts_at=now, ends_at=ends_at, form_uuid=uuid4(), by=by,
            now=now,
        )  # fmt: skip


def let_in(user: User, role: Role, team: Team | None, present: dict[str, User], now: datetime) -> None:
    """Asked by the owner, or by a lead where it takes three; authorised by the owner; executed by the administrator."""
    owner, administrator = present["grant"], present["dele"]
    asked = ask_for(user, role, team, present["priya"] if role in OF_POWER else owner, now)
    with acting_as(owner):
        requests.authorise(request=asked, by=owner, now=now)
    with acting_as(administrator):
        requests.execute(request=asked, by=administrator, now=now)


def add_extras(present: dict[str, User], now: datetime) -> None:
    """Nobody signs in as these: one whose training ran out, one who left, one who waits for the owner."""
    came_until(add_extra(OVERDUE, present, last_day(now, -20), SINCE), now - timedelta(days=21))
    former, left_at = add_extra(FORMER, present, last_day(now, 200), SINCE), now - timedelta(days=40)
    came_until(former, left_at - timedelta(days=1))
    with acting_as(present["dele"]):
        deactivate(user=former, reason="Left the branch", by=present["dele"], now=left_at)
    waiting = requests.add_person(**facts_of(NEW), now=now - timedelta(days=1))
    ask_for(waiting, NEW.role, Team.objects.get(name=NEW.team), present["priya"], now - timedelta(days=1))


def add_extra(extra: Extra, present: dict[str, User], until: date, now: datetime) -> User:
    team = Team.objects.get(name=extra.team)
    user = requests.add_person(**facts_of(extra), team=team, now=now)
    train(user, until, now)
    let_in(user, extra.role, team, present, now)
    user.refresh_from_db()
    return user


def facts_of(extra: Extra) -> dict[str, Any]:
    return {name: getattr(extra, name) for name in ("username", "first_name", "last_name", "email")}
