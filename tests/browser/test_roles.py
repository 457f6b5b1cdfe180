"""What each role finds after signing in, and what it never finds."""

import re

import pytest
from playwright.sync_api import expect

from access.demo import PASSWORD
from contacts.models import Contact
from tests.browser.walk import look_up, sign_in

pytestmark = pytest.mark.browser

TAKES_CALLS = ["Call desk", "Contacts", "Follow-ups", "Calls", "Library", "Events"]
ASKS = ["Access requests"]
OUTREACH = ["Campaigns", "Surveys", "Mail"]
OVERSEES = ["Contacts", "Follow-ups", "Calls", "Library", "Events", *OUTREACH, *ASKS, "Access", "Audit", "Data kept"]
ROLES = [
    ("maya", "Specialist", "Who is calling?", [*TAKES_CALLS, *ASKS]),
    ("priya", "Team lead", "Who is calling?", [*TAKES_CALLS, *OUTREACH, *ASKS, "Access"]),
    ("grant", "Manager", "Hello Grant", OVERSEES),
    ("dele", "Access administrator", "Hello Dele", ["Access", "Audit"]),
    ("ingrid", "Privacy officer", "Hello Ingrid", OVERSEES),
]
MISMATCH = "That user name and password do not match. Check both; passwords tell capital letters apart."


def is_page(response):
    """Not what leads on to another."""
    return response.request.is_navigation_request() and response.status // 100 != 3


@pytest.mark.parametrize(("username", "role", "home", "navigation"), ROLES, ids=[row[0] for row in ROLES])
def test_each_role_has_its_own_home_and_navigation(username, role, home, navigation, page_as):
    page = page_as(username)
    page.goto("/")

    expect(page.get_by_role("heading", level=1)).to_have_text(home)
    expect(page.locator("header .who")).to_contain_text(role)
    main = page.get_by_role("navigation", name="Main")
    labels = [
        re.sub(r"\d+ open$", "", link.inner_text()).split("\n")[0]
        for link in main.locator("li:not(.only-narrow) a").all()
    ]
    assert labels == navigation
    for label in navigation:
        named = re.compile(f"^{label}(?! requests)")
        link = main.get_by_role("link", name=named)
        with page.expect_response(is_page) as answer:
            link.click()
        assert answer.value.ok
        expect(main.get_by_role("link", name=named)).to_have_attribute("aria-current", "page")


def test_signing_in_leads_to_the_page_that_was_asked_for_and_out_leaves_nothing(new_page, records):
    page = new_page()
    page.goto(f"/contacts/{records.contact}/")
    expect(page.get_by_role("heading", name="Sign in to call tracking")).to_be_visible()
    page.get_by_label("User name or work e-mail").fill("tomas@i2a.example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kovalenko")

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in to call tracking")).to_be_visible()
    expect(page.get_by_text("Kovalenko")).to_have_count(0)


def test_a_wrong_password_is_explained_and_the_name_stays(new_page):
    page = new_page()
    page.goto("/sign-in/")
    page.get_by_label("User name or work e-mail").fill("priya")
    page.get_by_label("Password").fill("Alberta-Demo-2026")
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text(MISMATCH)
    expect(page.get_by_label("User name or work e-mail")).to_have_value("priya")
    expect(page.get_by_label("Password")).to_have_value("")
    sign_in(page, "priya", PASSWORD)


def test_another_team_s_contact_stays_unknown(page_as, watch, site, records):
    watch.expect("status of 403")
    page = page_as("maya")
    with site.database():
        baron = Contact.objects.get(email="baron@fogwhistle.example.com")
    assert look_up(page, "Fogwhistle").count() == 0
    for exactly in (baron.phone, baron.email):
        assert look_up(page, exactly).count() == 0
        expect(page.get_by_text("1 further match you cannot view")).to_be_visible()

    for path in (f"/contacts/{baron.uid}/", f"/contacts/{baron.uid}/edit/"):
        page.goto(path)
        refusal = "You do not have access to this record. This attempt has been recorded."
        expect(page.get_by_text(refusal)).to_be_visible()
        assert "Fogwhistle" not in page.content() + page.title()

    own = page_as("jun")
    expect(look_up(own, "Fogwhistle").first).to_contain_text("Baron Thaddeus")


@pytest.mark.parametrize("path", ["/privacy/", "/sign-in/"])
def test_public_pages_speak_french_when_asked(path, new_page):
    page = new_page()
    page.goto(path)
    english = page.get_by_role("heading", level=1).inner_text()

    page.get_by_role("button", name="Français").click()

    expect(page.locator("html")).to_have_attribute("lang", "fr-ca")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(english)
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "fr-ca")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(english)


def test_the_language_of_the_browser_is_the_first_guess(new_page):
    page = new_page(locale="fr-CA")

    page.goto("/privacy/")

    expect(page.locator("html")).to_have_attribute("lang", "fr-ca")
