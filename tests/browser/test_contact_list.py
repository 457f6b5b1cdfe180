"""The list of contacts: filter, sort, page, keep the view and come back to it, take it out (R-CAL-09, R-SEC-01)."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.walk import PHONE

pytestmark = pytest.mark.browser


def names(page):
    return page.locator("#contact-list tbody th a")


def test_filter_sort_page_and_keep_the_view(page_as):
    page = page_as("maya")
    page.goto("/contacts/?view=all")
    expect(page.locator("main input[name=q]")).to_be_focused()

    page.get_by_text("Filter and order").click()
    page.get_by_label("Category").select_option("Foreign national")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"category=foreign_national"))
    expect(page.get_by_role("link", name="Category: Foreign national")).to_be_visible()

    page.get_by_role("link", name="Name", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Name")
    first = names(page).first.inner_text()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("link", name="Previous")).to_be_visible()
    expect(names(page).first).not_to_have_text(first)
    page.get_by_role("link", name="Previous").click()
    expect(names(page).first).to_have_text(first)

    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name", exact=True).fill("From abroad by name")
    page.get_by_role("button", name="Save the view").click()
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.get_by_role("link", name="Category: Foreign national")).to_have_count(0)
    page.get_by_role("link", name="From abroad by name").click()
    expect(page.locator(".views [aria-current]")).to_have_text("From abroad by name")
    expect(names(page).first).to_have_text(first)

    page.get_by_role("link", name="Change views").click()
    page.get_by_role("link", name="Delete From abroad by name").click()
    page.get_by_role("button", name="Delete the view").click()
    expect(page.get_by_role("link", name="From abroad by name")).to_have_count(0)


def test_the_manager_takes_the_list_out_with_a_reason(page_as):
    page = page_as("grant")
    page.goto("/contacts/?category=employer")
    page.get_by_role("link", name="Export").click()

    page.get_by_role("button", name="Export as CSV").click()
    expect(page.get_by_role("alert").or_(page.locator("[data-i2a-errors]")).first).to_contain_text(
        "State why this export is necessary."
    )

    page.get_by_label("Reason").fill("Round table with employers on 4 December")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert re.match(r"contacts-E-\d{4}-\d{6}\.csv", download.value.suggested_filename)
    assert "Grant Halvorsen-Bly" in text.splitlines()[0]
    assert "Employer" in text


def test_on_a_phone_without_script_the_list_is_filtered_and_stacked(page_as):
    page = page_as("maya", size=PHONE, java_script_enabled=False)
    page.goto("/contacts/?view=all")

    page.get_by_text("Filter and order").click()
    page.get_by_label("Category").select_option("Employer")
    page.get_by_role("button", name="Show").click()

    expect(page.get_by_role("link", name="Category: Employer")).to_be_visible()
    assert names(page).count() > 0
    box = page.locator("#contact-list table").bounding_box()
    assert box and box["width"] <= PHONE.width
