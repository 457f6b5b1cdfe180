"""What became of one's own requests (R-CON-11): on the first page, and on the page in the menu."""

from datetime import timedelta

import pytest
from django.urls import reverse

from contacts.asking import State, asked_by, news_for, states_of
from contacts.models import RecordRequest
from contacts.services import requests
from contacts.services.grants import end_access
from contacts.tasks import expire_grants
from i2a import clock
from tests.factories import ContactFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
MONDAY = "2026-11-23T16:00:00Z"


@pytest.fixture
def baron(db, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    return ContactFactory(name="Baron Thaddeus Fogwhistle-Lee", team=TeamFactory(name="Trade Missions"))


@pytest.fixture
def asked(specialist, baron):
    return requests.ask(
        contact=baron, kind=RecordRequest.Kind.ACCESS, reason="Caller on the line", by=specialist, now=clock.now()
    )


def grant(asked, manager, days=2):
    return requests.grant_request(request=asked, days=days, by=manager, now=clock.now())


def state(user):
    return states_of(asked_by(user), clock.now())[0].state


def test_a_request_waits_until_somebody_answers(specialist, asked):
    assert state(specialist) == State.WAITS


def test_a_refusal_stands_with_its_reason(specialist, manager, asked, client):
    requests.refuse_request(request=asked, reason="Jun answers him", by=manager, now=clock.now())
    client.force_login(specialist)

    assert state(specialist) == State.REFUSED
    for page in (reverse("calls:desk"), reverse("contacts:requests")):
        assert "Jun answers him" in client.get(page).text


def test_access_that_was_given_leads_to_the_record(specialist, manager, baron, asked, client):
    grant(asked, manager)
    client.force_login(specialist)

    page = client.get(reverse("calls:desk")).text

    assert state(specialist) == State.GIVEN
    assert "Given until" in page
    assert f'href="{baron.get_absolute_url()}"' in page
    assert "Fogwhistle" not in page


@pytest.mark.parametrize("is_tidied", [False, True])
def test_access_lapses_by_the_clock_and_leads_nowhere(
    is_tidied, specialist, manager, baron, asked, client, time_machine
):
    grant(asked, manager)
    time_machine.move_to("2026-11-26T16:00:00Z", tick=False)
    if is_tidied:
        expire_grants()
    client.force_login(specialist)

    page = client.get(reverse("calls:desk")).text

    assert state(specialist) == State.LAPSED
    assert "Lapsed" in page
    assert str(baron.uid) not in page


def test_access_ended_by_somebody_is_no_lapse(specialist, manager, baron, asked):
    given = grant(asked, manager).grant
    end_access(contact=baron, grant=given, reason="Done", by=manager, now=clock.now())

    assert state(specialist) == State.ENDED


def test_old_answers_leave_the_first_page_but_not_the_list(specialist, manager, asked, client):
    requests.refuse_request(request=asked, reason="Jun answers him", by=manager, now=clock.now())
    later = clock.now() + timedelta(days=8)

    assert news_for(specialist, clock.now())
    assert news_for(specialist, later) == []
    assert states_of(asked_by(specialist), later)


def test_nobody_reads_what_others_asked(asked, client):
    client.force_login(UserFactory())

    for page in (reverse("calls:desk"), reverse("contacts:requests")):
        assert "Caller on the line" not in client.get(page).text


def test_a_specialist_finds_the_page_in_the_menu(specialist, client):
    client.force_login(specialist)

    assert f'<a class="rail-link" href="{reverse("contacts:requests")}"' in client.get(reverse("calls:desk")).text
