"""The call page by keyboard, the phone in the other hand (ux/direction §9)."""

import re

import pytest
from playwright.sync_api import Page, expect

from calls.models import Call
from contacts.models import ConsentEvent, Contact
from tests.browser.walk import (
    ABOUT_THE_CALL,
    FUTURE_CONTACT_YES,
    NAME,
    NO_FOLLOW_UP,
    PHONE_NUMBER,
    SURVEY_SAID,
    chip,
    look_up,
    pick,
    save_call,
    saved_reference,
    start_call,
    start_call_with,
    text_box,
    type_in,
)

pytestmark = pytest.mark.browser

FEWEST_KEYS = 15  # for a repeat caller, besides the note
NOTE = "Asks how long a nominee decision takes."

# Counts what the browser really receives, over all pages of the tab. A chord such as Alt+5 is one key; text in the note
# is not counted, nor is any use of the mouse allowed.
COUNT_KEYS = """
    const add = (name) => sessionStorage.setItem(name, Number(sessionStorage.getItem(name) || 0) + 1);
    addEventListener("keydown", (event) => {
        const isModifier = ["Alt", "Control", "Shift", "Meta"].includes(event.key);
        const isNote = event.target.name === "note" && event.key.length === 1 && !event.altKey && !event.ctrlKey;
        if (!isModifier && !isNote) add("keys");
    }, true);
    addEventListener("pointerdown", () => add("clicks"), true);
"""


def counted(page: Page, what: str) -> int:
    return int(page.evaluate("what => sessionStorage.getItem(what) || 0", what))


def test_a_repeat_caller_takes_at_most_fifteen_keys_and_no_mouse(new_page, signed_in, site):
    page = new_page(storage_state=signed_in("maya"))
    page.goto("/calls/desk/")
    page.context.add_init_script(COUNT_KEYS)
    page.reload()
    expect(page.get_by_role("combobox")).to_be_focused()

    page.keyboard.type("0164")  # Arjun Sandhu, 587-555-0164
    expect(page.locator("[data-i2a-result]").filter(has_text="Arjun Sandhu")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls/drafts/**")
    expect(chip(page, "Job opportunities")).to_be_focused()
    page.keyboard.press("3")
    page.keyboard.press("Alt+5")
    page.keyboard.type(NOTE)
    page.keyboard.press("Alt+6")
    page.keyboard.press("1")
    page.keyboard.press("9")
    page.keyboard.press("Alt+7")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")

    ref = saved_reference(page)
    assert counted(page, "keys") <= FEWEST_KEYS
    assert counted(page, "clicks") == 0
    with site.database():
        call = Call.objects.select_related("contact", "note").get(ref=ref)
        assert call.contact.name == "Arjun Sandhu"
        assert call.note.revisions.latest("pk").body == NOTE
        assert [row.topic.name for row in call.topics.select_related("topic")] == ["Alberta Immigrant Nominee Program"]
        assert [row.service for row in call.services.all()] == ["answered"]
        assert (call.follow_up_decision, call.future_contact_answer) == ("none", "yes")


def test_alt_and_a_number_jump_to_the_box(page_as):
    page = page_as("maya")
    start_call(page)

    for number in range(1, 9):
        page.keyboard.press(f"Alt+{number}")
        expect(page.locator(f"#box-{number}:has(:focus)")).to_be_in_viewport()
    for number in reversed(range(1, 9)):
        page.keyboard.press(f"Control+Alt+{number}")  # where Alt and a digit belong to the browser
        expect(page.locator(f"#box-{number}:has(:focus)")).to_be_in_viewport()


def test_holding_alt_shows_the_numbers(page_as):
    page = page_as("maya")
    start_call(page)
    number = page.locator("#box-4 .box-no")
    at_rest = look_of(number)

    page.keyboard.down("Alt")
    expect(page.locator("body")).to_have_class(re.compile("show-keys"))
    held = look_of(number)
    page.keyboard.up("Alt")

    expect(page.locator("body")).not_to_have_class(re.compile("show-keys"))
    assert held != at_rest
    assert look_of(number) == at_rest


def look_of(element) -> list[str]:
    return element.evaluate(
        """element => ["", "::before"].flatMap((part) => {
            const style = getComputedStyle(element, part || null);
            return [style.backgroundColor, style.color, style.content];
        })"""
    )


def test_digits_pick_chips_only_inside_their_group(page_as):
    page = page_as("maya")
    start_call(page)

    page.keyboard.press("Alt+4")
    page.keyboard.press("2")
    page.keyboard.press("8")
    expect(chip(page, "Work permits")).to_be_checked()
    expect(chip(page, "Trade missions")).to_be_checked()
    page.keyboard.press("2")
    expect(chip(page, "Work permits")).not_to_be_checked()

    page.keyboard.press("Alt+5")
    page.keyboard.type("2 children")
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("2 children")
    expect(chip(page, "Work permits")).not_to_be_checked()


def test_enter_in_a_field_does_not_save_the_call(page_as, site):
    page = page_as("maya")
    start_call(page)
    pick(page, *ABOUT_THE_CALL)
    with site.database():
        calls = Call.objects.count()

    text_box(page, "Organisation if any").press("Enter")

    expect(page.locator("[data-i2a-saved]").first).to_contain_text("Draft saved")
    with site.database():
        assert Call.objects.count() == calls


def test_what_is_missing_is_listed_and_each_line_leads_to_its_field(page_as):
    page = page_as("maya")
    start_call(page)
    type_in(page, NAME, "Mostly Missing")
    save_call(page)

    errors = page.locator("[data-i2a-errors]")
    expect(errors).to_be_focused()
    expect(errors.get_by_role("heading")).to_contain_text("answers need another look.")
    for message, box in [
        ("Select the client category.", 1),
        ("Record at least one way to reach the client (e-mail, phone, mobile or fax).", 2),
        ("Read the collection notice to the client before recording contact information.", 2),
        ("Select at least one topic.", 4),
        ("Choose whether follow-up is needed. If none, select 'No follow-up action is to be taken'.", 6),
        ("Record whether the client agrees to future contact.", 7),
        ("Record whether the client was told about follow-up surveys.", 8),
    ]:
        errors.get_by_role("link", name=message).press("Enter")
        expect(page.locator(f"#box-{box}:has(:focus)")).to_be_in_viewport()


def test_the_words_to_say_switch_to_french_and_the_call_keeps_which_were_said(page_as, site):
    page = page_as("maya")
    with site.database():
        contact = Contact.objects.get(email="me.gagne@maison-accueil.example.org")
    start_call_with(page, str(contact.uid))
    said = page.locator("#box-7 blockquote:visible")
    expect(said).to_have_attribute("lang", "en")

    page.locator("#box-7").get_by_text("Français").click()
    expect(said).to_have_attribute("lang", "fr")
    page.locator("#box-7").get_by_text("English").click()
    expect(said).to_have_attribute("lang", "en")
    page.locator("#box-7").get_by_text("Français").click()
    pick(page, "Work permits", "Answered by phone", NO_FOLLOW_UP, FUTURE_CONTACT_YES)
    save_call(page)

    ref = saved_reference(page)
    with site.database():
        events = ConsentEvent.objects.filter(source_ref=ref).select_related("text_version")
        assert {event.text_version.language for event in events} == {"fr"}


def test_the_strip_and_its_timer_follow_to_every_page(page_as, records):
    page = page_as("maya")
    start_call_with(page, records.contact)
    timer = page.get_by_role("timer")
    expect(timer).to_have_text(re.compile(r"^00:\d\d$"))
    expect(timer).not_to_have_text(timer.inner_text())

    for path in [
        "/calls/desk/",
        "/calls/",
        f"/calls/{records.call}/",
        f"/calls/{records.call}/correct/",
        "/contacts/",
        f"/contacts/{records.contact}/",
        f"/contacts/{records.contact}/edit/",
        "/followups/",
        f"/followups/{records.follow_up}/close/",
        f"/mail/{records.message}/",
        "/demo/clock/",
        "/demo/outbox/",
    ]:
        page.goto(path)
        expect(timer).to_have_text(re.compile(r"^\d\d:\d\d$"))
        expect(page.locator(".strip")).to_contain_text("Kovalenko")
    page.keyboard.press("Alt+C")
    page.wait_for_url("**/calls/drafts/**")


@pytest.mark.parametrize(("path", "status"), [("/calls/nowhere/", 404), ("/access/register/", 403)])
def test_an_error_page_leads_back_to_the_call(path, status, page_as, watch):
    watch.expect(f"status of {status}")
    page = page_as("maya")
    start_call(page)
    page.goto(path)

    page.get_by_role("link", name="Back to the call in progress").click()

    page.wait_for_url("**/calls/drafts/**")


def test_the_lookup_is_a_key_away_and_esc_clears_it(page_as):
    page = page_as("maya")
    page.goto("/followups/")
    lookup = page.get_by_role("combobox")
    page.keyboard.press("/")
    expect(lookup).to_be_focused()
    page.keyboard.type("koval")
    first, second = (page.get_by_role("option").nth(number) for number in (0, 1))
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(lookup).to_have_value("")


def test_single_keys_can_be_switched_off(page_as):
    page = page_as("maya")
    page.goto("/followups/")
    page.keyboard.press("?")
    page.locator("[data-i2a-single-keys]").uncheck()
    page.reload()

    page.keyboard.press("/")

    expect(page.get_by_role("combobox")).not_to_be_focused()


def test_ctrl_enter_in_the_lookup_opens_the_record_only(page_as):
    page = page_as("maya")
    look_up(page, "0164")

    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Arjun Sandhu")
    expect(page.locator(".strip")).to_have_count(0)


def test_what_was_typed_starts_the_new_caller(page_as):
    page = page_as("maya")
    matches = look_up(page, "825 555 0777")
    expect(matches).to_have_count(0)

    page.keyboard.press("Enter")

    number = page.locator("#call-form").get_by_role("textbox", name=PHONE_NUMBER)
    expect(number).to_have_value("825 555 0777")
    pick(page, SURVEY_SAID)
