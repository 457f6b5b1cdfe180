"""How long a sign-in lasts, what becomes of typed text, and ending one from elsewhere (R-ACC-05, goals A3, A4)."""

import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from access import kept_forms, sessions
from access.tasks import forget_sessions
from audit.models import AccessEvent
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
DESK, REQUEST = "/calls/desk/", "/access/requests/new/"
TYPED = {"reason": "Covers for Zoë\nuntil May", "roles": ["a", "b"]}


@pytest.fixture
def after(monkeypatch):
    """Let so many seconds pass: `after(60)`."""
    passed = {"seconds": 0}
    clock = SimpleNamespace(time=lambda: time.time() + passed["seconds"])
    monkeypatch.setattr(sessions, "time", clock)
    monkeypatch.setattr(kept_forms, "time", clock)
    return lambda seconds: passed.update(seconds=passed["seconds"] + seconds)


def sign_in(client, username, **query):
    return client.post(reverse("account_login"), {"username": username, "password": PASSWORD, **query})


@pytest.fixture
def maya(client, specialist):
    sign_in(client, "maya")
    return client


@pytest.fixture
def lead(client, team_lead):
    sign_in(client, "priya")
    return client


# Time


def test_fifteen_minutes_without_a_page_end_it(maya, after):
    after(14 * 60)
    assert maya.get(DESK).status_code == 200
    after(15 * 60 + 1)

    response = maya.get(DESK)

    assert response.url == "/sign-in/?next=/calls/desk/&ended=idle"
    assert "You were signed out because nobody was there for 15 minutes" in maya.get(response.url).text
    assert AccessEvent.objects.get(kind="timed_out").actor_label == "maya"


def test_ten_hours_end_it_however_busy_somebody_was(maya, after):
    for _ in range(60):
        after(10 * 60 - 2)
        assert maya.get("/account/time-left/").status_code == 200
        maya.post("/account/stay/")
    after(121)

    assert maya.get(DESK).url.startswith("/sign-in/")


def test_asking_how_long_is_left_lengthens_nothing_and_staying_does(maya, after):
    after(800)

    assert 95 <= int(maya.get("/account/time-left/").text) <= 101
    assert 95 <= int(maya.get("/account/time-left/").text) <= 101
    assert 895 <= int(maya.post("/account/stay/").text) <= 900


def test_a_script_is_told_that_it_is_over(maya, after):
    after(901)

    assert maya.get("/account/time-left/", HTTP_SEC_FETCH_DEST="empty").status_code == 401


def test_a_session_without_its_times_has_ended(maya):
    session = maya.session
    del session[sessions.SEEN_AT]
    session.save()

    assert maya.get(DESK).url.startswith("/sign-in/")


def test_a_page_within_ten_seconds_writes_nothing_down(maya):
    before = maya.session[sessions.SEEN_AT]
    maya.get(DESK)

    assert maya.session[sessions.SEEN_AT] == before


def test_the_page_asks_two_minutes_before(maya):
    assert 'data-i2a-idle-warn="120"' in maya.get(DESK).text


# What was typed


def test_what_was_typed_goes_through_the_sign_in_page(lead, after):
    after(901)

    response = lead.post(REQUEST, TYPED, HTTP_REFERER=f"http://testserver{REQUEST}")
    assert response.url == f"/sign-in/?next={REQUEST}&ended=kept"
    assert "What you typed is kept: sign in, and it is there." in lead.get(response.url).text
    assert sign_in(lead, "priya", next=REQUEST).url == "/sign-in/kept/"

    page = lead.get("/sign-in/kept/").text
    assert f'action="{REQUEST}"' in page
    assert "Covers for Zoë\nuntil May" in page
    assert page.count('name="roles"') == 2
    lead.post(REQUEST, TYPED)
    assert lead.get("/sign-in/kept/").url == "/"


def test_it_is_kept_too_when_the_page_itself_had_asked_something_first(lead, after):
    after(901)
    assert lead.get(reverse("calls:ringing"), HTTP_HX_REQUEST="true").status_code == 286

    lead.post(REQUEST, TYPED)

    assert sign_in(lead, "priya").url == "/sign-in/kept/"


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(lead, after):
    for _ in range(10):
        after(100)
        lead.get(reverse("calls:ringing"), HTTP_HX_REQUEST="true")

    assert lead.get(DESK).url.startswith("/sign-in/")


def test_it_can_be_thrown_away(lead, after):
    after(901)
    lead.post(REQUEST, TYPED)
    sign_in(lead, "priya")

    lead.post("/sign-in/kept/")

    assert lead.get("/sign-in/kept/").url == "/"


def test_somebody_else_never_sees_it(lead, specialist, after):
    after(901)
    lead.post(REQUEST, TYPED)

    assert sign_in(lead, "maya").url == "/"
    assert lead.get("/sign-in/kept/").url == "/"
    assert "Covers" not in str(dict(lead.session))


def test_it_waits_for_an_hour_at_most(lead, after):
    after(901)
    lead.post(REQUEST, TYPED)
    after(3601)

    assert sign_in(lead, "priya").url == "/"


# Sessions elsewhere


@pytest.fixture
def elsewhere(specialist):
    client = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}, REMOTE_ADDR="192.0.2.7")
    sign_in(client, "maya")
    return client


def test_the_list_names_device_and_address(maya, elsewhere):
    page = maya.get("/account/").text

    assert "Firefox on Linux" in page
    assert "192.0.2.7" in page


def test_one_session_is_ended(maya, elsewhere):
    row = UserSession.objects.get(ip="192.0.2.7")

    maya.post(f"/account/sessions/{row.pk}/end/")

    assert elsewhere.get(DESK).url.startswith("/sign-in/")
    assert maya.get(DESK).status_code == 200
    assert AccessEvent.objects.get(kind="session_ended").detail == {"count": 1}


def test_all_others_are_ended(maya, elsewhere):
    response = maya.post("/account/sessions/end-others/", follow=True)

    assert "1 other session is ended." in response.text
    assert elsewhere.get(DESK).url.startswith("/sign-in/")
    assert maya.get(DESK).status_code == 200


def test_another_persons_session_does_not_exist(maya):
    other = Client()
    UserFactory(username="tomas")
    sign_in(other, "tomas")

    response = maya.post(f"/account/sessions/{UserSession.objects.get(user__username='tomas').pk}/end/")

    assert response.status_code == 404
    assert other.get(DESK).status_code == 200


def test_a_session_that_ended_by_itself_is_not_listed(maya, elsewhere, after):
    after(901)
    sign_in(maya, "maya")

    assert "192.0.2.7" not in maya.get("/account/").text


def test_a_new_password_ends_the_others(maya, elsewhere):
    typed = {"oldpassword": PASSWORD, "password1": "seven quiet geese", "password2": "seven quiet geese"}

    assert maya.post("/account/password/", typed).url == "/account/"

    assert elsewhere.get(DESK).url.startswith("/sign-in/")
    assert maya.get(DESK).status_code == 200


def test_what_is_left_of_ended_sessions_is_forgotten(maya, elsewhere):
    Session.objects.filter(session_key=elsewhere.session.session_key).update(
        expire_date=datetime(2020, 1, 1, tzinfo=UTC)
    )

    forget_sessions()

    assert UserSession.objects.get().session_key == maya.session.session_key
    assert Session.objects.get().session_key == maya.session.session_key
