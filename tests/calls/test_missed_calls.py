"""Missed calls that the phone system posts become call-backs (F8)."""

import json
import logging

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import AccessEvent, LogEntry
from calls.models import Call, CallDraft, MissedCall
from calls.services.missed_calls import take_missed_call
from followups.models import FollowUp, ServiceHours
from followups.services import cancel_follow_up
from i2a import clock
from i2a.phone_text import phone_text
from tests.calls.phone_events import NUMBER, event, post
from tests.factories import ContactFactory, FollowUpFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def line(settings, monday_morning, specialist):
    settings.I2A_PHONE_SECRET, settings.I2A_PHONE_TEAM = "shared", specialist.team.name


@pytest.fixture
def missed():
    def missed(number=NUMBER, event_id="e-1"):
        return take_missed_call(event_id=event_id, at=clock.now(), caller=number, now=clock.now()).follow_up

    return missed


# The entrance


def test_a_missed_call_is_owed_a_call_back_by_nobody_yet(client, specialist):
    assert post(client, event(at="2026-11-23T08:40:00-07:00")).status_code == 200

    owed = FollowUp.objects.get()
    assert (owed.kind, owed.contact, owed.assigned_to, owed.team) == ("call_back", None, None, specialist.team)
    assert (owed.number, owed.received_at.isoformat()) == (NUMBER, "2026-11-23T15:40:00+00:00")
    assert owed.due_at.isoformat() == "2026-11-24T15:40:00+00:00"
    assert owed.due_reason


def test_the_same_event_twice_is_one_call(client):
    assert [post(client, event()).status_code, post(client, event()).status_code] == [200, 200]

    assert (MissedCall.objects.count(), FollowUp.objects.count()) == (1, 1)


def test_who_calls_again_is_called_back_once(client):
    post(client, event())
    post(client, event(id="e-2"))

    assert (MissedCall.objects.count(), FollowUp.objects.count()) == (2, 1)


@pytest.mark.parametrize("caller", ["", "anonymous", "12"])
def test_without_a_number_nobody_can_be_called_back(client, caller):
    assert post(client, event(**{"from": caller})).status_code == 200

    assert MissedCall.objects.get().follow_up is None
    assert not FollowUp.objects.exists()


def test_other_events_are_not_for_us(client):
    assert post(client, event(type="call.transferred")).status_code == 202
    assert not MissedCall.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff", b"[" * 5000, b"[]", b'"call.missed"', event(id=""), event(id=7), event(id="x" * 101),
        event(id="a\x00"), event(type=None), event(at=""), event(at="today"), event(at="2026-11-23T08:40:00"),
        event(at="2026-13-40T08:40:00Z"), event(at="0001-01-01T00:00:00Z"), event(at="2026-12-23T08:40:00Z"),
        event(**{"from": ["403"]}), event(**{"from": "4" * 41}), event(to=204),
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused(client, body):
    assert post(client, body).status_code == 400
    assert not MissedCall.objects.exists()


@pytest.mark.parametrize(
    "fault",
    [
        {"secret": "other"},
        {"at": 0},
        {"at": 2_000_000_000},
        {"X-I2A-Signature": ""},
        {"X-I2A-Timestamp": ""},
    ],
)
def test_what_is_not_signed_now_is_refused_and_recorded(client, fault):
    assert post(client, event(), **fault).status_code == 401

    assert not MissedCall.objects.exists()
    assert AccessEvent.objects.get().object_type == "phone_events"


def test_a_large_body_is_refused(client):
    assert post(client, event(more="x" * 20_000)).status_code == 413


def test_without_a_secret_there_is_no_entrance(client, settings):
    settings.I2A_PHONE_SECRET = ""

    assert post(client, event(), secret="").status_code == 404


@pytest.mark.parametrize("trouble", ["no team", "no hours"])
def test_the_phone_system_is_told_to_come_back(client, settings, trouble):
    if trouble == "no team":
        settings.I2A_PHONE_TEAM = "Nobody's"
    else:
        ServiceHours.objects.all().delete()

    answer = post(client, event())

    assert (answer.status_code, answer["Retry-After"]) == (503, "120")
    assert not MissedCall.objects.exists()


def test_the_number_is_in_no_log_and_masked_in_the_history(client, caplog):
    caplog.set_level(logging.DEBUG)

    post(client, event())

    assert "5550142" not in caplog.text
    (entry,) = LogEntry.objects.get_for_object(FollowUp.objects.get())
    assert "5550142" not in json.dumps(entry.changes)
    assert entry.additional_data is None or "5550142" not in json.dumps(entry.additional_data)


# Who called


def test_the_only_contact_with_the_number_is_who_called(missed):
    contact = ContactFactory(mobile=NUMBER)

    assert missed().contact == contact


def test_two_contacts_with_the_number_are_nobody_certain(missed):
    ContactFactory(phone=NUMBER)
    ContactFactory(mobile=NUMBER)

    assert missed().contact is None


@pytest.mark.parametrize("hidden", ["another team", "restricted"])
def test_a_contact_whom_the_team_may_not_see_is_not_named(missed, hidden):
    if hidden == "restricted":
        ContactFactory(phone=NUMBER, sensitivity="restricted")
    else:
        ContactFactory(phone=NUMBER, team=TeamFactory(name="Trade Missions"))

    assert missed().contact is None


# The number lives as long as the follow-up is open


def test_ending_the_follow_up_erases_the_number(missed, specialist):
    follow_up = cancel_follow_up(follow_up=missed(), reason="Called us again", by=specialist, now=clock.now())

    assert follow_up.number == ""


def test_the_database_keeps_no_number_on_anything_else():
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUpFactory(number=NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUpFactory(kind="call_back", number=NUMBER, cancelled=True)


# Calling back


def test_the_queue_shows_the_number_and_calls_back(signed_in, missed):
    missed()

    text = signed_in.get(reverse("followups:list"), {"view": "unassigned"}).text

    assert phone_text(NUMBER) in text
    assert 'name="answers"' in text
    assert "Call back" in text


def test_the_desk_looks_the_number_up(signed_in, missed):
    follow_up = missed()
    contact = ContactFactory(phone=NUMBER)

    text = signed_in.post(reverse("calls:desk"), {"answers": follow_up.uid}).text

    assert contact.name in text
    assert text.count(f'name="answers" value="{follow_up.uid}"') == 2  # with them, with somebody new


def test_the_desk_knows_no_missed_call_of_another_team(client, missed):
    follow_up = missed()
    client.force_login(UserFactory(username="jun", team=TeamFactory(name="Trade Missions")))

    response = client.post(reverse("calls:desk"), {"answers": follow_up.uid})

    assert "555" not in response.text
    client.post(reverse("calls:start"), {"q": "Somebody", "answers": follow_up.uid})
    assert CallDraft.objects.get().answers is None


def test_the_desk_opens_for_an_answer_that_is_none(signed_in):
    assert signed_in.post(reverse("calls:desk"), {"answers": "nonsense"}).status_code == 200


def test_a_call_with_nobody_known_closes_it_and_undo_owes_it_again(start, save, signed_in, missed, statistics_only):
    follow_up = missed()
    draft = start(q=NUMBER, answers=str(follow_up.uid))
    page = signed_in.get(reverse("calls:draft", args=[draft.uid])).text
    assert "Close it with this call" in page
    assert (draft.data["direction"], draft.data["phone"]) == (["out"], [NUMBER])

    save(draft, **statistics_only | {"direction": "out", "answers_follow_up": str(follow_up.uid)})
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.method, follow_up.number) == ("done", "phone", "")

    signed_in.post(reverse("calls:undo", args=[Call.objects.get().uid]))
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.number) == ("open", NUMBER)


def test_a_call_with_a_contact_closes_it(start, missed, signed_in):
    follow_up = missed()
    contact = ContactFactory(phone=NUMBER)

    draft = start(contact=str(contact.uid), answers=str(follow_up.uid))

    assert (draft.contact, draft.answers) == (contact, follow_up.uid)
    page = signed_in.get(reverse("calls:draft", args=[draft.uid])).text
    assert "Close it with this call" in page


def test_it_is_closed_with_ones_own_call_too(signed_in, missed, start, save, statistics_only):
    follow_up = missed()
    save(start(), **statistics_only)

    assert Call.objects.get().ref in signed_in.get(reverse("followups:close", args=[follow_up.uid])).text


# The demonstration


def test_the_demonstration_posts_a_missed_call(signed_in):
    assert signed_in.post("/demo/phone/", {"caller": "403 555 0199"}).status_code == 302
    assert FollowUp.objects.get().number == "+14035550199"


def test_the_demonstration_wants_a_number(signed_in):
    assert "No phone number looks like this." in signed_in.post("/demo/phone/", {"caller": "12"}).text
