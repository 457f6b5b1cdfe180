"""Choosing an organisation: a list by keyboard and mouse, its type, its other people (R-CON-01)."""

import pytest
from playwright.sync_api import expect

from access.demo import PASSWORD
from tests.browser.walk import sign_in

pytestmark = pytest.mark.browser
FIRM = "Pennywhistle & Moot LLP"


def test_an_organisation_is_chosen_by_keyboard_and_brings_its_type_and_people(page_as):
    page = page_as("maya")
    page.goto("/contacts/new/")
    field = page.get_by_role("combobox", name="Organisation", exact=True)
    field.press_sequentially("moot")
    option = page.get_by_role("option", name=FIRM)
    expect(option).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#known-organisations-status")).to_have_text("1 known organisation")
    expect(field).not_to_have_attribute("aria-activedescendant", "known-organisation-1")

    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "known-organisation-1")
    expect(option).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(option).to_be_hidden()
    expect(field).to_have_value("moot")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("ArrowDown")
    field.press("Enter")

    expect(field).to_have_value(FIRM)
    expect(option).to_be_hidden()
    expect(page.get_by_label("Type of organisation")).to_have_value("law_firm")
    expect(page.locator("#colleagues")).to_contain_text("Aloysius Pennywhistle-Kaur")
    page.locator("#colleagues").get_by_role("button", name="Use existing Aloysius").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Aloysius Pennywhistle-Kaur")


def test_an_organisation_is_chosen_by_mouse_and_one_that_nobody_has_stays_as_typed(page_as):
    page = page_as("maya")
    page.goto("/contacts/new/")
    field = page.get_by_role("combobox", name="Organisation", exact=True)
    field.press_sequentially("penny")
    page.get_by_role("option", name=FIRM).click()
    expect(field).to_have_value(FIRM)
    expect(field).to_be_focused()

    field.fill("Nobody's Own Ltd.")
    field.press("Tab")

    expect(page.locator("#known-organisations")).to_be_hidden()
    expect(page.locator("#colleagues")).to_be_hidden()
    expect(field).to_have_value("Nobody's Own Ltd.")


def test_without_script_it_is_a_plain_field_and_a_button_shows_the_people(new_page):
    page = new_page(java_script_enabled=False)
    sign_in(page, "maya", PASSWORD)
    page.goto("/contacts/new/")
    page.get_by_role("textbox", name="Organisation", exact=True).fill(FIRM)

    page.get_by_role("button", name="Show other people of this organisation").click()

    expect(page.locator("#colleagues")).to_contain_text("Aloysius Pennywhistle-Kaur")
    expect(page.get_by_role("textbox", name="Organisation", exact=True)).to_have_value(FIRM)
