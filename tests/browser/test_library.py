"""The library: send what was asked for, refuse what may not be sent, correct what was wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from access.demo import PASSWORD
from tests.browser.walk import sign_in

pytestmark = pytest.mark.browser
JOB_SEARCH = "Job search in Alberta"


def choose(page: Page, *titles: str) -> None:
    page.get_by_role("link", name="Send information").click()
    for title in titles:
        page.get_by_label(title, exact=True).check()
    page.get_by_role("button", name="See the e-mail").click()
    expect(page.get_by_role("heading", name="Look at it before you send")).to_be_visible()


def test_documents_are_chosen_seen_sent_and_arrive(page_as, records, later):
    page = page_as("maya")
    page.goto(f"/contacts/{records.contact}/")
    choose(page, JOB_SEARCH, "Welder licensing")

    mail = page.frame_locator("iframe")
    expect(mail.get_by_role("heading", name=JOB_SEARCH)).to_be_visible()
    expect(mail.get_by_text("780-555-0100 · info@i2a.example.org")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("The e-mail is queued.")).to_be_visible()
    later(minutes=2)
    page.goto("/demo/outbox/")

    newest = page.locator("article").first
    for _try in range(10):
        if newest.get_by_text("welder-licensing-en.pdf").first.is_visible():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(newest.get_by_text("welder-licensing-en.pdf").first).to_be_visible()
    expect(newest.frame_locator("iframe").get_by_role("heading", name="Welder licensing")).to_be_visible()


def test_without_javascript_it_is_sent_and_taken_back(new_page, records):
    page = new_page(java_script_enabled=False)
    sign_in(page, "maya", PASSWORD)
    page.goto(f"/contacts/{records.contact}/")
    choose(page, JOB_SEARCH)

    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("heading", name="Send information")).to_be_visible()
    expect(page.get_by_label(JOB_SEARCH, exact=True)).to_be_checked()


def test_who_has_no_address_is_offered_phone_or_fax_and_a_friends_address_is_refused(page_as, records):
    page = page_as("maya")
    page.goto(f"/contacts/{records.contact_without_email}/")
    page.get_by_role("link", name="Send information").click()
    expect(page.get_by_text("This client has no e-mail address. Offer phone or fax.")).to_be_visible()
    expect(page.get_by_role("button", name="See the e-mail")).to_be_disabled()

    page.goto(f"/contacts/{records.contact}/")
    choose(page, JOB_SEARCH)
    page.get_by_label("To", exact=True).evaluate("box => box.readOnly = false")
    page.get_by_label("To", exact=True).fill("friend@example.org")
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_text("Information can be sent only to the client's own e-mail address.")).to_be_visible()


def test_a_manager_sends_the_correction_to_those_who_need_it(page_as, records):
    page = page_as("grant")
    page.goto(f"/library/{records.document}/")
    page.get_by_role("link", name="Who needs the correction").click()
    page.get_by_label("Also write to those with whom no follow-up action was to be taken").check()
    page.get_by_role("button", name="Send the correction").click()
    expect(page.get_by_text("Say why they are written to").first).to_be_visible()

    page.get_by_label("Reason", exact=True).fill("The old fee is refused.")
    page.get_by_role("button", name="Send the correction").click()

    expect(page.get_by_text(re.compile(r"\d+ corrections? (is|are) queued\."))).to_be_visible()
    expect(page.get_by_role("heading", name="The correction was sent")).to_be_visible()
