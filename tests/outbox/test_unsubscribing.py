"""The page behind the link in promotional mail (R-CMP-05, R-CNS-04, N41, M11, M12)."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AccessEvent
from contacts.choices import Channel, ConsentStatus, FutureContact, Purpose
from contacts.models import ConsentEvent, ConsentState, Contact
from contacts.services.merging import merge_contacts
from i2a import clock, limits
from outbox import public, unsubscribe
from outbox.models import Message, UnsubscribeToken
from tests.factories import ContactFactory, MessageFactory, UserFactory

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    """Of a stranger; it would be refused where a form needs a token of the session."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def invited() -> Message:
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR, Purpose.TRADE_MISSION], email="luz.makata@example.org")
    Contact.objects.filter(pk=contact.pk).update(street="9 Nowhere Lane")
    return invitation_to(Contact.objects.get(pk=contact.pk))


def invitation_to(contact: Contact, purpose: str = Purpose.SEMINAR, **columns) -> Message:
    event = contact.consent_events.filter(purpose=purpose).latest("pk")
    return MessageFactory(kind=purpose, contact=contact, consent_event=event, **columns)


def link_of(message: Message) -> str:
    token = unsubscribe.new_token()
    UnsubscribeToken.objects.create(message=message, sha256=unsubscribe.hash_of(token))
    return f"/unsubscribe/?t={token}"


def statuses(contact: Contact) -> dict[str, str]:
    return {state.purpose: state.status for state in ConsentState.objects.filter(contact=contact, channel="email")}


def test_the_links_in_mails_lead_to_the_page():
    assert reverse("unsubscribe") == unsubscribe.PATH


# Looking


def test_looking_changes_nothing_however_often_and_by_whatever_method(browser, invited):
    link, before = link_of(invited), ConsentEvent.objects.count()

    with CaptureQueriesContext(connection) as queries:
        answers = [browser.get(link), browser.head(link), browser.get(link)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {query["sql"].split()[0] for query in queries} <= {"SELECT", "SAVEPOINT", "RELEASE"}
    assert ConsentEvent.objects.count() == before


def test_the_page_shows_what_one_agreed_to_and_no_more_of_the_address_than_its_receiver_needs(browser, invited):
    html = browser.get(link_of(invited)).content.decode()

    assert "Seminars and workshops" in html
    assert "Trade missions" in html
    assert "l…@example.org" in html
    contact = invited.contact
    for personal in ["luz.makata", contact.name, contact.ref, contact.phone, "Nowhere Lane", str(contact.uid)]:
        assert not personal or personal not in html


def test_nothing_of_it_is_stored_or_sent_on(browser, invited):
    answer = browser.get(link_of(invited))

    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert b"csrf" not in answer.content


def test_it_speaks_the_language_of_the_mail_and_the_other_one_with_the_same_token(browser, invited):
    link = link_of(invited)

    english, french = browser.get(link), browser.get(f"{link}&lang=fr")

    assert b'<html lang="en' in english.content
    assert f"{link.partition('?')[2]}&amp;lang=fr" in english.content.decode()
    assert b'<html lang="fr' in french.content
    assert french["Content-Language"] == "fr-ca"
    assert not french.cookies


def test_a_language_nobody_speaks_is_not_asked_for(browser, invited):
    assert b'<html lang="en' in browser.get(f"{link_of(invited)}&lang=xx%00").content


# People


def test_stopping_one_purpose_leaves_the_others(browser, invited):
    answer = browser.post(link_of(invited), {"stop": "seminar"})

    assert answer.status_code == 200
    assert "You get no more e-mails or calls about: Seminars and workshops." in answer.content.decode()
    assert statuses(invited.contact) == {"seminar": "withdrawn", "trade_mission": "granted"}
    assert not answer.cookies


def test_another_purpose_than_the_mails_can_be_stopped_too(browser, invited):
    browser.post(link_of(invited), {"stop": "trade_mission"})

    assert statuses(invited.contact) == {"seminar": "granted", "trade_mission": "withdrawn"}


def test_stopping_everything_ends_all_and_erases_the_address_at_once(browser, invited):
    answer = browser.post(link_of(invited), {"stop": "all"})

    contact = Contact.objects.get(pk=invited.contact_id)
    assert set(statuses(contact).values()) == {"withdrawn"}
    assert (contact.future_contact, contact.street) == (FutureContact.DECLINED, "")
    assert "by e-mail or by phone" in answer.content.decode()


def test_a_purpose_ends_on_every_channel(browser, invited):
    of_phone = {"purpose": "seminar", "channel": Channel.PHONE}
    given = invited.consent_event
    ConsentEvent.objects.create(
        contact=invited.contact, status="granted", basis="express", source="call", text_version=given.text_version,
        language="en", at=clock.now(), **of_phone,
    )  # fmt: skip

    browser.post(link_of(invited), {"stop": "seminar"})

    assert ConsentState.objects.get(contact=invited.contact, **of_phone).status == ConsentStatus.WITHDRAWN


@pytest.mark.parametrize("stop", ["", "everything", "seminar\x00", "information"])
def test_what_cannot_be_stopped_changes_nothing_and_says_so(browser, invited, stop):
    answer = browser.post(link_of(invited), {"stop": stop})

    assert answer.status_code == 400
    assert "Choose what to stop. Nothing was changed." in answer.content.decode()
    assert statuses(invited.contact) == {"seminar": "granted", "trade_mission": "granted"}


def test_stopping_twice_is_as_good_as_once(browser, invited):
    link = link_of(invited)

    first, second = browser.post(link, {"stop": "seminar"}), browser.post(link, {"stop": "seminar"})

    assert (first.status_code, second.status_code) == (200, 200)
    assert ConsentEvent.objects.filter(contact=invited.contact, status="withdrawn").count() == 1


def test_afterwards_the_page_says_since_when_it_is_stopped(browser, invited):
    link = link_of(invited)
    browser.post(link, {"stop": "all"})

    html = browser.get(link).content.decode()

    assert "Nothing is left to stop" in html
    assert 'value="all"' not in html


# Mail programs


def test_one_click_ends_the_mails_purpose_without_cookie_or_redirect(browser, invited):
    answer = browser.post(link_of(invited), ONE_CLICK)

    assert (answer.status_code, answer.content) == (200, b"You are unsubscribed.\n")
    assert not answer.cookies
    assert statuses(invited.contact) == {"seminar": "withdrawn", "trade_mission": "granted"}


def test_one_click_comes_urlencoded_too_and_twice(browser, invited):
    link = link_of(invited)
    encoded = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}

    answers = [browser.post(link, **encoded), browser.post(link, **encoded)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert statuses(invited.contact)["seminar"] == "withdrawn"


def test_the_proof_says_how_it_was_withdrawn_and_by_which_mail(browser, invited):
    browser.post(link_of(invited), ONE_CLICK)

    event = ConsentEvent.objects.get(contact=invited.contact, status="withdrawn")
    assert (event.source, event.source_ref, event.recorded_by) == ("one_click", invited.reference, None)


def test_the_audit_names_the_recipient_even_in_a_colleagues_browser(invited):
    client = Client()
    client.force_login(UserFactory(role="specialist"))

    client.post(link_of(invited), ONE_CLICK)

    event = AccessEvent.objects.get(kind="consent_withdrawn")
    assert (event.actor, event.actor_label, event.object_uid) == (None, "recipient", invited.contact.uid)
    assert event.detail == {"how": "one_click", "purposes": ["seminar"], "message": str(invited.uid)}


# What waits


def test_everything_that_waits_for_the_purpose_is_withheld_at_once(browser, invited):
    waiting = [
        invitation_to(invited.contact, purpose_key=f"event:{number}", not_before=clock.now() + timedelta(days=number))
        for number in range(5)
    ]
    other = invitation_to(invited.contact, Purpose.TRADE_MISSION)
    asked_for = MessageFactory(contact=invited.contact)

    browser.post(link_of(invited), ONE_CLICK)

    states = Message.objects.in_bulk([message.pk for message in [*waiting, other, asked_for]])
    assert {(states[message.pk].state, states[message.pk].reason) for message in waiting} == {
        ("withheld", "consent withdrawn")
    }
    assert (states[other.pk].state, states[asked_for.pk].state) == ("queued", "queued")
    assert AccessEvent.objects.filter(kind="email_withheld", actor_label="recipient").count() == 6


# Long afterwards


def test_the_link_works_years_later(browser, invited):
    link = link_of(invited)
    UnsubscribeToken.objects.update(created_at=clock.now() - timedelta(days=3 * 365))

    assert browser.post(link, ONE_CLICK).status_code == 200
    assert statuses(invited.contact)["seminar"] == "withdrawn"


def test_it_follows_the_receiver_into_the_record_they_were_merged_into(browser, invited, team_lead):
    winner = ContactFactory(agrees_to=[Purpose.SEMINAR], email=invited.contact.email, team=team_lead.team)
    loser = invited.contact
    link = link_of(invited)
    merge_into(winner, loser, team_lead)

    assert browser.post(link, ONE_CLICK).status_code == 200
    assert statuses(winner)["seminar"] == "withdrawn"


def test_it_works_after_the_receiver_was_anonymised(browser, invited):
    link = link_of(invited)
    anonymise(invited.contact)

    assert browser.get(link).status_code == 200
    assert browser.post(link, ONE_CLICK).status_code == 200


# Links that nobody was sent


@pytest.mark.parametrize("token", ["", "x", "A" * 22, "\x00", "é" * 22, "A" * 5000])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_link_is_not_found_and_says_what_to_do(browser, method, token):
    answer = getattr(browser, method)(unsubscribe.PATH, query_params={"t": token})

    assert answer.status_code == 404
    assert "This link is not valid. Call us at" in answer.content.decode()
    assert "780-555-0100" in answer.content.decode()


def test_an_altered_link_is_not_found(browser, invited):
    link = link_of(invited)

    assert browser.post(link[:-1] + ("A" if link[-1] != "A" else "B"), ONE_CLICK).status_code == 404
    assert statuses(invited.contact)["seminar"] == "granted"


def test_guessing_is_slowed_down_and_never_stands_in_an_honest_persons_way(browser, invited):
    for _guess in range(public.MOST_GUESSES):
        browser.get(f"{unsubscribe.PATH}?t=guess")

    assert browser.get(f"{unsubscribe.PATH}?t=guess").status_code == 429
    assert browser.get(link_of(invited)).status_code == 200
    assert browser.post(link_of(invited), ONE_CLICK).status_code == 200


def test_guessing_without_redis_is_answered_too(browser, monkeypatch):
    def is_away(*args, **options):
        raise ConnectionError

    monkeypatch.setattr(limits.cache, "add", is_away)

    assert browser.get(f"{unsubscribe.PATH}?t=guess").status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(browser, invited, method):
    assert getattr(browser, method)(link_of(invited)).status_code == 405


# The token stays between the mail and us


def test_no_log_line_has_the_token(browser, invited, caplog):
    link, token = link_of(invited), "B" * 22
    with caplog.at_level(logging.DEBUG):
        browser.post(link, {"stop": "nothing"})
        browser.post(f"{unsubscribe.PATH}?t={token}")

    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert token not in said
    assert link.partition("?t=")[2] not in said


@pytest.mark.parametrize("file", ["Procfile", "Dockerfile"])
def test_the_access_log_leaves_out_what_stands_behind_the_question_mark(file, settings):
    command = Path(settings.BASE_DIR, file).read_text()

    assert "%(U)s" in command
    for whole_line in ["%(r)s", "%(q)s", "%(f)s", "%({referer}i)s"]:
        assert whole_line not in command


def merge_into(winner: Contact, loser: Contact, by) -> None:
    versions = (winner.version, loser.version)
    merge_contacts(winner=winner, loser=loser, choices={}, versions=versions, by=by, now=clock.now())


def anonymise(contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk).update(status="anonymised")
