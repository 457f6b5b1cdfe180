"""A manager asks the audit in three choices, opens a difference and takes the report out (T7)."""

import re

import pytest
from playwright.sync_api import expect

from audit.models import LogEntry
from contacts.models import Contact

pytestmark = pytest.mark.browser


def somebody_who_agreed():
    """The number of the entry that says so, and the contact's reference; other tests change contacts, too."""
    changed = LogEntry.objects.filter(content_type__model="contact", action=LogEntry.Action.UPDATE)
    entry = changed.filter(changes__future_contact__1="agreed").latest("pk")
    return entry.pk, Contact.objects.get(pk=entry.object_id).ref


def test_three_choices_a_difference_and_a_file(page_as, site):
    with site.database():
        number, ref = somebody_who_agreed()
    page = page_as("grant")
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Audit").click()
    page.get_by_role("link", name="All entries").click()

    page.get_by_label("What they did").select_option("Changed a record")
    page.get_by_label("Kind of record").select_option("Contact")
    page.get_by_label("Record", exact=True).fill(ref)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("link", name="Changed a record , remove this filter")).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=f"Open C{number}", exact=True))
    expect(row).to_contain_text("future contact")
    row.get_by_role("link", name=f"Open C{number}", exact=True).click()
    opened = page.locator("#opened")
    expect(opened.get_by_role("cell", name="Agreed")).to_be_visible()
    expect(page).to_have_url(re.compile("open="))
    page.get_by_role("link", name=re.compile("^Hide C")).click()
    expect(opened).to_have_count(0)

    page.get_by_role("link", name="Export").click()
    page.get_by_role("button", name="Export as CSV").click()
    expect(page.get_by_role("alert")).to_contain_text("State why this export is necessary.")
    page.get_by_label("Reason").fill("Yearly check of consent")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    assert re.fullmatch(r"audit-E-\d{4}-\d{6}\.csv", download.value.suggested_filename)

    page.goto("/audit/?")
    page.get_by_role("link", name="Use of the audit").click()
    expect(page.get_by_role("row", name=re.compile("Exported a list")).first).to_contain_text("Grant")
