"""Who sees a record: deciding, sharing, ending, asking and answering, as pages (R-CON-11, F92)."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import ObjectGrant, Team
from audit.models import AccessEvent
from contacts.access_forms import DecideForm, ShareForm
from contacts.models import AccessDecision, Contact, RecordRequest
from contacts.services import requests
from contacts.tasks import expire_grants
from i2a import clock
from tests.factories import CallFactory, ContactFactory, TeamFactory, UserFactory, let_in

pytestmark = pytest.mark.django_db
REFUSED = "You do not have access to this record. This attempt has been recorded."


@pytest.fixture
def missions(db):
    return TeamFactory(name="Trade Missions")


@pytest.fixture
def jun(missions):
    return UserFactory(username="jun", team=missions)


@pytest.fixture
def baron(db):
    return ContactFactory(name="Baron Thaddeus Fogwhistle-Lee")


@pytest.fixture
def acting(client):
    """Sign in and open or send one of the pages."""

    def act(user, name, *args, follow=False, **post):
        client.force_login(user, backend="access.backends.RoleBackend")
        address = reverse(f"contacts:{name}", args=args)
        return client.post(address, post, follow=follow) if post else client.get(address)

    return act


@pytest.fixture
def decide(acting):
    def decide(user, contact, **change):
        contact.refresh_from_db()
        boxes = {"team": contact.team_id, "reason": "Sensitive investor file", "version": contact.version}
        return acting(user, "access", contact.uid, **boxes | change)

    return decide


def sees(user, contact):
    return Contact.objects.visible_to(type(user).objects.get(pk=user.pk)).filter(pk=contact.pk).exists()


# Deciding


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


# Sharing and ending


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


# Asking


def test_the_refusal_says_nothing_and_leads_to_asking(client, jun, baron):
    client.force_login(jun)

    response = client.get(baron.get_absolute_url())

    assert response.status_code == 403
    assert REFUSED in response.text
    assert reverse("contacts:request_access", args=[baron.uid]) in response.text
    assert "Fogwhistle" not in response.text
    assert baron.ref not in response.text


def test_who_may_not_see_contacts_at_all_is_not_offered_to_ask(client, access_admin, baron):
    client.force_login(access_admin)

    assert "Request access" not in client.get(baron.get_absolute_url()).text


def test_asking_takes_a_reason_and_shows_nothing_of_the_record(acting, jun, baron):
    page = acting(jun, "request_access", baron.uid)
    assert baron.ref not in page.text
    assert "Fogwhistle" not in page.text

    refused = acting(jun, "request_access", baron.uid, reason=" ")
    assert "Say why you need it. The team that owns the record decides." in refused.text
    asked = acting(jun, "request_access", baron.uid, reason="Caller on line", follow=True)

    assert "Waiting" in asked.text
    assert "Fogwhistle" not in asked.text
    request = RecordRequest.objects.get()
    assert (request.contact, request.asked_by, request.reason) == (baron, jun, "Caller on line")


def test_asking_twice_is_one_request(acting, jun, baron):
    for _click in range(2):
        acting(jun, "request_access", baron.uid, reason="Caller on line")

    assert RecordRequest.objects.count() == 1


def test_who_may_see_the_record_is_sent_there(acting, specialist, baron):
    assert acting(specialist, "request_access", baron.uid).url == baron.get_absolute_url()


# Answering


@pytest.fixture
def asked(jun, baron):
    return requests.ask(contact=baron, kind="access", reason="Caller on line", by=jun, now=clock.now())


def test_the_lead_and_the_manager_find_the_request_and_its_count(acting, team_lead, manager, jun, asked):
    other_lead = UserFactory(role="team_lead", team=jun.team)

    for user, count in [(team_lead, 1), (manager, 1), (other_lead, 0)]:
        text = acting(user, "requests").text
        assert text.count(reverse("contacts:request", args=[asked.uid])) == count
        assert ('<span class="count">1<' in text) is bool(count)


def test_access_is_given_for_a_day_and_ends_by_itself(acting, time_machine, team_lead, jun, baron):
    time_machine.move_to("2026-11-23T16:00:00Z", tick=False)
    asked = requests.ask(contact=baron, kind="access", reason="Caller on line", by=jun, now=clock.now())

    acting(team_lead, "request", asked.uid, grant="1", days=1)

    asked.refresh_from_db()
    assert (asked.status, asked.answered_by, asked.grant.reason) == ("granted", team_lead, "Caller on line")
    assert sees(jun, baron)
    assert "Given until" in acting(jun, "requests").text
    time_machine.move_to("2026-11-24T16:00:00Z", tick=False)
    assert not sees(jun, baron)
    assert acting(jun, "detail", baron.uid).status_code == 403


def test_a_refusal_has_a_reason_that_the_asker_reads(acting, team_lead, jun, baron, asked):
    assert "Say why you refuse." in acting(team_lead, "request", asked.uid, refuse="1", reason="").text

    acting(team_lead, "request", asked.uid, refuse="1", reason="Ask me by phone")

    assert not sees(jun, baron)
    assert "Ask me by phone" in acting(jun, "requests").text


def test_a_request_is_answered_once(acting, team_lead, manager, asked):
    acting(team_lead, "request", asked.uid, refuse="1", reason="No")

    response = acting(manager, "request", asked.uid, grant="1", days=1)

    assert "Somebody answered this already. Nothing was changed." in response.text
    assert not ObjectGrant.objects.exists()


def test_nobody_answers_their_own_request(acting, team_lead, specialist, baron, decide):
    decide(team_lead, baron, is_restricted="on", named=[specialist.pk])
    own = requests.ask(contact=baron, kind="access", reason="I want in", by=team_lead, now=clock.now())

    response = acting(team_lead, "request", own.uid, grant="1", days=1)

    assert "Somebody else decides about your own request." in response.text
    assert not sees(team_lead, baron)
    assert own.uid.hex not in acting(team_lead, "requests").text.replace("-", "")


def test_a_request_of_another_team_does_not_exist(acting, jun, missions, specialist):
    contact = ContactFactory(team=missions)
    asked = requests.ask(contact=contact, kind="access", reason="On the line", by=specialist, now=clock.now())
    lead = UserFactory(role="team_lead")

    assert acting(lead, "request", asked.uid).status_code == 404


def test_the_trail_tells_refusal_grant_view_and_expiry(client, acting, time_machine, team_lead, jun, baron):
    time_machine.move_to("2026-11-23T16:00:00Z", tick=False)
    acting(jun, "detail", baron.uid)
    acting(jun, "request_access", baron.uid, reason="Caller on line")
    acting(team_lead, "request", RecordRequest.objects.get().uid, grant="1", days=1)
    acting(jun, "detail", baron.uid)
    time_machine.move_to("2026-11-24T16:00:00Z", tick=False)
    expire_grants()

    kinds = AccessEvent.objects.filter(object_uid=baron.uid).order_by("pk").values_list("kind", "actor_label")
    assert list(kinds) == [
        ("denied", "jun"),
        ("object_grant", "priya"),
        ("viewed", "jun"),
        ("object_revoke", "system:expire_grants"),
    ]


def test_the_queue_costs_the_same_for_twenty(acting, team_lead, jun):
    def cost_with(count):
        for _number in range(count):
            requests.ask(contact=ContactFactory(), kind="access", reason="Why", by=jun, now=clock.now())
        with CaptureQueriesContext(connection) as queries:
            acting(team_lead, "requests")
        return len(queries)

    acting(team_lead, "requests")

    assert cost_with(1) == cost_with(19)


def test_records_of_others_answer_like_records_that_are_not_there_and_are_recorded(client, jun, specialist):
    call = CallFactory(specialist=specialist, contact=ContactFactory())
    client.force_login(jun)
    foreign = client.get(reverse("calls:detail", args=[call.uid]))
    absent = client.get(reverse("calls:detail", args=[uuid4()]))

    assert foreign.status_code == absent.status_code == 404
    assert body(foreign) == body(absent)
    assert AccessEvent.objects.filter(kind="denied", object_uid=call.uid, actor=jun).count() == 1


def body(response):
    return re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken|/calls/[0-9a-f-]{36}/)[^>]*', "", response.text)
