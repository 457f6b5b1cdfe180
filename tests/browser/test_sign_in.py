"""Signing in as people do: with a code, with a passkey; and staying there, or not."""

import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import expect

from access.demo import PASSWORD
from access.sessions import IDLE_SECONDS, SEEN_AT
from tests.browser.walk import start_call, text_box, type_in

pytestmark = pytest.mark.browser


def enter(page, username):
    page.goto("/sign-in/")
    page.get_by_label("User name or work e-mail").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_manager_needs_a_code_and_a_passkey_does_without_it(site, new_page, watch):
    """Story: the code, then a passkey set up, then in again by the passkey alone."""
    base = site.web_url.replace("127.0.0.1", "localhost")  # passkeys know names of hosts only
    watch.host = base.removeprefix("http://")
    page = new_page(base_url=base)
    key = page.context.new_cdp_session(page)
    key.send("WebAuthn.enable")
    is_there = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True, **is_there}
    key.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    enter(page, "grant")
    page.get_by_label("Code").fill("12345")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("That is 5 digits.")).to_be_visible()
    page.get_by_label("Code").fill(page.locator("[data-i2a-demo-code]").inner_text())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()

    page.get_by_role("link", name="my sign-in").click()
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name", exact=True).fill("Desk key")
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey instead").click()
    page.get_by_role("link", name="my sign-in").click()
    expect(page.get_by_text("Passkey: Desk key")).to_be_visible()
    expect(page.get_by_text("Last used today")).to_have_count(2)  # the passkey; the session


@pytest.fixture
def waiting(new_page, signed_in):
    """Somebody's page whose clock the test moves, and their session's key."""
    page = new_page(storage_state=signed_in("maya"))
    page.clock.install()
    return page


def session_of(page):
    return SessionStore(next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "session"))


def leave_alone(site, page, seconds):
    """So long nobody was there: the server's session and the browser's clock."""
    with site.database():
        session = session_of(page)
        session[SEEN_AT] -= seconds
        session.save()
    page.clock.fast_forward(seconds * 1000)


def test_the_question_before_the_end_is_answered(site, waiting):
    waiting.goto("/contacts/")

    leave_alone(site, waiting, IDLE_SECONDS - 110)
    expect(waiting.get_by_role("alertdialog")).to_contain_text("You will be signed out in about 2 minutes.")
    waiting.get_by_role("button", name="Stay signed in").click()
    expect(waiting.get_by_role("alertdialog")).to_be_hidden()

    with site.database():
        assert time.time() - session_of(waiting)[SEEN_AT] < 60


def test_after_the_end_a_call_half_typed_is_where_it_was(site, waiting, watch):
    watch.expect("401")  # the page asks once more whether its session lasts
    start_call(waiting)
    type_in(waiting, "Full name", "Wilhelmina Featherstonehaugh")
    waiting.clock.fast_forward(5_000)
    expect(waiting.locator("[data-i2a-saved]").first).to_contain_text("aved")

    leave_alone(site, waiting, IDLE_SECONDS + 5)
    expect(waiting.get_by_text("You were signed out because nobody was there")).to_be_visible()
    waiting.clock.resume()
    waiting.get_by_label("User name or work e-mail").fill("maya")
    waiting.get_by_label("Password").fill(PASSWORD)
    waiting.get_by_role("button", name="Sign in", exact=True).click()

    expect(text_box(waiting, "Full name")).to_have_value("Wilhelmina Featherstonehaugh")
