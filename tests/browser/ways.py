"""The ways to the pages in places.py that have no address of their own."""

import re
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from access.demo import PASSWORD
from access.models import User
from contacts.models import Contact
from contacts.services import contacts
from followups.models import FollowUp
from followups.services import close_follow_up
from i2a import clock
from tests.browser.records import Records
from tests.browser.walk import (
    FUTURE_CONTACT_YES,
    NAME,
    PHONE_NUMBER,
    SURVEY_SAID,
    answer_for_new_contact,
    look_up,
    pick,
    save_call,
    start_call,
    start_call_with,
    type_in,
)


def in_french(page: Page, records: Records) -> None:
    page.goto("/privacy/")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr-ca")


def sign_in_in_french(page: Page, records: Records) -> None:
    in_french(page, records)
    page.goto("/sign-in/")


def wrong_password(page: Page, records: Records) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name or work e-mail").fill("nobody-of-ours")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def second_step(page: Page, records: Records) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name or work e-mail").fill("dele")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()


def set_up_app(page: Page, records: Records) -> None:
    page.goto("/account/app/")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()


def results(page: Page, records: Records) -> None:
    look_up(page, "koval")


def results_on_contacts(page: Page, records: Records) -> None:
    page.goto("/contacts/")
    page.locator("main input[name=q]").fill("0142")
    expect(page.locator("main [data-i2a-result]").last).to_be_visible()


def view_to_delete(page: Page, records: Records) -> None:
    page.goto("/contacts/views/")
    page.get_by_role("link", name="Delete").first.click()
    expect(page.get_by_role("heading", name="Delete this view?")).to_be_visible()


def new_call(page: Page, records: Records) -> None:
    start_call(page)


def new_call_in_full(page: Page, records: Records) -> None:
    """Everything that an answer reveals, at once."""
    start_call(page)
    pick(page, "Third party", "A client", "E-mailed", "Follow-up needed", FUTURE_CONTACT_YES, SURVEY_SAID)
    type_in(page, "Organisation if any", "Tall Tale Movers")
    for summary in page.locator("details.f6 > summary").all():
        summary.click()
    page.locator("#div_id_documents label").first.click()
    page.get_by_role("button", name="See the e-mail").click()
    expect(page.locator("#mail section")).to_be_visible()


def repeat_call(page: Page, records: Records) -> None:
    start_call_with(page, records.contact)


def materials_call(page: Page, records: Records) -> None:
    start_call(page, "Materials by e-mail only")


def call_with_errors(page: Page, records: Records) -> None:
    start_call(page)
    type_in(page, NAME, "Erroneous Example")
    type_in(page, PHONE_NUMBER, "12345")
    pick(page, "E-mailed", "Answer about future contact > Not asked", "Survey notice > Not possible")
    save_call(page)
    expect(page.locator("[data-i2a-errors]")).to_be_focused()


def call_with_duplicates(page: Page, records: Records) -> None:
    start_call(page)
    type_in(page, NAME, "Olena K.")
    type_in(page, PHONE_NUMBER, "780 555 0142")
    answer_for_new_contact(page)
    save_call(page)
    expect(page.get_by_text("Possible duplicate")).to_be_visible()


def merge_preview(page: Page, records: Records) -> None:
    page.goto(f"/contacts/{records.aloysius}/merge/{records.aloysius_again}/")
    page.get_by_role("button", name="Show what will be").click()
    expect(page.get_by_role("heading", name="Merge: what will be")).to_be_visible()


def strip_elsewhere(page: Page, records: Records) -> None:
    repeat_call(page, records)
    page.goto("/followups/")
    expect(page.get_by_role("link", name="Back to the call")).to_be_visible()


def new_contact_agreed(page: Page, records: Records) -> None:
    page.goto("/contacts/new/")
    page.get_by_role("button", name="They agreed: add an address").click()
    expect(page.get_by_label("Street")).to_be_visible()


def new_contact_errors(page: Page, records: Records) -> None:
    page.goto("/contacts/new/")
    page.get_by_label("Organisation", exact=True).fill("Invented Mill")
    page.get_by_role("button", name="Save contact").click()
    expect(page.locator("[data-i2a-errors]")).to_be_focused()


def contact_conflict(page: Page, records: Records) -> None:
    """Somebody else saves while the edit page is open."""
    page.goto(f"/contacts/{records.contact}/edit/")
    page.get_by_label("Mobile").fill("780 555 0161")
    somebody_changes_organisation(records.contact)
    page.get_by_role("button", name="Save details").click()
    expect(page.get_by_role("heading", name="Somebody else saved first")).to_be_visible()


def somebody_changes_organisation(uid: str) -> None:
    contact = Contact.objects.get(uid=uid)
    organisation = "Invented Orchard Co-op" if contact.organisation != "Invented Orchard Co-op" else "Invented Mill"
    contacts.change_contact(
        contact=contact,
        values={"organisation": organisation},
        version=contact.version,
        by=User.objects.get(username="tomas"),
        now=clock.now(),
    )


def notes_dialog(page: Page, records: Records) -> None:
    """Open, with a number that must not be recorded."""
    page.goto(f"/contacts/{records.contact}/")
    page.get_by_role("link", name="Notes", exact=False).first.click()
    page.get_by_role("dialog").get_by_label("Note", exact=True).fill("client SIN 046 454 286")
    page.get_by_role("dialog").get_by_role("button", name="Save the note").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()


def revisions_of_a_note(page: Page, records: Records) -> None:
    page.goto(f"/contacts/{records.contact}/notes/")
    page.get_by_role("link", name="2 revisions").click()


def note_to_amend(page: Page, records: Records) -> None:
    page.goto(f"/contacts/{records.contact}/notes/")
    page.get_by_role("link", name="Amend").first.click()


def follow_up_conflict(page: Page, records: Records) -> None:
    """A colleague closes it while the page is open."""
    page.goto(f"/followups/{records.follow_up_to_close}/close/")
    follow_up = FollowUp.objects.get(uid=records.follow_up_to_close)
    tomas = User.objects.get(username="tomas")
    if follow_up.is_open:
        close_follow_up(follow_up=follow_up, method="phone", outcome="Explained.", by=tomas, now=clock.now())
    page.locator("label").filter(has_text="They need no answer").last.click()
    page.get_by_label("What the answer was, or why none is needed").fill("Sent the guide by e-mail.")
    page.get_by_role("button", name="Close this follow-up").click()
    expect(page.get_by_role("heading", name="Somebody else saved first")).to_be_visible()


def call_back(page: Page, records: Records) -> None:
    """The demonstration has a missed call of nobody known."""
    page.goto("/followups/?view=unassigned")
    page.get_by_role("button", name="Call back").first.click()
    expect(page.get_by_role("heading", name="Call back")).to_be_visible()


def calendar_hours_errors(page: Page, records: Records) -> None:
    page.goto("/followups/calendar/hours/")
    page.get_by_label("Monday").fill("16:30-9:00")
    page.get_by_label("Tuesday").fill("9:00-12:00, 11:00-16:00")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.get_by_text("Service must open before it closes.").first).to_be_visible()


def calendar_preview(page: Page, records: Records) -> None:
    """A closure of the days on which most of the demonstration's answers are due."""
    page.goto("/followups/calendar/close/")
    page.get_by_label("First day").fill(str(clock.today() + timedelta(days=1)))
    page.get_by_label("Last day").fill(str(clock.today() + timedelta(days=5)))
    page.get_by_label("Reason in English").fill("Flood")
    page.get_by_label("Reason in French").fill("Inondation")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.get_by_role("heading", name="This moves")).to_be_visible()


def call_conflict(page: Page, records: Records) -> None:
    """Another tab saves while the correction is open."""
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"/calls/{records.call}/correct/")
    before = other.get_by_label("Note", exact=True).input_value()
    other.get_by_label("Note", exact=True).fill(f"{before} And the times.")
    other.get_by_role("button", name="Save the corrections").click()
    expect(other.get_by_text("corrected.")).to_be_visible()
    page.get_by_label("Note", exact=True).fill("Asked about the processing times as well.")
    page.get_by_role("button", name="Save the corrections").click()
    expect(page.get_by_role("heading", name="Somebody else saved first")).to_be_visible()


def document_with_errors(page: Page, records: Records) -> None:
    page.goto("/library/new/")
    page.get_by_role("button", name="Add the document").click()
    expect(page.locator("[data-i2a-errors]")).to_be_focused()


def no_calls_found(page: Page, records: Records) -> None:
    page.goto("/calls/?first_day=2020-01-01&last_day=2020-01-02")


def survey_answered_wrong(page: Page, records: Records) -> None:
    """Own words, too many of them."""
    page.goto(records.survey_link)
    page.locator("label.tap").first.click()
    for button in ["Next", "Skip", "Skip", "Skip"]:
        page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("textbox").fill("long " * 401)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("alert")).to_be_visible()


def survey_stopped(page: Page, records: Records) -> None:
    page.goto(records.survey_link)
    page.locator("label.tap").first.click()
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_role("button", name="Send what I have answered")).to_be_visible()


def survey_left(page: Page, records: Records) -> None:
    """By a colleague on the phone."""
    page.goto(f"{records.survey_link}&phone=1")
    page.get_by_role("button", name="Stop here").click()
    page.get_by_role("button", name="Leave without sending").click()
    expect(page.get_by_role("link", name="Back to the call desk")).to_be_visible()


def static_500(page: Page, records: Records) -> None:
    """Nginx or Django sends this file when everything else may be broken."""
    show(page, render_to_string("500.html"), 500)


def constraint(page: Page, records: Records) -> None:
    message = "This contact may not be changed while it is being merged."
    show(page, render(request_of("maya"), "constraint.html", {"message": message}).content.decode(), 409)


def csrf_refused(page: Page, records: Records) -> None:
    show(page, render(request_of("maya"), "403_csrf.html").content.decode(), 403)


def request_of(username: str):
    """A request as the middleware leaves it, for pages that no address shows."""
    request = RequestFactory().get("/")
    request.user, request.session, request.htmx = User.objects.get(username=username), SessionStore(), False
    request.resolver_match = None
    return request


def show(page: Page, html: str, status: int) -> None:
    """Show `html` as if the server had sent it, with the server's own security headers."""
    policy = page.request.get("/sign-in/").headers["content-security-policy"]
    headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
    page.route("**/shown/", lambda route: route.fulfill(status=status, headers=headers, body=html))
    page.goto("/shown/")


def audit_entry(page: Page, records: Records) -> None:
    """The list with an error in its filters, and an entry opened."""
    page.goto("/audit/entries/?did=changed&what=contacts.contact&record=nothing")
    page.get_by_role("link", name=re.compile("^Open C")).first.click()
    expect(page.locator("#opened")).to_be_visible()


def review_item(page: Page, records: Records) -> None:
    page.goto("/audit/review/")
    page.get_by_role("link", name="Many contacts in an hour").first.click()
    expect(page.get_by_role("heading", name="Finding")).to_be_visible()
