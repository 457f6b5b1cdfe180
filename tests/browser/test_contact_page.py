"""The contact's page: its menu, its timeline, its print view."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from access.models import User
from audit.models import AccessEvent
from contacts.models import Contact, Note
from i2a import clock
from tests.browser.people import new_caller

pytestmark = pytest.mark.browser


def add_notes(uid, number):
    contact, maya = Contact.objects.get(uid=uid), User.objects.get(username="maya")
    for days in range(number):
        at = clock.now() - timedelta(days=400 + days)
        note = Note.objects.create(contact=contact, team=contact.team, created_by=maya, created_at=at)
        note.revisions.create(number=1, body=f"Old note {days}.", author=maya, at=at)


def test_from_the_newest_entry_to_the_oldest_and_onto_paper(page_as, site, records):
    with site.database():
        add_notes(records.contact_of_two, 35)
    page = page_as("maya")
    page.goto(f"/contacts/{records.contact_of_two}/")

    tabs = page.locator(".views")
    tabs.get_by_role("link", name="Notes").click()
    expect(page).to_have_url(re.compile(r"\?show=notes$"))
    expect(tabs.get_by_role("link", name="Notes")).to_have_attribute("aria-current", "true")
    expect(page.get_by_text("Old note 0.")).to_be_visible()
    expect(page.get_by_text("Old note 34.")).to_have_count(0)

    page.get_by_role("link", name="Earlier").click()
    expect(page.get_by_text("Old note 34.")).to_be_visible()
    expect(page.get_by_text("Old note 0.")).to_have_count(0)
    expect(page.get_by_role("link", name="Earlier")).to_have_count(0)

    page.locator("summary").filter(has_text="More").click()
    page.get_by_role("link", name="Print").click()
    expect(page.get_by_text("Printed by Maya Okafor-Lindqvist")).to_be_visible()
    expect(page.get_by_text("Old note 34.")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    assert page.pdf().startswith(b"%PDF")
    with site.database():
        assert AccessEvent.objects.filter(kind="printed", object_uid=records.contact_of_two).exists()

    page.get_by_role("link", name="Back").click()
    expect(page.get_by_text("Old note 34.")).to_be_visible()
    page.get_by_role("link", name="Newest").click()
    expect(page.get_by_text("Old note 0.")).to_be_visible()


def test_an_empty_tab_explains_itself(page_as, site):
    with site.database():
        address = new_caller("Nobody Invited").get_absolute_url()
    page = page_as("maya")
    page.goto(address)

    page.locator(".views").get_by_role("link", name="Campaigns").click()

    expect(page.get_by_text("No invitations so far.")).to_be_visible()
