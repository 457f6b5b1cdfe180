"""Who may open what: every URL x every role x every method (design §7, reliability goal P1). A URL without a row fails.

The rows are in tests/url_table.py, the records they name in tests/world.py.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import ObjectGrant
from access.roles import PERMISSIONS, Role
from audit.models import AccessEvent
from i2a import clock
from tests.factories import TeamFactory, UserFactory, let_in
from tests.url_table import NAMES, NO, PUBLIC, PUBLIC_TABLE, ROLES, TABLE, routes
from tests.world import READS, ask, public_path

pytestmark = pytest.mark.django_db

OTHER_METHODS = ["PUT", "PATCH", "DELETE", "TRACE"]


def test_every_url_has_a_row():
    assert sorted(NAMES) == sorted([*TABLE, *PUBLIC_TABLE])
    assert set(PUBLIC_TABLE) == PUBLIC


def test_every_view_that_is_not_public_declares_its_permission():
    known = {permission for permissions in PERMISSIONS.values() for permission in permissions} | {""}

    for name, view in routes():
        if name in PUBLIC:
            assert view.login_required is False, name
        else:
            assert getattr(view, "login_required", True) and view.required_permission in known, name


@pytest.fixture(scope="module")
def looks():
    """What a page answered to GET and which writes that took; two tests ask, the page is drawn once."""
    return {}


def look(looks, client, world, name, role):
    if (name, role) not in looks:
        client.force_login(world.users[role])
        with CaptureQueriesContext(connection) as queries:
            status = ask(client, "GET", world.path(name, role)).status_code
        looks[name, role] = status, [query["sql"] for query in queries if not re.match(READS, query["sql"])]
    return looks[name, role]


@pytest.mark.parametrize("name", TABLE)
def test_who_may(client, world, looks, name):
    answers = {"GET": [], "POST": []}

    for role in ROLES:
        answers["GET"].append(look(looks, client, world, name, role)[0])
        client.force_login(world.users[role])
        answers["POST"].append(ask(client, "POST", world.path(name, role)).status_code)

    assert {method: " ".join(map(str, statuses)) for method, statuses in answers.items()} == TABLE[name]


@pytest.mark.parametrize("name", TABLE)
def test_other_methods_do_nothing(client, world, name):
    for role in [Role.SPECIALIST, Role.MANAGER]:
        client.force_login(world.users[role])
        for method in OTHER_METHODS:
            assert ask(client, method, world.path(name, role)).status_code in {403, 405}, (role, method)


@pytest.mark.parametrize("name", TABLE)
def test_strangers_are_sent_to_sign_in_and_come_back(client, world, name):
    path = world.path(name, Role.SPECIALIST)

    for method in ["GET", "POST"]:
        response = ask(client, method, path)
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login") + "?next=")
    assert ask(client, "GET", path).url == f"{reverse('account_login')}?next={path}"


@pytest.mark.parametrize("name", TABLE)
def test_who_has_no_role_may_only_open_what_is_for_everybody(client, world, name):
    client.force_login(UserFactory(role=None))

    status = ask(client, "GET", world.path(name, Role.SPECIALIST)).status_code

    is_for_everybody = dict(routes())[name].required_permission == ""
    assert status != NO if is_for_everybody else status == NO


@pytest.mark.parametrize("name", PUBLIC_TABLE)
def test_public_pages(client, name):
    statuses = {method: ask(client, method, public_path(name)).status_code for method in ["GET", "POST"]}

    assert statuses == PUBLIC_TABLE[name]


@pytest.mark.parametrize("name", [*TABLE, *PUBLIC_TABLE])
def test_get_writes_nothing_but_the_record_of_reading(client, world, looks, name):
    # The health check tries an entry and takes it back (tests/audit/test_database_rights.py).
    tried = "INSERT INTO audit_logentry" if name == "healthz" else None
    for role in ROLES:
        _status, writes = look(looks, client, world, name, role)
        assert [write for write in writes if not (tried and write.startswith(tried))] == [], role


# Objects: another team's, a restricted one

# 403 where the refusal says that it was recorded and offers to ask for access (R-CON-11), 404 for everything else.
FOREIGN = {
    "calls:detail": 404, "calls:correct": 404, "contacts:detail": 403, "contacts:edit": 403, "contacts:compare": 403,
    "contacts:consent": 403, "contacts:withdraw": 403, "contacts:do_not_contact": 403, "contacts:confirm_address": 403,
    "contacts:consent_correct": 403, "contacts:notes": 403, "contacts:note": 403, "contacts:note_amend": 403,
    "contacts:print_record": 403,
    **{f"followups:{name}": 404 for name in ("detail", "email", "pause", "hand_over", "close")}, "followups:plan": 404,
    "outbox:message": 404, "library:choose": 403, "library:check": 403, "library:preview": 403,
}  # fmt: skip


@pytest.fixture(params=["another team", "restricted", "expired grant"])
def hidden_world(request, world):
    """The same records, but of a contact whom the specialist may not know about."""
    contact = world.objects["contact"]
    if request.param == "restricted":
        contact.sensitivity = "restricted"
    else:
        contact.team = TeamFactory(name="Trade Missions")
    contact.save()
    if request.param == "expired grant":
        ended, grant = clock.now(), let_in(world.users[Role.SPECIALIST], contact)
        times = {"starts_at": ended - timedelta(days=1), "until": ended}
        ObjectGrant.objects.filter(pk=grant.pk).update(**times)  # no audit: a test's own arrangement
    return world


@pytest.mark.parametrize("name", FOREIGN)
def test_records_of_hidden_contacts_do_not_exist_for_a_specialist(client, hidden_world, name):
    client.force_login(hidden_world.users[Role.SPECIALIST])

    response = ask(client, "GET", hidden_world.path(name, Role.SPECIALIST))

    assert response.status_code == FOREIGN[name]
    assert hidden_world.objects["contact"].name not in response.text


def test_a_grant_that_lasts_opens_a_hidden_record_to_read_and_not_to_change(client, world):
    contact, specialist = world.objects["contact"], world.users[Role.SPECIALIST]
    contact.team = TeamFactory(name="Trade Missions")
    contact.save()
    let_in(specialist, contact)
    client.force_login(specialist)

    names = ["contacts:detail", "contacts:consent", "contacts:notes", "contacts:edit"]
    statuses = [ask(client, "GET", world.path(name, Role.SPECIALIST)).status_code for name in names]

    assert statuses == [200, 200, 200, 403]


def test_somebody_elses_draft_does_not_exist(client, world):
    client.force_login(world.users[Role.SPECIALIST])

    for name in ["calls:draft", "calls:draft_discard", "calls:draft_set_caller"]:
        assert ask(client, "POST", world.path(name, Role.TEAM_LEAD)).status_code == 404
    assert ask(client, "POST", world.path("calls:draft_keep", Role.TEAM_LEAD)).status_code == 409


# Refusals leave a trace


def test_a_refusal_is_recorded_with_person_page_and_record(client, world):
    client.force_login(world.users[Role.ACCESS_ADMIN])

    response = client.get(world.path("contacts:detail", Role.ACCESS_ADMIN))

    (event,) = AccessEvent.objects.filter(kind="denied")
    assert event.actor == world.users[Role.ACCESS_ADMIN]
    assert event.object_type == "contacts:detail"
    assert event.object_uid == world.objects["contact"].uid
    assert event.request_id == response["X-Request-ID"]
    assert world.objects["contact"].name not in response.text
