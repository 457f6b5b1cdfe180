"""The whole way of a call without a single script: everything is a form or a link (ux/direction §2.9)."""

import re

import pytest
from playwright.sync_api import Page, expect

from access.demo import PASSWORD
from calls.models import Call
from tests.browser.walk import (
    ABOUT_THE_CALL,
    EMAIL,
    FUTURE_CONTACT_NO,
    NAME,
    SURVEY_SAID,
    pick,
    saved_reference,
    sign_in,
    start_call,
    type_in,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def page(new_page) -> Page:
    page = new_page(java_script_enabled=False)
    sign_in(page, "tomas", PASSWORD)
    return page


def save(page: Page) -> None:
    page.locator("#call-form").get_by_role("button", name="Save call").click()


def test_find_a_caller_and_start_the_call(page):
    page.goto("/calls/desk/")
    page.get_by_label("Name, phone, e-mail or organisation.").fill("koval")
    page.get_by_role("button", name="Look up").click()
    olena = page.get_by_role("listitem").filter(has_text="Olena Kovalenko")
    expect(olena).to_contain_text("Name starts")
    olena.get_by_role("button", name="Start the call").click()

    expect(page.locator(".caller-name")).to_contain_text("Olena Kovalenko")
    email = page.locator("#call-form").get_by_role("textbox", name=EMAIL)
    expect(email).to_have_value("olena.kovalenko@example.com")


def test_log_a_new_caller_correct_what_is_missing_and_undo(page, site):
    start_call(page)
    type_in(page, NAME, "Scriptless Example")
    type_in(page, EMAIL, "scriptless@example.org")
    pick(page, *ABOUT_THE_CALL)
    save(page)

    errors = page.get_by_role("alert")
    for missing in [
        "Read the collection notice to the client before recording contact information.",
        "Record whether the client agrees to future contact.",
        "Record whether the client was told about follow-up surveys.",
    ]:
        expect(errors.get_by_role("link", name=missing)).to_have_attribute("href", re.compile("^#"))
    expect(page.locator("#call-form").get_by_role("textbox", name=NAME)).to_have_value("Scriptless Example")

    page.get_by_label("Collection notice given").check()
    pick(page, FUTURE_CONTACT_NO, SURVEY_SAID)
    save(page)
    ref = saved_reference(page)
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text(f"Call {ref} was undone. Nothing was sent.")).to_be_visible()
    expect(page.locator("#call-form").get_by_role("textbox", name=NAME)).to_have_value("Scriptless Example")
    with site.database():
        assert Call.objects.get(ref=ref).status == "voided"


def test_an_address_can_be_added_after_a_yes(page):
    start_call(page)
    type_in(page, NAME, "Addressless Example")
    page.get_by_role("button", name="They agreed: add an address").click()

    page.get_by_label("Street").fill("1 Fictional Way")
    expect(page.locator("#call-form").get_by_role("textbox", name=NAME)).to_have_value("Addressless Example")


def test_the_words_to_say_switch_to_french(page):
    start_call(page)
    words = page.locator("#box-7 blockquote:visible")
    expect(words).to_have_attribute("lang", "en")

    page.locator("#box-7").get_by_text("Français").click()

    expect(words).to_have_attribute("lang", "fr")


def test_correct_a_contact_s_details_and_sign_out(page, records):
    page.goto(f"/contacts/{records.contact_of_two}/edit/")
    page.get_by_role("textbox", name="E-mail", exact=True).fill("not an address")
    page.get_by_role("button", name="Save details").click()
    expect(page.get_by_role("alert").get_by_role("link", name="Enter one e-mail address.")).to_be_visible()
    page.get_by_role("textbox", name="E-mail", exact=True).fill("arjun.sandhu@example.org")
    page.get_by_label("Fax").fill("587 555 0190")
    page.get_by_role("button", name="Save details").click()
    expect(page.get_by_text("Details saved.")).to_be_visible()
    expect(page.locator(".facts")).to_contain_text(["587-555-0190"])

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_text("You are signed out.")).to_be_visible()
