"""A manager asks the audit in three choices, opens a difference and takes the report out (T7)."""

import re

import pytest
from playwright.sync_api import expect

from audit.models import LogEntry
from contacts.models import Contact

pytestmark = pytest.mark.browser
QUESTIONS = [
    "Consent changes",
    "Exports and bulk views",
    "Outside service hours",
    "Refusals",
    "Access changes",
    "Read without a work item",
]


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


def test_reading_too_much_is_looked_into_and_signed_off(page_as, site, axe):
    """Story 16, snooping: the demonstration has one who opened 64 contacts in an hour."""
    page = page_as("ingrid")
    page.goto("/audit/")
    assert axe(page) == []
    page.get_by_role("link", name="Reading to review").click()
    page.get_by_role("link", name=re.compile("^Urgent")).click()
    page.get_by_role("row", name=re.compile("Many contacts in an hour .*Tomas")).get_by_role("link").click()

    page.get_by_role("button", name="Keep the finding").click()
    expect(page.get_by_text("Choose what you found.").last).to_be_visible()
    expect(page.get_by_role("button", name="Sign off and close")).to_have_count(0)
    page.locator("label", has_text="Explained").click()
    page.get_by_label("Explanation").fill("x" * 501)
    page.get_by_role("button", name="Keep the finding").click()
    expect(page.get_by_text("Shorten the explanation to 500 characters.").first).to_be_visible()
    expect(page.get_by_label("Explanation")).to_have_value("x" * 501)
    assert axe(page) == []
    page.get_by_label("Explanation").fill("Checked addresses for a mailing, as asked by Priya.")
    page.get_by_role("button", name="Keep the finding").click()
    expect(page.get_by_text("Finding kept. It can be signed off now.")).to_be_visible()
    page.get_by_role("link", name="All they did then").click()
    expect(page.get_by_role("row", name=re.compile("Tomas")).first).to_be_visible()

    manager = page_as("grant")
    manager.goto("/audit/review/?show=found")
    manager.get_by_role("row", name=re.compile("Many contacts in an hour .*Tomas")).get_by_role("link").click()
    manager.get_by_role("button", name="Sign off and close").click()
    expect(manager.get_by_text("Signed off and closed.")).to_be_visible()


@pytest.mark.parametrize("username", ["grant", "ingrid"])
def test_each_question_is_answered_in_three_choices(page_as, site, username):
    """R-AUD-02. A choice is a click, or a field that is filled."""
    with site.database():
        ref = Contact.objects.get(email="olena.kovalenko@example.com").ref
    page = page_as(username)
    page.goto("/audit/")
    about = page.get_by_role("search", name="About one record")
    about.get_by_label("Record").fill(ref)
    about.get_by_role("button", name="Who looked at it").click()
    expect(page.get_by_role("link", name=re.compile(f"{ref} , remove"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Maya.*Opened a record")).first).to_be_visible()

    page.goto("/audit/")
    about = page.get_by_role("search", name="About one person")
    about.get_by_label("Person").select_option("Tomas Bergeron-Wolfe")
    about.get_by_role("button", name="What they did").click()
    expect(page.get_by_role("row", name=re.compile("Tomas")).first).to_be_visible()

    for question in [
        "Consent changes",
        "Exports and bulk views",
        "Outside service hours",
        "Refusals",
        "Access changes",
    ]:
        page.goto("/audit/")
        page.get_by_role("link", name=question, exact=True).click()
        expect(page.get_by_role("link", name=f"{question} , remove this filter")).to_be_visible()
    for question, heading in [("Top viewers", "Who opened the most contacts"), ("Seal", "Seal of the audit")]:
        page.goto("/audit/")
        page.get_by_role("link", name=question, exact=True).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
