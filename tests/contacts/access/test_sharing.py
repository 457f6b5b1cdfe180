"""Sharing a record for some days and ending that, as pages (R-CON-11, F92)."""

import pytest

from access.models import ObjectGrant, Team
from contacts.access_forms import ShareForm
from contacts.models import Contact
from tests.contacts.steps import sees
from tests.factories import ContactFactory, UserFactory, let_in

pytestmark = pytest.mark.django_db


def test_sharing_lets_a_person_read_for_some_days(acting, team_lead, jun, baron):
    boxes = {"share-person": jun.pk, "share-days": 3, "share-reason": "Covers for Maya"}

    assert acting(team_lead, "access_share", baron.uid, **boxes).status_code == 302

    assert sees(jun, baron)
    assert not Contact.objects.changeable_by(jun).exists()
    again = acting(team_lead, "access_share", baron.uid, **boxes)
    assert "They have access to this record already." in again.text


def test_sharing_lets_a_team_read(acting, team_lead, jun, missions, baron):
    acting(
        team_lead, "access_share", baron.uid, **{"share-team": missions.pk, "share-days": 3, "share-reason": "Mission"}
    )

    assert sees(jun, baron)


@pytest.fixture
def own_team_shared(acting, manager, missions, baron):
    """A manager tries to share with the team they have joined."""

    def share():
        manager.team = missions
        manager.save()
        boxes = {"share-team": missions.pk, "share-days": 3, "share-reason": "Mine"}
        return acting(manager, "access_share", baron.uid, **boxes)

    return share


def test_nobody_shares_a_record_with_their_own_team(own_team_shared, baron):
    response = own_team_shared()

    assert response.context["share"].errors["team"]
    assert not ObjectGrant.objects.exists()


def test_a_team_joined_while_saving_is_refused_in_words(own_team_shared, missions, monkeypatch):
    monkeypatch.setattr(ShareForm, "others", lambda form, contact, by: Team.objects.all())

    response = own_team_shared()

    assert response.status_code == 200
    assert "Nobody gives access to themselves." in response.text
    assert not ObjectGrant.objects.exists()


@pytest.mark.parametrize("days", ["0", "31", "-1", "many", ""])
def test_sharing_is_for_1_to_30_days(days, acting, team_lead, jun, baron):
    boxes = {"share-person": jun.pk, "share-days": days, "share-reason": "Covers"}

    assert "Access can be given for 1 to 30 days." in acting(team_lead, "access_share", baron.uid, **boxes).text
    assert not sees(jun, baron)


def test_shared_access_is_taken_away_with_a_reason(acting, team_lead, jun, baron):
    grant = let_in(jun, baron)

    acting(team_lead, "access_end", baron.uid, grant.uid, reason="")
    assert sees(jun, baron)
    acting(team_lead, "access_end", baron.uid, grant.uid, reason="File is closed")
    assert not sees(jun, baron)


def test_access_to_another_record_is_not_ended_by_this_page(acting, team_lead, jun, missions, baron):
    other = ContactFactory(team=missions, restricted=True)
    grant = let_in(UserFactory(), other)

    assert acting(team_lead, "access_end", baron.uid, grant.uid, reason="Mine").status_code == 404
    assert ObjectGrant.objects.open().filter(pk=grant.pk).exists()


def test_the_contact_page_says_who_can_see_it_to_those_who_decide(client, team_lead, specialist, jun, baron):
    let_in(jun, baron)
    client.force_login(team_lead)
    assert "Who can see this" in client.get(baron.get_absolute_url()).text
    client.force_login(specialist)
    assert "Who can see this" not in client.get(baron.get_absolute_url()).text
