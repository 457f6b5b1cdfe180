"""Why a record was opened: from the work one is at, asked when there is none (N11)."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from audit.models import AccessEvent
from contacts.models import OpeningReason, RecordRequest
from contacts.services import requests
from i2a import clock
from tests.contacts.steps import merge
from tests.factories import ContactFactory, FollowUpFactory, NoteFactory, TeamFactory, let_in, says_why

pytestmark = pytest.mark.django_db
ASK = "Why do you open this record?"


@pytest.fixture
def olena(db):
    return ContactFactory(name="Olena Kovalenko")


@pytest.fixture
def opened(client):
    def opened(user, contact, name="detail"):
        client.force_login(user, backend="access.backends.RoleBackend")
        return client.get(reverse(f"contacts:{name}", args=[contact.uid]), follow=True)

    return opened


def purposes():
    return [event.detail.get("purpose") for event in AccessEvent.objects.filter(kind__in=["viewed", "printed"])]


@pytest.mark.parametrize("name", ["detail", "print_record", "notes", "edit", "consent", "do_not_contact"])
def test_one_s_own_team_s_record_opens_at_once(name, opened, specialist, olena):
    page = opened(specialist, olena, name)

    assert "Kovalenko" in page.text
    assert purposes() == ["team"]


def test_sending_information_says_why_the_record_was_opened(client, specialist, olena):
    client.force_login(specialist, backend="access.backends.RoleBackend")

    client.get(reverse("library:choose", args=[olena.uid]))

    assert purposes() == ["team"]


def test_deciding_who_sees_a_record_says_that_it_was_opened_for_that(opened, manager):
    opened(manager, ContactFactory(team=TeamFactory(name="Trade Missions")), "access")

    assert purposes() == ["access"]


def test_a_call_in_progress_says_why(client, opened, specialist, olena):
    client.force_login(specialist, backend="access.backends.RoleBackend")
    client.post(reverse("calls:start"), {"contact": olena.uid})

    opened(specialist, olena)

    assert purposes() == ["call"]


def test_a_follow_up_one_owes_says_why(opened, manager, olena):
    FollowUpFactory(contact=olena, team=olena.team, assigned_to=manager)

    opened(manager, olena)

    assert purposes() == ["follow_up"]


def test_who_was_let_in_says_nothing_more(opened, specialist):
    contact = ContactFactory(team=TeamFactory(name="Trade Missions"))
    let_in(specialist, contact)

    opened(specialist, contact)

    assert purposes() == ["shared"]


def test_a_request_that_waits_says_why(opened, manager, specialist, olena):
    requests.ask(contact=olena, kind=RecordRequest.Kind.ACCESS, reason="On the line", by=specialist, now=clock.now())

    opened(manager, olena)

    assert purposes() == ["request"]


def test_a_merge_made_today_says_why(opened, manager, olena):
    merge(olena, ContactFactory(), manager)

    opened(manager, olena)

    assert purposes() == ["merge"]


@pytest.mark.parametrize("name", ["detail", "print_record", "notes", "consent"])
def test_who_has_no_work_with_it_is_asked_and_shown_nothing(name, opened, privacy_officer, olena):
    page = opened(privacy_officer, olena, name)

    assert ASK in page.text
    assert "Kovalenko" not in page.text
    assert purposes() == []


@pytest.mark.parametrize("is_asked_for", ["first", "second"])
def test_two_side_by_side_are_asked_for_one_by_one(client, opened, privacy_officer, olena, is_asked_for):
    other = ContactFactory()
    said = {"first": other, "second": olena}[is_asked_for]
    asked = {"first": olena, "second": other}[is_asked_for]
    says_why(privacy_officer, said)
    client.force_login(privacy_officer, backend="access.backends.RoleBackend")

    page = client.get(reverse("contacts:compare", args=[olena.uid, other.uid]), follow=True)

    assert page.request["PATH_INFO"] == reverse("contacts:opening", args=[asked.uid])
    assert purposes() == []


@pytest.mark.parametrize("name", ["merge", "representation_add"])
def test_what_is_done_with_two_says_why_both_were_opened(client, name, team_lead, olena):
    client.force_login(team_lead, backend="access.backends.RoleBackend")

    client.get(reverse(f"contacts:{name}", args=[olena.uid, ContactFactory(team=olena.team).uid]))

    assert purposes() == ["team", "team"]


def test_one_note_asks_as_the_record_does(client, privacy_officer, olena):
    note = NoteFactory(contact=olena)
    client.force_login(privacy_officer, backend="access.backends.RoleBackend")

    page = client.get(reverse("contacts:note", args=[olena.uid, note.uid]), follow=True)

    assert ASK in page.text


def test_the_answer_leads_on_and_counts_for_the_day(client, opened, privacy_officer, olena, time_machine):
    time_machine.move_to("2026-11-23T16:00:00Z", tick=False)
    ask = opened(privacy_officer, olena, "print_record")
    answer = {"purpose": "client", "words": "Request 2026-014", "next": ask.context["onward"]}

    page = client.post(ask.request["PATH_INFO"], answer, follow=True)

    assert page.request["PATH_INFO"] == reverse("contacts:print_record", args=[olena.uid])
    assert "Kovalenko" in page.text
    assert "Kovalenko" in opened(privacy_officer, olena).text
    assert purposes() == ["client", "client"]
    reason = OpeningReason.objects.get()
    assert (reason.by, reason.words) == (privacy_officer, "Request 2026-014")
    assert ASK in opened(privacy_officer, ContactFactory()).text
    time_machine.move_to("2026-11-24T16:00:00Z", tick=False)
    assert ASK in opened(privacy_officer, olena).text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, "Choose why you open the record."),
        ({"purpose": "team"}, "Select a valid choice."),
        ({"purpose": "other"}, "Say in a few words why you open the record."),
        ({"purpose": "other", "words": "SIN 046 454 286"}, "This looks like a Social Insurance Number."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(client, privacy_officer, olena, answer, words):
    client.force_login(privacy_officer)

    page = client.post(reverse("contacts:opening", args=[olena.uid]), answer)

    assert words in page.text
    assert not OpeningReason.objects.exists()


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_the_answer_leads_nowhere_else(client, privacy_officer, olena, onward):
    client.force_login(privacy_officer)

    answer = {"purpose": "review", "next": onward}
    response = client.post(reverse("contacts:opening", args=[olena.uid]), answer)

    assert response.url == olena.get_absolute_url()


def test_a_record_out_of_reach_is_refused_before_anything_is_asked(opened, specialist):
    contact = ContactFactory(team=TeamFactory(name="Trade Missions"))

    assert opened(specialist, contact, "opening").status_code == 403


def test_something_else_needs_words_in_the_database_too(privacy_officer, olena):
    with pytest.raises(IntegrityError, match="opening_reason_other_says_what"):
        OpeningReason.objects.create(contact=olena, by=privacy_officer, at=clock.now(), purpose="other")
