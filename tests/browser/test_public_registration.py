"""Registering for an event on a phone, by keyboard, without a script and in two languages (F75)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.walk import PHONE

pytestmark = pytest.mark.browser


def test_register_change_the_language_and_press_enter(new_page):
    page = new_page(size=PHONE, java_script_enabled=False)
    page.goto("/register/")
    page.get_by_role("link", name="Work permits for spouses and students").click()
    page.get_by_label("Your name").fill("Scriptless Visitor")
    page.get_by_role("button", name="Français").click()

    expect(page.locator("html")).to_have_attribute("lang", "fr-ca")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Your name")).to_have_value("Scriptless Visitor")
    page.get_by_label("Your name").press("Enter")  # the first button of the page is the other language
    expect(page.get_by_role("alert")).to_contain_text("Give an e-mail address or a phone number")

    page.get_by_label("E-mail").fill("scriptless@example.org")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="You are registered")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^R-\d{4}-\d{6}$"))).to_be_visible()
