"""The register: replayed from its events to any moment; read, printed, taken out (R-ACC-01, N14)."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from access.models import AccessGrant, Course, RegisterEvent, Team, User
from access.register import register_at
from access.services import grants, requests, training
from access.services.grants import make_owner
from access.services.people import deactivate
from audit.models import AccessEvent
from i2a import clock
from tests.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
START = datetime(2025, 1, 6, 15, 0, tzinfo=UTC)


class Model:
    """The model answer: the whole state, copied after every step. Knows nothing of the register."""

    def __init__(self):
        self.states = [(START - timedelta(days=1), {})]

    def at(self, moment):
        state = next(state for at, state in reversed(self.states) if at <= moment)
        return {
            key: (one["team"], one["active"], sorted(role for role, start, end in one["roles"]
                  if one["active"] and start <= moment and (end is None or moment < end)), one["trained"])
            for key, one in state.items()
        }  # fmt: skip

    def step(self, at, key, **changes):
        state = {name: dict(one) for name, one in self.states[-1][1].items()}
        before = state.get(key, {"team": None, "active": False, "roles": [], "trained": None})
        state[key] = before | changes
        self.states.append((at, state))

    def now(self, key):
        return self.states[-1][1][key]


def a_made_up_year(owner, admin, random):
    """Two hundred steps by the services; returns the model answer beside them."""
    model, at, people = Model(), START, []
    course, teams = Course.objects.get(code="foip-popa"), [TeamFactory(name=f"Team {number}") for number in range(3)]
    for number in range(200):
        at += timedelta(hours=random.randint(1, 80))
        action = random.choice(["new", "grant", "grant", "end", "train", "deactivate"]) if people else "new"
        user = User.objects.get(pk=random.choice(people)) if people else None
        if action == "new":
            user = requests.add_person(
                username=f"p{number}", first_name="P", last_name=str(number), email=f"p{number}@example.org", now=at
            )
            training.record_training(
                user=user, course=course, completed_on=date(2024, 12, 1), certificate="", by=None, now=at
            )
            people.append(user.pk)
            model.step(at, user.pk, trained=date(2027, 12, 1))
        elif action == "grant":
            role = random.choice(["specialist", "team_lead"])
            ends_at = at + timedelta(days=random.randint(1, 60)) if random.random() < 0.5 else None
            team = random.choice(teams)
            if AccessGrant.objects.overlapping(user, role, at, ends_at).exists():
                continue
            facts = {"reason": "Made up", "starts_at": at, "ends_at": ends_at, "form_uuid": uuid4(), "by": owner}
            asked = requests.ask(user=user, role=role, team=team, now=at, **facts)
            requests.authorise(request=asked, by=owner, now=at)
            requests.execute(request=asked, by=admin, now=at)
            roles = [*model.now(user.pk)["roles"], (role, at, ends_at)]
            model.step(at, user.pk, team=team.pk, active=True, roles=roles)
        elif action == "end" and (grant := user.grants.open().first()):
            grants.end_grant(grant=grant, reason="Made up", by=admin, now=at)
            left = [one for one in model.now(user.pk)["roles"] if one[:2] != (grant.role, grant.starts_at)]
            model.step(at, user.pk, roles=left)
        elif action == "deactivate" and user.is_active:
            deactivate(user=user, reason="Made up", by=admin, now=at)
            model.step(at, user.pk, active=False, roles=[])
        elif action == "train":
            day = at.date()
            if not user.training.filter(completed_on=day).exists():
                training.record_training(user=user, course=course, completed_on=day, certificate="", by=admin, now=at)
                model.step(at, user.pk, trained=training.months_later(day, 36))
    return model, at


def test_the_register_at_20_random_dates_is_the_model_answer():
    owner, admin = UserFactory(role="manager", team=None), UserFactory(role="access_admin", team=None)
    make_owner(user=owner, now=START)
    random = Random(16)
    model, last = a_made_up_year(owner, admin, random)

    for _date in range(20):
        moment = START + random.random() * (last - START)
        replayed = {
            key: (one.team_id, one.is_active, sorted(role.role for role in one.roles_at(moment)), one.trained_until)
            for key, one in register_at(moment).items()
            if key not in {owner.pk, admin.pk}
        }
        assert replayed == model.at(moment), moment


def test_the_register_is_append_only(specialist):
    for change in [lambda rows: rows.update(kind="team"), lambda rows: rows.delete()]:
        with pytest.raises(DatabaseError), transaction.atomic():
            change(RegisterEvent.objects.filter(user=specialist))


def row_of(client, user, **query):
    html = client.get(reverse("access:register"), query).text
    return next((row for row in html.split("<tr>") if f">{user}<" in row or f"{user}</bdi>" in row), "")


def test_shows_role_team_training_and_who_allowed_it(client, manager, access_admin):
    now = clock.now()
    make_owner(user=manager, now=now)
    user = requests.add_person(
        username="new", first_name="Wilhelmina", last_name="Newstart-Gray", email="w@example.org", now=now
    )
    course = Course.objects.get(code="foip-popa")
    training.record_training(
        user=user, course=course, completed_on=clock.today(), certificate="7", by=access_admin, now=now
    )
    facts = {"reason": "New here", "starts_at": now, "ends_at": None, "form_uuid": uuid4(), "by": manager}
    asked = requests.ask(user=user, role="specialist", team=TeamFactory(), now=now, **facts)
    requests.authorise(request=asked, by=manager, now=now)
    requests.execute(request=asked, by=access_admin, now=now)
    client.force_login(manager)

    row = " ".join(row_of(client, user).split())

    for words in [
        "Specialist",
        "Phone",
        f"Authorised by {manager.short_name}",
        f"executed by {access_admin.short_name}",
    ]:
        assert words in row
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert row_of(client, user, as_at=yesterday) == ""


def test_names_of_the_world_are_escaped(client, manager):
    UserFactory(username="world", first_name="<b>أحمد</b>", last_name="النجّار")
    client.force_login(manager)

    assert "&lt;b&gt;أحمد&lt;/b&gt; النجّار" in client.get(reverse("access:register")).text


def test_a_lead_reads_their_own_team(client, team_lead, specialist):
    stranger = UserFactory(team=Team.objects.create(name="Elsewhere"))
    client.force_login(team_lead)

    html = client.get(reverse("access:register")).text

    assert str(specialist) in html
    assert str(stranger) not in html


def test_an_export_says_why_and_runs_no_formula(client, access_admin):
    UserFactory(first_name="=HYPERLINK(1)", last_name="X")
    client.force_login(access_admin)
    path = reverse("access:register_export")

    assert "State why this export is necessary." in client.post(path, {"reason": ""}).text
    lines = client.post(path, {"reason": "Quarterly check"}).content.decode("utf-8-sig")

    assert "'=HYPERLINK(1) X" in lines
    assert AccessEvent.objects.filter(kind="exported", object_type="access.register").count() == 1


def test_opening_and_printing_are_recorded(client, manager):
    client.force_login(manager)

    client.get(reverse("access:register"))
    client.get(reverse("access:register_print"))

    kinds = AccessEvent.objects.filter(object_type="access.register").values_list("kind", flat=True)
    assert sorted(kinds) == ["listed", "printed"]


def test_costs_the_same_for_twenty_people(client, manager, django_assert_max_num_queries):
    UserFactory.create_batch(20)
    client.force_login(manager)
    client.get(reverse("access:register"))  # content types, cached for the process

    with django_assert_max_num_queries(16):
        client.get(reverse("access:register"))


def test_a_persons_page_says_it_in_plain_words(client, specialist):
    client.force_login(specialist)

    html = client.get(reverse("access:mine")).text

    may, may_not = html.split("May not")
    assert "log calls" in may
    assert "take lists of contacts out as a file" in may_not


def test_the_administrator_reads_no_free_text_about_records(client, access_admin, specialist, team_lead):
    from tests.factories import ContactFactory, let_in

    grant = let_in(specialist, ContactFactory())
    client.force_login(access_admin)

    assert grant.reason not in client.get(specialist.get_absolute_url()).text
    client.force_login(UserFactory(role="manager", team=None))
    assert grant.reason in client.get(specialist.get_absolute_url()).text
