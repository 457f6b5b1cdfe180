"""What is refused or taken back leaves no change, and the refused attempt is recorded (reliability goals T3, T8)."""

import pytest
from django.test import Client
from django.urls import reverse

from access.models import Team
from audit.actor import acting_as_system
from calls.views import library_edit
from tests.factories import ContactFactory, DocumentVersionFactory, TeamFactory
from tests.trail.witness import Witness

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(client, django_capture_on_commit_callbacks):
    """What is recorded of one request that must change nothing."""

    def ask(path, values=None, by=client, **extra):
        witness = Witness.now()
        response = by.post(path, values or {}, **extra)
        assert (witness.changes(), witness.entries()) == ([], [])
        return response, witness.events()

    return ask


def facts(events):
    return [(event.kind, event.actor_label, event.object_type, event.detail) for event in events]


def test_a_page_one_may_not_open(client, specialist, refused):
    client.force_login(specialist)

    response, events = refused(reverse("outbox:sending"), {"to": "stop", "reason": "Mine"})

    assert response.status_code == 403
    assert facts(events) == [("denied", "maya", "outbox:sending", {})]


def test_a_record_out_of_reach(client, specialist, refused):
    with acting_as_system("scene"):
        hidden = ContactFactory(team=TeamFactory(name="Trade Missions"))
    client.force_login(specialist)

    response, events = refused(reverse("contacts:notes", args=[hidden.uid]), {"body": "Mine"})

    assert response.status_code == 403  # and says where to ask to see it
    assert facts(events) == [("denied", "maya", "contacts:notes", {})]
    assert events[0].object_uid == hidden.uid


def test_a_form_that_came_from_elsewhere(specialist, refused):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(specialist)

    response, events = refused(reverse("contacts:view_new"), {"name": "Mine"}, by=strict)

    assert response.status_code == 403
    assert facts(events) == [("denied", "maya", "contacts:view_new", {"why": "csrf"})]


def test_a_stranger_who_floods_a_form_is_recorded_twenty_times_in_a_quarter_of_an_hour(specialist):
    strict, witness = Client(enforce_csrf_checks=True), Witness.now()

    answers = [strict.post(reverse("account_login"), {"login": "maya"}).status_code for _time in range(25)]

    assert answers == [403] * 25
    assert len(witness.events()) == 20


def test_a_colleague_is_recorded_however_often(specialist):
    strict, witness = Client(enforce_csrf_checks=True), Witness.now()
    strict.force_login(specialist)

    for _time in range(25):
        strict.post(reverse("contacts:view_new"), {"name": "Mine"})

    assert len([event for event in witness.events() if event.kind == "denied"]) == 25


def test_what_came_past_a_form_and_broke_a_rule_of_the_database(client, manager, refused, monkeypatch):
    with acting_as_system("scene"):
        document = DocumentVersionFactory().document
        TeamFactory(name="Phone")

    def past_the_form(**_words):
        Team.objects.create(name="Half done")
        Team.objects.create(name="Phone")

    monkeypatch.setattr(library_edit.services, "offer_document", past_the_form)
    client.force_login(manager)

    response, events = refused(reverse("library:offer", args=[document.uid]), {"to": "withdraw"})

    assert response.status_code == 409
    ((kind, label, page, detail),) = facts(events)
    assert (kind, label, page) == ("denied", "grant", "library:offer")
    assert detail == {"why": "constraint", "rule": "access_team_name_key"}


def test_a_wrong_password(specialist, refused):
    response, events = refused(reverse("account_login"), {"username": "maya", "password": "wrong"})

    assert response.status_code == 200
    assert [(event.kind, event.actor_label) for event in events] == [("sign_in_failed", "maya")]


def test_what_a_form_finds_wrong_leaves_nothing(client, specialist, refused):
    client.force_login(specialist)

    response, events = refused(reverse("contacts:view_new"), {"name": ""})

    assert (response.status_code, events) == (200, [])


def test_a_machine_that_does_not_sign(client, refused, settings):
    settings.I2A_BOUNCE_SECRET = settings.I2A_PHONE_SECRET = "shared"

    _response, mail = refused(reverse("outbox:returned"), {})
    _response, phone = refused(reverse("phone_events"), {})

    assert [event.object_type for event in [*mail, *phone]] == ["outbox:returned", "phone_events"]
