"""The phone system of the demonstration: who rings comes up, who was missed is called back (F3, F8)."""

import re

import pytest
from playwright.sync_api import expect

from contacts.models import Contact
from followups.models import FollowUp
from tests.browser.test_accessibility import look_at
from tests.browser.walk import ABOUT_THE_CALL, FUTURE_CONTACT_NO, SURVEY_SAID, pick, save_call, saved_reference

pytestmark = pytest.mark.browser


def test_who_rings_comes_up_and_the_call_begins_in_one_click(page_as, site, axe):
    with site.database():
        caller = Contact.objects.get(email="harriet.quill@example.org")
    page = page_as("maya")
    page.goto("/demo/phone/")
    page.get_by_label("Number of the caller").fill(caller.phone)
    page.get_by_role("button", name="Ring my phone").click()

    band = page.get_by_role("region", name="Phone")
    expect(band).to_contain_text("rings at your desk", timeout=10_000)
    assert look_at(page, axe, "desk") == []
    band.get_by_role("button", name=re.compile(f"Start the call ?: {caller.name}")).click()

    page.wait_for_url("**/calls/drafts/**")
    expect(page.get_by_role("region", name="Call in progress")).to_contain_text(caller.name)
    expect(band).not_to_contain_text("rings at your desk")
    page.get_by_role("button", name="Discard").click()


def test_a_missed_call_is_called_back_from_the_queue(page_as, site):
    page = page_as("maya")
    page.goto("/demo/phone/")
    page.get_by_label("Number of the caller").fill("403-555-0177")
    page.get_by_role("button", name="Simulate a missed call").click()
    page.get_by_role("link", name="Unassigned follow-ups").click()
    page.locator("tr").filter(has_text="403-555-0177").get_by_role("button", name="Call back").click()

    expect(page.get_by_text("They called today", exact=False)).to_be_visible()
    page.get_by_role("option", name=re.compile("None of these")).click()
    page.wait_for_url("**/calls/drafts/**")
    expect(page.get_by_label("Close it with this call")).to_be_checked()
    page.get_by_label("Collection notice given").check()
    pick(page, *ABOUT_THE_CALL, FUTURE_CONTACT_NO, SURVEY_SAID)
    save_call(page)
    saved_reference(page)

    with site.database():
        follow_up = FollowUp.objects.filter(kind="call_back").latest("pk")
        assert (follow_up.status, follow_up.number) == ("done", "")
