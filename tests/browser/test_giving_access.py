"""Story 16, somebody new: asked for, authorised, trained, executed, in the register as at any day, taken away."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from access.models import User
from access.services import drift, requests
from audit.actor import acting_as
from i2a import clock
from tests.browser.walk import pick

pytestmark = pytest.mark.browser
NAME = "Wilhelmina Newstart-Gray"
UNTRAINED = "Privacy training is missing or older than three years."


def test_somebody_new_gets_access_and_loses_it(page_as, site, axe):
    owner, administrator, today = page_as("grant"), page_as("dele"), clock.today()

    ask(owner, today, axe)
    request = owner.url
    is_refused(administrator, request, "The system owner has not authorised this access.")
    owner.get_by_role("button", name="Authorise this access").click()
    expect(owner.get_by_text("Authorised. The access administrator executes it next.")).to_be_visible()
    is_refused(administrator, request, UNTRAINED)
    complete_course(administrator, today - timedelta(days=3 * 366))
    is_refused(administrator, request, UNTRAINED)
    complete_course(administrator, today - timedelta(days=2))
    execute(administrator, request)
    expect(administrator.get_by_text("Executed. The access counts from now on.")).to_be_visible()

    in_the_register(owner, today)
    take_away(administrator, axe)


def ask(page: Page, today, axe) -> None:
    """What is missing or cannot be is said beside its field; what was typed stays."""
    page.goto("/access/requests/new/")
    page.get_by_label("First name").fill("Wilhelmina")
    page.get_by_label("Last name").fill("Newstart-Gray")
    page.get_by_label("Last day").fill((today - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Ask the system owner").click()
    for field, words in {
        "username": "Needed for somebody new.",
        "role": "Choose a role.",
        "ends_on": "Access must end after it starts.",
        "reason": "Say why this access is needed.",
    }.items():
        expect(page.locator(f"#div_id_{field} .field-error, #id_{field}_error").first).to_have_text(words)
    assert axe(page) == []
    expect(page.get_by_label("Last name")).to_have_value("Newstart-Gray")
    page.get_by_label("User name").fill("wilhelmina")
    page.get_by_label("Work e-mail").fill("wilhelmina@i2a.example.org")
    pick(page, "Specialist")
    page.get_by_label("Team", exact=True).select_option(label="Phone")
    page.get_by_label("Last day").fill((today + timedelta(days=300)).isoformat())
    page.get_by_label("Reason").fill("Joins the information line")
    page.get_by_role("button", name="Ask the system owner").click()
    expect(page.get_by_text("Asked. The system owner decides next.")).to_be_visible()


def execute(page: Page, request: str) -> None:
    page.goto(request)
    page.get_by_role("button", name="Execute this access").click()


def is_refused(page: Page, request: str, words: str) -> None:
    execute(page, request)
    expect(page.get_by_role("alert").get_by_text(words)).to_be_visible()


def complete_course(page: Page, day) -> None:
    page.get_by_role("link", name="Record a course").click()
    page.get_by_label("Completed on").fill(day.isoformat())
    page.get_by_label("Certificate number").fill("FOIP-16")
    page.get_by_role("button", name="Record this course").click()
    expect(page.get_by_text("Recorded.")).to_be_visible()


def in_the_register(page: Page, today) -> None:
    page.goto("/access/register/")
    row = page.get_by_role("row").filter(has_text=NAME)
    for words in ("Specialist", "Authorised by Grant H.", "executed by Dele F."):
        expect(row).to_contain_text(words)
    page.get_by_label("As at the end of").fill((today - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Show that day").click()
    expect(page.get_by_text("This is how it stood at the end of")).to_be_visible()
    expect(page.get_by_text(NAME)).to_have_count(0)


def take_away(page: Page, axe) -> None:
    page.goto("/access/register/")
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_text("open the contacts of their own team")).to_be_visible()
    page.locator("form").filter(has_text="Take it away").get_by_label("Reason").select_option(label="Left the branch")
    page.get_by_role("button", name="Take it away").click()
    expect(page.get_by_text(f"{NAME} is no longer Specialist, and is signed out everywhere.")).to_be_visible()
    expect(page.get_by_text("Lost a role: Specialist")).to_be_visible()


def test_the_owner_authorises_nothing_for_himself_and_side_doors_are_reported(page_as, site):
    with site.database():
        now, grant, dele = clock.now(), User.objects.get(username="grant"), User.objects.get(username="dele")
        with acting_as(dele):
            own = requests.ask(
                user=grant, role="privacy_officer", team=None, reason="Covers for Ingrid", starts_at=now, ends_at=None,
                form_uuid=uuid4(), by=dele, now=now,
            )  # fmt: skip
        group = Group.objects.create(name="wheel")
        grant.groups.add(group)
        drift.reconcile(now=now)
        grant.groups.clear()
        group.delete()

    page = page_as("grant")
    page.goto(own.get_absolute_url())
    page.get_by_role("button", name="Authorise this access").click()
    expect(page.get_by_role("alert").get_by_text("You cannot authorise your own access.")).to_be_visible()

    officer = page_as("ingrid")
    officer.goto("/access/register/drift/")
    found = officer.get_by_role("listitem").filter(has_text="was put into a group")
    expect(found.first).to_contain_text("Grant Halvorsen-Bly was put into a group: wheel")
    with site.database():
        requests.withdraw(request=own, by=dele, now=clock.now())
