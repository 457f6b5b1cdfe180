"""Story 13, the part about duplicates: a shared mailbox stays legal, a true duplicate is merged and can be undone."""

import pytest
from playwright.sync_api import expect

from tests.browser.walk import (
    EMAIL,
    NAME,
    answer_for_new_contact,
    chip,
    save_call,
    saved_reference,
    start_call,
    type_in,
)

pytestmark = pytest.mark.browser


def test_a_colleague_with_the_same_mailbox_is_a_second_record_with_a_reason(page_as):
    page = page_as("maya")
    start_call(page)
    type_in(page, NAME, "Winifred Moot-Sandoval")
    type_in(page, EMAIL, "INFO@pennywhistle-moot.example.com")
    expect(page.get_by_text("Known already?")).to_be_visible()
    answer_for_new_contact(page)
    save_call(page)
    question = page.get_by_role("alert").filter(has_text="Possible duplicate")
    expect(question).to_contain_text("Hortense Moot-Andersson")

    page.get_by_role("button", name="Create anyway").click()
    expect(page.locator(".invalid-feedback", has_text="Say why a second record is needed.").first).to_be_visible()
    page.get_by_label("Why a second record is needed").fill("Different lawyer")
    page.get_by_role("button", name="Create anyway").click()

    saved_reference(page)


def test_who_is_known_already_moves_nothing_under_the_pointer(page_as):
    page = page_as("maya")
    start_call(page)
    answer = chip(page, "Answered by phone")
    before = answer.bounding_box()

    type_in(page, EMAIL, "info@pennywhistle-moot.example.com")
    expect(page.get_by_text("Known already?")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")

    assert answer.bounding_box() == before


def test_a_true_duplicate_is_merged_and_undone(page_as, records):
    page = page_as("priya")
    page.goto(f"/contacts/{records.aloysius}/")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Merge…").click()
    page.get_by_role("link", name="Choose Aloysius Penywhistle Kaur").click()
    page.get_by_role("button", name="Show what will be").click()
    expect(page.get_by_text("one of the two asked for it")).to_be_visible()
    page.get_by_role("button", name="Merge the two records").click()
    expect(page.locator(".alerts")).to_contain_text("Do not contact")

    page.goto(f"/contacts/{records.aloysius_again}/")
    expect(page.get_by_text("This record was merged")).to_be_visible()
    page.get_by_role("link", name="Undo the merge").click()
    page.get_by_role("button", name="Undo the merge").click()

    expect(page.get_by_text("There are two records again.")).to_be_visible()
    expect(page.get_by_text("May be contacted").first).to_be_visible()
