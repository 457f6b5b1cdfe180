"""Asking for a record and answering, as pages (R-CON-11, F92)."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import ObjectGrant
from audit.models import AccessEvent
from contacts.models import RecordRequest
from contacts.services import requests
from contacts.tasks import expire_grants
from i2a import clock
from tests.contacts.steps import sees
from tests.factories import CallFactory, ContactFactory, UserFactory

pytestmark = pytest.mark.django_db
REFUSED = "You do not have access to this record. This attempt has been recorded."


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
