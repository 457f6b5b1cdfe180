"""Who decides who sees a record, as pages (R-CON-11, F92)."""

import pytest

from access.models import ObjectGrant
from contacts.access_forms import DecideForm
from contacts.models import AccessDecision, Contact
from i2a import clock
from tests.contacts.steps import sees
from tests.factories import UserFactory, let_in

pytestmark = pytest.mark.django_db


def test_a_lead_restricts_a_record_to_the_people_named(decide, team_lead, specialist, baron):
    colleague = UserFactory()

    response = decide(team_lead, baron, is_restricted="on", named=[specialist.pk, team_lead.pk])

    assert response.status_code == 302
    assert sees(specialist, baron)
    assert sees(team_lead, baron)
    assert not sees(colleague, baron)
    assert Contact.objects.changeable_by(specialist).filter(pk=baron.pk).exists()
    decision = AccessDecision.objects.get()
    assert (decision.by, decision.reason, decision.summary) == (team_lead, "Sensitive investor file", "Restricted")
    assert ObjectGrant.objects.get(user=team_lead, permission="view_contact").basis == "kept"


def test_a_lead_gives_a_record_to_another_team_and_restricts_it_in_one_go(decide, team_lead, jun, missions, baron):
    decide(team_lead, baron, team=missions.pk, is_restricted="on", named=[jun.pk])

    assert sees(jun, baron)
    assert not sees(team_lead, baron)
    assert AccessDecision.objects.get().summary == "Moved from Phone to Trade Missions, restricted"


def test_opening_a_record_to_its_team_ends_what_was_only_for_the_named(decide, team_lead, jun, specialist, baron):
    decide(team_lead, baron, is_restricted="on", named=[jun.pk])

    decide(team_lead, baron)

    assert sees(specialist, baron)
    assert not sees(jun, baron)
    assert AccessDecision.objects.latest("pk").summary == "Opened to the team"


def test_who_is_no_longer_named_no_longer_sees(decide, team_lead, specialist, baron):
    colleague = UserFactory()
    decide(team_lead, baron, is_restricted="on", named=[specialist.pk])

    decide(team_lead, baron, is_restricted="on", named=[colleague.pk])

    assert not sees(specialist, baron)
    assert sees(colleague, baron)


def test_a_person_who_is_not_on_the_list_is_refused_in_words(decide, team_lead, baron):
    response = decide(team_lead, baron, is_restricted="on", named=["x"])

    assert response.status_code == 200
    assert "form" in response.context and response.context["form"].errors["named"]


def test_nobody_names_themselves_who_could_not_see_the_record(decide, team_lead, specialist, baron):
    decide(team_lead, baron, is_restricted="on", named=[specialist.pk])

    response = decide(team_lead, baron, is_restricted="on", named=[specialist.pk, team_lead.pk])

    assert "Nobody gives access to themselves." in response.text
    assert not sees(team_lead, baron)


def test_who_was_let_in_for_some_days_does_not_keep_the_record(decide, team_lead, specialist, baron):
    decide(team_lead, baron, is_restricted="on", named=[specialist.pk])
    let_in(team_lead, baron)

    response = decide(team_lead, baron, is_restricted="on", named=[specialist.pk, team_lead.pk])

    assert "Nobody gives access to themselves." in response.text
    assert ObjectGrant.objects.get(user=team_lead).until
    assert not Contact.objects.changeable_by(team_lead).filter(pk=baron.pk).exists()


def test_who_was_named_by_somebody_else_may_stay_named(decide, manager, team_lead, specialist, baron):
    decide(manager, baron, is_restricted="on", named=[team_lead.pk])

    decide(team_lead, baron, is_restricted="on", named=[team_lead.pk, specialist.pk])

    assert sees(specialist, baron)
    assert ObjectGrant.objects.get(user=team_lead, permission="view_contact").basis == "named"


def test_the_form_proposes_only_those_who_may_keep_the_record(manager, privacy_officer, baron):
    for user, proposed in [(manager, [manager.pk]), (privacy_officer, [])]:
        assert DecideForm(contact=baron, by=user, now=clock.now()).initial["named"] == proposed


def test_the_right_to_keep_lost_while_saving_is_said_and_nothing_changes(
    decide, team_lead, specialist, baron, monkeypatch
):
    decide(team_lead, baron, is_restricted="on", named=[specialist.pk])
    monkeypatch.setattr("contacts.access_forms.may_keep", lambda contact, user: True)

    response = decide(team_lead, baron, is_restricted="on", named=[team_lead.pk])

    assert response.status_code == 200
    assert "Nobody gives access to themselves." in response.text
    assert AccessDecision.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": ""}, "Say why. The people who may see the record can read it."),
        ({"is_restricted": "on", "named": []}, "Name at least one person who may see the record."),
        ({"reason": "SIN 046 454 286"}, "This looks like a Social Insurance Number."),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(change, words, decide, team_lead, baron):
    response = decide(team_lead, baron, **change)

    assert response.status_code == 200
    assert words in response.text
    assert not AccessDecision.objects.exists()


def test_a_page_that_is_older_than_the_record_changes_nothing(acting, team_lead, baron, missions):
    boxes = {"team": missions.pk, "reason": "Their file", "version": baron.version - 1}

    response = acting(team_lead, "access", baron.uid, **boxes)

    assert "changed this record meanwhile" in response.text
    baron.refresh_from_db()
    assert baron.team.name == "Phone"


def test_who_decides_about_a_restricted_record_does_not_see_it_by_that(decide, acting, team_lead, specialist, baron):
    decide(team_lead, baron, is_restricted="on", named=[specialist.pk])

    text = acting(team_lead, "access", baron.uid).text

    assert baron.ref in text
    assert "Fogwhistle" not in text


@pytest.mark.parametrize("page", ["access", "access_share"])
def test_another_team_s_lead_decides_nothing(page, acting, jun, baron):
    lead = UserFactory(role="team_lead", team=jun.team)

    response = acting(lead, page, baron.uid, person=jun.pk, days=1, reason="Mine")

    assert response.status_code == 403
    assert "Fogwhistle" not in response.text
