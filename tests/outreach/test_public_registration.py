"""The public form of an event: who has its address, until it begins, in both languages (F75)."""

import logging
import re
import time
import uuid
from datetime import timedelta
from itertools import cycle
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import LogEntry
from contacts.models import ConsentEvent, Contact, TextVersion
from i2a import clock
from outbox.models import Message
from outreach import public_form, public_views
from outreach.models import FormEntry, Registration
from tests.factories import ContactFactory, EventFactory, RegistrationFactory
from tests.sending import FORM, encoded
from tests.test_hostile_input import ENDLESS, HOSTILE, PATIENCE

pytestmark = pytest.mark.django_db
TYPED = {"name": "Ines Fabricated", "email": "ines@example.org", "phone": "", "language": "en"}
LARGEST, MOST_QUERIES = 60_000, 8


@pytest.fixture
def browser():
    """Of a stranger; it would be refused where a form needs a token of the session."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def event():
    return EventFactory(public_form="link", seats=2)


def address(event, **query):
    return f"{public_form.PATH}?" + "&".join(
        f"{name}={value}" for name, value in {"t": event.link_token, **query}.items()
    )


def send(browser, event, **typed):
    return browser.post(address(event), {"form_uuid": uuid.uuid4(), **TYPED, **typed})


def sent(browser, event, **typed):
    """The page that whoever sent it comes to."""
    return browser.get(send(browser, event, **typed).url).text


def entry_of(event):
    return FormEntry.objects.get(registration__event=event)


def test_the_address_is_the_page(event):
    assert reverse("register") == public_form.PATH
    assert public_form.address_of(event) == f"http://127.0.0.1:8000/register/?t={event.link_token}"
    assert public_form.address_of(EventFactory()) == ""


# Who may


def test_a_stranger_registers_and_gets_a_reference(browser, event):
    page = sent(browser, event)

    entry = entry_of(event)
    assert "You are registered" in page
    assert entry.ref in page
    assert (entry.name, entry.email, entry.language) == ("Ines Fabricated", "ines@example.org", "en")
    assert entry.registration.state == "seat"
    assert entry.registration.contact is None


def test_it_is_no_consent_no_contact_and_no_mail(browser, event):
    send(browser, event)

    assert not ConsentEvent.objects.exists()
    assert not Contact.objects.exists()
    assert not Message.objects.exists()
    assert "You agree to nothing else by it" in browser.get(address(event)).text


def test_the_confirmation_shows_nothing_of_what_was_typed(browser, event):
    page = sent(browser, event)

    assert "Fabricated" not in page
    assert "ines@" not in page


@pytest.mark.parametrize(
    "token", ["", "x", "A" * 32, "A" * 33, "é" * 32, "\0" * 32, "%s", "../..", "1' OR 1=1", "a" * 10_000]
)
def test_whatever_opens_nothing_is_answered_alike(browser, event, token):
    for answer in [browser.get(public_form.PATH, {"t": token}), browser.post(f"{public_form.PATH}?t=%00")]:
        assert answer.status_code == 404
        assert "This link is not valid. Call us at" in answer.text
        assert "780-555-0100" in answer.text
        assert event.title not in answer.text


def test_half_a_token_opens_nothing(browser, event):
    event.link_token = "S" * public_form.SELECTOR + "v" * 24
    event.save()

    assert browser.get(address(event)).status_code == 200
    event.link_token = "S" * public_form.SELECTOR + "w" * 24
    assert browser.get(address(event)).status_code == 404


def test_a_form_that_was_taken_away_is_not_found(browser, event):
    event.public_form = "none"
    event.save()

    assert browser.get(address(event)).status_code == 404
    assert send(browser, event).status_code == 404


def test_a_new_address_ends_the_old_one(browser, event, client, team_lead):
    client.force_login(team_lead)

    page = client.post(reverse("outreach:new_link", args=[event.uid]), follow=True).text

    assert browser.get(address(event)).status_code == 404
    event.refresh_from_db()
    assert event.link_token in page
    assert browser.get(address(event)).status_code == 200
    assert LogEntry.objects.latest("pk").changes == {"link_token": ["***", "***"]}  # and so it fails with the audit


def test_only_what_is_open_to_everybody_is_listed(browser, event):
    open_event = EventFactory(public_form="open", seats=1)
    RegistrationFactory(event=open_event)
    begun = EventFactory(public_form="open", starts_at=clock.now() - timedelta(minutes=1))
    cancelled = EventFactory(public_form="open", cancelled_at=clock.now(), cancelled_because="Snow")

    page = browser.get(public_form.PATH).text

    assert open_event.title in page
    assert "All seats are taken; you would be on the wait list." in page
    assert not {event.title, begun.title, cancelled.title} & set(re.findall(r"A morning for employers \d+", page))
    assert browser.get(re.search(r'href="(\?t=[^"]+)"', page)[1].replace("&amp;", "&"), follow=True).status_code == 200


# Until when, and how many


def test_it_closes_in_the_moment_the_event_begins(browser, event):
    event.starts_at = clock.now()
    event.save()

    page, answer = browser.get(address(event)), send(browser, event)

    assert page.status_code == 200
    assert "Registration is closed" in page.text
    assert 'name="name"' not in page.text
    assert answer.status_code == 409
    assert not Registration.objects.exists()


def test_it_closes_when_the_event_is_cancelled(browser, event):
    sent_before = send(browser, event).url
    event.cancelled_at, event.cancelled_because = clock.now(), "Said to colleagues only"
    event.save()

    for page in [browser.get(address(event)).text, browser.get(sent_before).text]:
        assert "This event was cancelled" in page
        assert "Said to colleagues only" not in page
    assert send(browser, event).status_code == 409


def test_who_finds_no_seat_is_told_before_and_after(browser, event):
    assert "2 seats are free." in browser.get(address(event)).text
    RegistrationFactory.create_batch(2, event=event)

    form, page = browser.get(address(event)).text, sent(browser, event)

    assert "All seats are taken; you would be on the wait list." in form
    assert "You are on the wait list" in page
    assert entry_of(event).registration.state == "waiting"


# What is typed


def test_the_same_form_twice_is_one_registration(browser, event):
    form_uuid = uuid.uuid4()

    pages = {send(browser, event, form_uuid=form_uuid).url for _time in range(2)}

    assert len(pages) == 1
    assert event.registrations.count() == 1


def test_a_form_of_another_event_registers_nobody(browser, event):
    form_uuid = uuid.uuid4()
    send(browser, EventFactory(public_form="open"), form_uuid=form_uuid)

    assert "This page is out of date. Open it again." in send(browser, event, form_uuid=form_uuid).text
    assert not event.registrations.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Enter your name."),
        ({"name": "a\u202eb"}, "The name contains characters that are not allowed."),
        ({"name": "x" * 201}, "Shorten this to 200 characters; it has 201."),
        ({"email": ""}, "Give an e-mail address or a phone number, so that we can reach you."),
        ({"email": "a@example.org, b@example.org"}, "Enter one e-mail address."),
        ({"phone": "12"}, "Enter a full phone number including the country code."),
        ({"language": "xx"}, "Select a valid choice."),
        ({"form_uuid": "x"}, "This page is out of date. Open it again."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(browser, event, typed, words):
    answer = send(browser, event, **typed)

    assert answer.status_code == 200
    assert words in answer.text.replace("&#x27;", "'")
    assert "Ines Fabricated" in answer.text or "ines@example.org" in answer.text
    assert not Registration.objects.exists()


def test_a_phone_number_is_enough(browser, event):
    send(browser, event, email="", phone="(780) 555-0163 x4")

    entry = entry_of(event)
    assert (entry.email, entry.phone, entry.phone_typed) == ("", "+17805550163", "(780) 555-0163 x4")


def test_the_other_language_keeps_the_token_and_what_was_typed(browser, event):
    form_uuid = str(uuid.uuid4())
    page = browser.get(address(event)).text
    other = re.search(r'formaction="([^"]+)"', page)[1].replace("&amp;", "&")
    assert event.link_token in other

    french = browser.post(
        f"{public_form.PATH}{other}",
        {**TYPED, "email": "no address yet", "form_uuid": form_uuid, "was": "en", "switch": "1"},
    )

    assert french.headers["Content-Language"] == "fr-ca"
    for kept in ["Ines Fabricated", "no address yet", event.link_token, "lang=fr"]:
        assert kept in french.text
    assert "is-invalid" not in french.text
    assert re.search(r'value="fr" checked', french.text)  # we answer in the language of the page, unless they chose
    assert not Registration.objects.exists()


def test_a_french_event_opens_in_french(browser):
    french = EventFactory(public_form="link", languages=["fr"])

    assert browser.get(address(french)).headers["Content-Language"] == "fr-ca"
    assert browser.get(address(french, lang="en")).headers["Content-Language"] == "en-ca"


def test_the_notice_in_force_stands_on_the_form_and_is_kept(browser, event):
    newer = TextVersion.objects.create(
        kind="collection_notice", language="en", number=9, body="A newer notice.", valid_from=clock.now()
    )

    assert "A newer notice." in browser.get(address(event)).text
    send(browser, event)
    assert entry_of(event).notice_version == newer


def test_without_a_notice_nothing_is_asked(browser, event, monkeypatch):
    monkeypatch.setattr(public_form, "texts_in_force", lambda now: {})

    assert 'name="name"' not in browser.get(address(event)).text
    assert send(browser, event).status_code == 200
    assert not Registration.objects.exists()


# Quietly, quickly, and not too often


def test_one_address_may_not_fill_the_seats(browser, event):
    for number in range(public_views.MOST_ENTRIES):
        assert send(browser, event, name=f"Person {number}").status_code == 302

    answer = send(browser, event, name="One too many")

    assert answer.status_code == 429
    assert "Many people have just registered from your network." in answer.text
    assert "One too many" in answer.text
    assert event.registrations.count() == public_views.MOST_ENTRIES


def test_guessing_is_slowed_down_and_stands_in_nobodys_way(browser, event):
    for _guess in range(public_views.MOST_GUESSES):
        browser.get(f"{public_form.PATH}?t=guess")

    assert browser.get(f"{public_form.PATH}?r=guess").status_code == 429
    assert send(browser, event).status_code == 302


def test_looking_is_small_and_cheap_and_changes_nothing(browser, event):
    RegistrationFactory.create_batch(3, event=event)
    addresses = [address(event), send(browser, event).url, public_form.PATH]
    EventFactory.create_batch(4, public_form="open", seats=5)

    for page in addresses:
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(page)
        assert len(answer.content) < LARGEST
        assert len(queries) <= MOST_QUERIES
        assert {query["sql"].split()[0] for query in queries} <= {"SELECT", "SAVEPOINT", "RELEASE"}
        assert not answer.cookies
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_no_log_line_has_a_token_or_what_was_typed(browser, event, caplog):
    with caplog.at_level(logging.DEBUG):
        send(browser, event)
        send(browser, event, email="wrong")

    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert event.link_token not in said
    assert "ines@" not in said


def test_the_history_says_that_a_visitor_did_it_and_hides_what_was_typed(browser, event, specialist):
    browser.force_login(specialist)  # a colleague fills it in at the desk
    send(browser, event)

    logged = LogEntry.objects.get_for_object(entry_of(event)).get()
    assert logged.actor is None
    assert logged.actor_label == "visitor"
    assert "ines@" not in str(logged.changes)
    assert "Fabricated" not in str(logged.changes)


# For staff


def test_the_page_of_the_event_has_the_address(client, event, specialist):
    client.force_login(specialist)
    page = client.get(event.get_absolute_url()).text

    assert public_form.address_of(event) in page.replace("&amp;", "&")
    assert "Make a new address" not in page


def test_a_form_needs_a_date(client, team_lead):
    client.force_login(team_lead)
    typed = {"kind": "update", "title": "News", "languages": ["en"], "zone": "America/Edmonton", "public_form": "open"}

    page = client.post(reverse("outreach:new"), typed).text

    assert "A public form needs a date: it closes when the event starts." in page


def test_choosing_who_may_register_gives_the_event_an_address(client, team_lead, browser):
    event = EventFactory(link_token="")
    client.force_login(team_lead)
    page = client.get(reverse("outreach:edit", args=[event.uid]))
    typed = page.context["form"].initial | {"public_form": "link", "version": 1}

    client.post(urlsplit(page.request["PATH_INFO"]).path, {name: value for name, value in typed.items() if value})

    event.refresh_from_db()
    assert len(event.link_token) == 32
    assert browser.get(address(event)).status_code == 200


def test_who_is_registered_by_phone_may_register_on_the_form_too(browser, event, client, specialist):
    """The page must not say who is registered; colleagues see that it is one person."""
    RegistrationFactory(event=event, contact=ContactFactory(email="ines@example.org", team=specialist.team))

    assert "You are registered" in sent(browser, event)

    client.force_login(specialist)
    assert "same address or number as another one" in client.get(event.get_absolute_url()).text


def test_nothing_that_is_typed_breaks_the_form_or_takes_long(browser, event):
    boxes = cycle(["name", "email", "phone", "form_uuid"])
    good = {name: text.encode() for name, text in TYPED.items()} | {"form_uuid": str(uuid.uuid4()).encode()}
    endless = {"letters": "name", "groups of digits": "phone"}
    odd = [(value, [next(boxes)]) for value in HOSTILE.values()] + [(value, list(good)) for value in HOSTILE.values()]
    odd += [(ENDLESS[what], [box]) for what, box in endless.items()]

    for value, names in odd:
        body, begun = encoded((good | dict.fromkeys(names, value)).items()), time.process_time()
        assert browser.generic("POST", address(event), body, content_type=FORM).status_code < 500, (value[:20], names)
        assert time.process_time() - begun < PATIENCE, (value[:20], names)
