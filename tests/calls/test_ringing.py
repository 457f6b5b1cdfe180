"""Who rings at one's desk comes up on one's pages, for a moment (F3)."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from access.leaving import deactivate_user
from audit.models import AccessEvent
from calls.models import CallDraft, RingingCall
from calls.tasks import forget_ringing
from i2a import clock
from tests.calls.phone_events import NUMBER, event, post
from tests.factories import ContactFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
RINGING = "/calls/ringing/"
BANNER = "rings at your desk"


@pytest.fixture(autouse=True)
def line(settings, monday_morning, specialist):
    settings.I2A_PHONE_SECRET, settings.I2A_PHONE_TEAM = "shared", specialist.team.name
    specialist.extension = "204"
    specialist.save()


def posted(client, kind="call.ringing", **changes):
    assert post(client, event(type=kind, **changes)).status_code == 200


# What comes up


def test_the_caller_comes_up_with_one_click_to_begin(signed_in):
    contact = ContactFactory(phone=NUMBER)
    posted(signed_in)

    text = signed_in.get(RINGING).text

    assert BANNER in text
    assert contact.name in text
    assert "the same number" in text
    assert f'name="contact" value="{contact.uid}"' in text


def test_a_number_nobody_has_begins_a_call_with_somebody_new(signed_in, start):
    posted(signed_in)
    assert 'name="q" value="+1 403-555-0142"' in signed_in.get(RINGING).text

    draft = start(q="+1 403-555-0142")

    assert draft.data["phone"] == ["+1 403-555-0142"]


def test_nobody_comes_up_whom_one_may_not_see(signed_in):
    ContactFactory(name="Baron Hidden", phone=NUMBER, team=TeamFactory(name="Trade Missions"))
    posted(signed_in)

    text = signed_in.get(RINGING).text

    assert "Baron" not in text
    assert "1 further match you cannot view" in text


def test_it_comes_up_at_the_desk_that_rings_and_nowhere_else(client, signed_in):
    tomas = UserFactory(username="tomas", extension="205")
    posted(signed_in, to="205")

    assert signed_in.get(RINGING).status_code == 204
    client.force_login(tomas)
    assert BANNER in client.get(RINGING).text


def test_the_desk_shows_it_without_a_script(signed_in):
    posted(signed_in)

    assert BANNER in signed_in.get(reverse("calls:desk")).text


def test_pages_ask_only_for_who_has_an_extension(signed_in, specialist):
    assert f'hx-get="{RINGING}"' in signed_in.get(reverse("followups:list")).text

    specialist.extension = ""
    specialist.save()

    assert RINGING not in signed_in.get(reverse("followups:list")).text


@pytest.mark.parametrize("what", ["hidden", "nobody's desk", "old", "no longer here"])
def test_nothing_comes_up(signed_in, specialist, what):
    changes = {
        "hidden": {"from": ""},
        "nobody's desk": {"to": "999"},
        "old": {"at": (clock.now() - timedelta(minutes=2)).isoformat()},
        "no longer here": {},
    }
    if what == "no longer here":
        deactivate_user(user=specialist)

    posted(signed_in, **changes[what])

    assert not RingingCall.objects.exists()


# What is asked again and again


def test_what_is_on_the_page_is_not_looked_up_again(signed_in, django_assert_max_num_queries):
    posted(signed_in)
    signed_in.get(RINGING)
    shown = {"shown": str(RingingCall.objects.get().uid)}

    with django_assert_max_num_queries(6):  # session, user, roles, savepoint twice, what rings
        assert signed_in.get(RINGING, shown).status_code == 204

    assert AccessEvent.objects.filter(kind="searched").count() == 1


def test_who_looked_is_recorded_without_the_number(signed_in, specialist):
    posted(signed_in)

    signed_in.get(RINGING)

    looked = AccessEvent.objects.get(kind="searched")
    assert looked.actor == specialist
    assert "5550142" not in json.dumps(looked.detail)


def test_asking_keeps_nobody_signed_in(signed_in):
    session = signed_in.session
    session["seen_at"] -= 600
    session.save()

    signed_in.get(RINGING)
    assert signed_in.session["seen_at"] == session["seen_at"]


def test_a_page_of_who_is_signed_out_stops_asking(client):
    response = client.get(RINGING, headers={"HX-Request": "true"})

    assert (response.status_code, response.content) == (286, b"")


# When it goes


@pytest.mark.parametrize("kind", ["call.ended", "call.missed"])
def test_it_goes_when_they_hang_up(signed_in, kind):
    posted(signed_in)
    shown = {"shown": str(RingingCall.objects.get().uid)}

    posted(signed_in, kind, id="e-2")

    response = signed_in.get(RINGING, shown)
    assert response.status_code == 200
    assert BANNER not in response.text
    assert RingingCall.objects.get().number == ""


def test_it_goes_from_the_desks_that_did_not_answer(signed_in):
    UserFactory(username="tomas", extension="205")
    posted(signed_in)
    posted(signed_in, id="e-2", to="205")

    posted(signed_in, "call.answered", id="e-3", to="205")

    assert RingingCall.objects.exclude(number="").get().user.username == "tomas"


def test_it_goes_when_the_call_begins(signed_in, start):
    posted(signed_in)

    start(q=NUMBER)

    assert signed_in.get(RINGING).status_code == 204
    assert RingingCall.objects.get().number == ""


def test_it_goes_when_it_is_put_away(signed_in):
    posted(signed_in)

    assert signed_in.post(RINGING).url == reverse("calls:desk")

    assert signed_in.get(RINGING).status_code == 204


def test_it_goes_after_two_minutes_and_the_number_with_it(signed_in, time_machine):
    posted(signed_in)
    time_machine.shift(timedelta(minutes=2))

    assert signed_in.get(RINGING).status_code == 204
    forget_ringing()
    assert RingingCall.objects.get().number == ""

    time_machine.shift(timedelta(minutes=9))
    forget_ringing()
    assert not RingingCall.objects.exists()


def test_the_same_event_twice_rings_once(signed_in):
    posted(signed_in)
    signed_in.post(RINGING)

    posted(signed_in)

    assert signed_in.get(RINGING).status_code == 204


# Whose phone


def test_one_gives_the_extension_of_ones_phone(signed_in, specialist):
    assert signed_in.post(reverse("calls:extension"), {"extension": " 310 "}).status_code == 302

    specialist.refresh_from_db()
    assert specialist.extension == "310"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("205", "Tomas T. has this extension. Ask them to give it up on this page."),
        ("2o4", "An extension has digits only, ten at most."),
        ("12345678901", "An extension has digits only, ten at most."),
    ],
)
def test_what_cannot_be_ones_extension_is_refused_beside_the_field(signed_in, specialist, typed, words):
    UserFactory(username="tomas", first_name="Tomas", last_name="T.", extension="205")

    response = signed_in.post(reverse("calls:extension"), {"extension": typed})

    assert response.context["form"].errors == {"extension": [words]}
    specialist.refresh_from_db()
    assert specialist.extension == "204"


@pytest.mark.parametrize("extension", ["204", "2o4"])
def test_the_database_knows_what_an_extension_is(specialist, extension):
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(username="tomas", extension=extension)


# The demonstration


def test_the_demonstration_rings_ones_own_phone(signed_in):
    assert signed_in.post("/demo/phone/", {"caller": "403 555 0142", "ring": ""}).status_code == 302

    assert BANNER in signed_in.get(RINGING).text
    assert not CallDraft.objects.exists()


def test_the_demonstration_says_that_it_knows_no_phone_of_ones_own(signed_in, specialist):
    specialist.extension = ""
    specialist.save()

    text = signed_in.post("/demo/phone/", {"caller": "403 555 0142", "ring": ""}).text

    assert "Give your extension on the call desk first." in text
