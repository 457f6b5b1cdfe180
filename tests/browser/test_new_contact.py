"""A contact made outside a call: who is alike shows while one types, before anything is saved (R-CON-07)."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_somebody_alike_shows_while_typing(page_as):
    page = page_as("maya")
    page.goto("/contacts/new/")

    page.get_by_role("textbox", name="E-mail", exact=True).fill("INFO@pennywhistle-moot.example.com")

    expect(page.get_by_text("Known already?")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Hortense Moot-Andersson")
    expect(page).to_have_url("/contacts/new/")
