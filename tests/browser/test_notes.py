"""Notes in their dialog, by keyboard: story 13's number, a reason, two people at once (R-NOT-01, R-CAL-11)."""

import re

import pytest
from playwright.sync_api import Page, expect

from access.models import User
from contacts.models import Contact, Note
from contacts.services.notes import add_note, amend_note
from i2a import clock
from tests.browser.walk import start_call_with

pytestmark = pytest.mark.browser
SIN = "This looks like a Social Insurance Number. It must not be recorded."


def open_notes(page: Page) -> None:
    page.keyboard.press("Alt+O")
    expect(page.get_by_role("dialog").get_by_label("Note", exact=True)).to_be_focused()


def save(page: Page) -> None:
    page.keyboard.press("Control+Enter")


def test_a_note_by_keyboard_with_a_number_refused_and_one_kept_for_a_reason(page_as, records):
    page = page_as("maya")
    page.goto(f"/contacts/{records.contact_of_two}/")
    dialog = page.get_by_role("dialog")
    open_notes(page)
    expect(dialog).to_contain_text("Write facts needed to serve the client. The client may ask to read this.")
    page.keyboard.type("client SIN 046 454 286")
    expect(dialog).to_contain_text("3978 characters left")
    save(page)

    expect(dialog.get_by_role("link", name=SIN)).to_be_visible()
    expect(dialog.get_by_label("Note", exact=True)).to_have_value("client SIN 046 454 286")

    page.keyboard.press("Escape")
    expect(dialog.get_by_text("What you wrote is not saved.")).to_be_visible()
    page.keyboard.press("Enter")  # "Keep writing" has the focus
    dialog.get_by_label("Note", exact=True).fill("Passport AB123456 was stolen.")
    save(page)
    expect(dialog.get_by_role("link", name=re.compile("This looks like a passport number"))).to_be_visible()
    dialog.get_by_label("Necessary because").fill("The embassy asks for it")
    save(page)

    expect(dialog).to_contain_text("Note saved.")
    expect(dialog).to_contain_text("The embassy asks for it")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile(f"/contacts/{records.contact_of_two}/$"))
    expect(page.locator("a[data-i2a-dialog]")).to_be_focused()
    expect(page.locator("[aria-labelledby=timeline-h]")).to_contain_text("Passport AB123456 was stolen.")


ESCAPE_AS_SOON_AS_IT_SHOWS = """() => document.addEventListener("htmx:afterSwap", () => {
    const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    document.querySelector("dialog[open] textarea").dispatchEvent(escape);
}, { once: true })"""


def test_the_question_before_closing_stays_when_escape_comes_with_the_answer_of_the_server(page_as, records):
    page = page_as("maya")
    page.goto(f"/contacts/{records.contact_of_two}/")
    dialog = page.get_by_role("dialog")
    open_notes(page)
    page.keyboard.type("client SIN 046 454 286")
    page.evaluate(ESCAPE_AS_SOON_AS_IT_SHOWS)
    save(page)

    expect(dialog.get_by_role("link", name=SIN)).to_be_visible()
    expect(dialog.get_by_role("button", name="Keep writing")).to_be_focused()
    page.wait_for_timeout(200)  # longer than htmx takes to settle
    expect(dialog.get_by_text("What you wrote is not saved.")).to_be_visible()


def test_the_slower_of_two_applies_their_words_in_one_click(page_as, records, site, watch):
    watch.expect("status of 409 .*/amend/")
    with site.database():
        maya, contact = User.objects.get(username="maya"), Contact.objects.get(uid=records.contact_of_two)
        said = {"contact": contact, "team": contact.team, "body": "Wants a work permit."}
        note = add_note(**said, by=maya, now=clock.now())
    page = page_as("maya")
    page.goto(f"/contacts/{records.contact_of_two}/")
    dialog = page.get_by_role("dialog")
    open_notes(page)
    dialog.locator(f"a[href*='{note.uid}/amend/']").click()
    expect(dialog.get_by_role("heading", name="Amend a note")).to_be_visible()
    with site.database():
        priya = User.objects.get(username="priya")
        amend_note(note=note, version=1, body="Wants a study permit.", by=priya, now=clock.now())
    dialog.get_by_label("Note", exact=True).fill("Wants both permits.")
    save(page)

    expect(dialog).to_contain_text("This record was changed by Priya C. at")
    expect(dialog).to_contain_text("Wants a study permit.")
    dialog.get_by_role("button", name="Save my entries").click()

    expect(dialog).to_contain_text("What it said before is kept.")
    with site.database():
        bodies = Note.objects.get(pk=note.pk).revisions.order_by("number").values_list("body", flat=True)
        assert list(bodies) == ["Wants a work permit.", "Wants a study permit.", "Wants both permits."]


def test_a_draft_says_at_once_what_must_not_be_recorded(page_as, records):
    page = page_as("maya")
    start_call_with(page, records.contact)

    page.locator("#call-form").get_by_label("Notes", exact=True).fill("client SIN 046 454 286")

    expect(page.locator(".strip")).to_contain_text(SIN)
    page.reload()
    expect(page.locator("#call-form").get_by_label("Notes", exact=True)).to_have_value("client SIN ••• ••• •••")


def test_notes_without_script(new_page, signed_in, records):
    page = new_page(java_script_enabled=False, storage_state=signed_in("maya"))
    page.goto(f"/contacts/{records.contact_of_two}/")

    page.get_by_role("link", name="Notes").first.click()
    page.get_by_label("Note", exact=True).fill("Written without a script.")
    page.get_by_role("button", name="Save the note").click()

    expect(page.locator(".notes li").first).to_contain_text("Written without a script.")
