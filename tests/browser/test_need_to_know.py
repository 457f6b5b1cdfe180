"""Story 10, a record one may not see: moved, restricted, looked for in vain, asked for, seen for a day."""

import re

import pytest
from playwright.sync_api import Page, expect

from audit.models import AccessEvent
from calls.models import Call
from contacts.models import Contact
from tests.browser.walk import NO_FOLLOW_UP, look_up, pick, save_call, saved_reference
from tests.factories import ContactFactory

pytestmark = pytest.mark.browser
NAME, EMAIL, PHONE = "Count Peregrine Fogwhistle-Ashdown", "peregrine@ashdown.example.com", "+17805550171"
REFUSED = "You do not have access to this record. This attempt has been recorded."
ONE_MORE = "1 further match you cannot view"
DAY = 24 * 60


@pytest.fixture
def count(site) -> Contact:
    with site.database():
        return ContactFactory(name=NAME, email=EMAIL, phone=PHONE)


def test_a_record_one_may_not_see(page_as, count, site, watch, axe, later):
    watch.expect("status of 403")
    address = f"/contacts/{count.uid}/"

    restrict(page_as("priya"), count, axe)

    tomas = page_as("tomas")
    finds_only_that_there_is_somebody(tomas)
    is_refused(tomas, address)
    asks_for_access(tomas, axe)
    logs_the_call_for_the_owner_team(tomas, count, site)

    grants_a_day(page_as("grant"), axe)
    tomas.goto(address)
    expect(tomas.get_by_role("heading", level=1)).to_contain_text("Peregrine")
    expect(tomas.get_by_role("link", name="Edit details")).to_have_count(0)  # to read, not to change

    later(minutes=DAY + 2)
    is_refused(tomas, address)
    with site.database():
        said = AccessEvent.objects.filter(object_uid=count.uid).values_list("actor__username", "kind")
        assert {("tomas", "denied"), ("tomas", "viewed")} <= {*said}


def restrict(page: Page, contact: Contact, axe) -> None:
    """The lead gives the record to another team, where one person sees it."""
    page.goto(f"/contacts/{contact.uid}/")
    page.get_by_role("link", name="Change who can see this").click()
    page.get_by_label("Team that owns the record").select_option(label="Trade Missions")
    page.get_by_label("Restricted: only the people named here see it").check()
    for person in page.get_by_role("group", name="Who may see it").get_by_role("checkbox", checked=True).all():
        person.uncheck()
    page.get_by_role("group", name="Who may see it").get_by_label("Jun Abernathy-Sato").check()
    page.get_by_role("button", name="Save who can see this").click()
    expect(page.get_by_text("Say why. The people who may see the record can read it.").first).to_be_visible()
    assert axe(page) == []
    page.get_by_role("textbox", name="Reason").fill("Confidential investment file")
    page.get_by_role("button", name="Save who can see this").click()
    expect(page.get_by_text("Who may see this record has changed from now on.")).to_be_visible()


def finds_only_that_there_is_somebody(page: Page) -> None:
    assert look_up(page, "Fogwhistle-Ashdown").count() == 0
    for exactly in (EMAIL, PHONE):
        assert look_up(page, exactly).count() == 0
        expect(page.get_by_text(ONE_MORE)).to_be_visible()
        assert "Peregrine" not in page.content()


def is_refused(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text(REFUSED)).to_be_visible()
    assert "Fogwhistle" not in page.content()
    expect(page).to_have_title(re.compile("^You do not have access"))


def asks_for_access(page: Page, axe) -> None:
    page.get_by_role("link", name="Request access").click()
    page.get_by_role("button", name="Ask for access").click()
    expect(page.get_by_text("Say why you need it. The team that owns the record decides.").first).to_be_visible()
    assert axe(page) == []
    page.get_by_label("Why you need it").fill("Caller on line")
    page.get_by_role("button", name="Ask for access").click()
    expect(page.get_by_text("Your request went to the team that owns the record.")).to_be_visible()
    expect(page.get_by_text("Waiting", exact=True)).to_be_visible()


def logs_the_call_for_the_owner_team(page: Page, contact: Contact, site) -> None:
    look_up(page, PHONE)
    page.get_by_role("button", name="Log the call for the owner team").click()
    page.wait_for_url("**/calls/drafts/**")
    expect(page.get_by_text("Caller of another team").first).to_be_visible()
    pick(page, "Investor", "Themselves", "Work permits", "Answered by phone", NO_FOLLOW_UP)
    save_call(page)
    reference = saved_reference(page)
    with site.database():
        assert Call.objects.get(ref=reference).team.name == "Trade Missions"
        assert contact.requests.filter(kind="call", source_ref=reference).exists()


def grants_a_day(page: Page, axe) -> None:
    page.goto("/contacts/requests/")
    page.get_by_role("row").filter(has_text="Caller on line").get_by_role("link", name="Answer").click()
    expect(page.get_by_label("For how many days")).to_have_value("1")
    assert "Fogwhistle" not in page.content()  # who decides about a record need not see it
    assert axe(page) == []
    page.get_by_role("button", name="Give access").click()
    expect(page.get_by_text("Access given. It ends by itself.")).to_be_visible()
