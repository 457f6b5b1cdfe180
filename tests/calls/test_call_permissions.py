import pytest
from django.urls import reverse

from tests.calls.records import correct, page
from tests.factories import CallFactory, ContactFactory, TeamFactory, UserFactory, let_in

pytestmark = pytest.mark.django_db

MAY = {
    # role: list, detail, correct, void, add_follow_up
    "specialist": (200, 200, 200, 403, 409),
    "team_lead": (200, 200, 200, 200, 409),
    "manager": (200, 200, 200, 200, 409),
    "privacy_officer": (200, 200, 403, 403, 403),
    "access_admin": (403, 403, 403, 403, 403),
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_may_do_what_it_is_for(client, role):
    call = CallFactory()
    client.force_login(UserFactory(role=role, team=call.team))

    statuses = [client.get(reverse("calls:list")).status_code]
    statuses += [
        client.get(reverse(f"calls:{name}", args=[call.uid])).status_code for name in ("detail", "correct", "void")
    ]
    statuses.append(client.post(reverse("calls:add_follow_up", args=[call.uid])).status_code)

    assert tuple(statuses) == MAY[role]


@pytest.mark.parametrize("name", ["detail", "correct", "void", "add_follow_up"])
def test_a_call_of_another_team_is_unknown(client, priya, name):
    call = CallFactory(specialist__team=TeamFactory(name="Trade Missions"))
    address = reverse(f"calls:{name}", args=[call.uid])

    response = client.post(address) if name == "add_follow_up" else client.get(address)

    assert response.status_code == 404


def test_a_call_seen_through_a_grant_may_be_read_but_not_changed(client, maya):
    elsewhere = TeamFactory(name="Trade Missions")
    call = CallFactory(specialist__team=elsewhere, contact=ContactFactory(team=elsewhere, restricted=True))
    let_in(maya, call.contact)

    assert "Correct this call" not in page(client, "detail", call)
    page(client, "correct", call, status=403)
    assert correct(client, call, category="investor").status_code == 403


@pytest.mark.parametrize("name", ["detail", "correct", "void"])
def test_an_unknown_call_is_404(client, priya, name):
    from uuid import uuid4

    assert client.get(reverse(f"calls:{name}", args=[uuid4()])).status_code == 404


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get(reverse("calls:detail", args=[CallFactory().uid])).status_code == 302
