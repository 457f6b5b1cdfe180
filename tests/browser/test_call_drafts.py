"""Nothing that was typed is lost, and nothing is saved twice (ux/direction §2.2 and §2.3)."""

import re

import pytest
from playwright.sync_api import Page, expect

from access.demo import PASSWORD
from calls.models import Call, CallDraft
from outbox.models import Message
from tests.browser.walk import (
    ABOUT_THE_CALL,
    EMAIL,
    NAME,
    NO_FOLLOW_UP,
    answer_for_new_contact,
    chip,
    pick,
    press,
    save_call,
    save_even_if_doubtful,
    saved_reference,
    sign_in,
    start_call,
    start_call_with,
    type_in,
)
from tests.browser.ways import somebody_changes_organisation

pytestmark = pytest.mark.browser


def saved(page: Page):
    return page.locator("[data-i2a-saved]").first


def note(page: Page):
    return page.locator("#call-form").get_by_role("textbox", name="Notes")


def test_a_draft_survives_closing_the_tab(page_as, new_page, signed_in):
    page = page_as("maya")
    start_call(page)
    note(page).fill("Wants to move the whole bakery to Lacombe.")
    pick(page, "Entrepreneur", "Work permits")
    expect(saved(page)).to_have_text(re.compile(r"^Draft saved \d+:\d\d:\d\d [ap]m$"))
    page.close()

    page = new_page(storage_state=signed_in("maya"))
    page.goto("/calls/desk/")
    page.get_by_role("link", name="Back to the call").click()

    expect(note(page)).to_have_value("Wants to move the whole bakery to Lacombe.")
    for answer in ("Entrepreneur", "Work permits"):
        expect(chip(page, answer)).to_be_checked()


def test_leaving_right_after_the_last_key_loses_nothing(page_as, site):
    page = page_as("maya")
    start_call(page)
    note(page).fill("Typed and gone.")

    page.goto("/followups/")

    with site.database():
        kept = CallDraft.objects.filter(data__note=["Typed and gone."])
        site.wait_until(kept.exists, what="the draft")


def test_what_the_server_never_got_is_kept_here_and_offered_again(page_as, watch):
    watch.expect("ERR_FAILED")
    page = page_as("maya")
    start_call(page)
    page.route("**/keep/", lambda route: route.abort())
    note(page).fill("Typed while the line was down.")
    expect(saved(page)).to_have_text("Not saved, kept in this browser")
    page.reload()
    page.unroute("**/keep/")
    expect(note(page)).to_have_value("")

    offer = page.get_by_text("This browser kept text that did not reach the server.")
    expect(offer).to_be_visible()
    page.get_by_role("button", name="Put it back").click()

    expect(note(page)).to_have_value("Typed while the line was down.")
    expect(saved(page)).to_contain_text("Draft saved")
    page.reload()
    expect(note(page)).to_have_value("Typed while the line was down.")
    expect(offer).to_be_hidden()


def test_when_the_server_answers_again_the_draft_is_saved_by_itself(page_as, watch):
    watch.expect("ERR_FAILED")
    page = page_as("maya")
    start_call(page)
    page.route("**/keep/", lambda route: route.abort())
    note(page).fill("Patience.")
    expect(saved(page)).to_have_text("Not saved, kept in this browser")

    page.unroute("**/keep/")

    expect(saved(page)).to_contain_text("Draft saved")


def test_signing_out_leaves_no_copy_in_the_browser(new_page, watch):
    watch.expect("ERR_FAILED")
    page = new_page()
    sign_in(page, "tomas", PASSWORD)
    start_call(page)
    page.route("**/keep/", lambda route: route.abort())
    note(page).fill("Personal.")
    expect(saved(page)).to_have_text("Not saved, kept in this browser")

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


def test_undo_brings_the_draft_back_and_nothing_is_mailed(page_as, site, later):
    page = page_as("maya")
    start_call(page)
    type_in(page, NAME, "Undine Rückgängig")
    type_in(page, EMAIL, "undine@example.org")
    note(page).fill("Changed her mind.")
    answer_for_new_contact(page)
    pick(page, "E-mailed", "Job search in Alberta")
    ref = save_even_if_doubtful(page)

    press(page, "Alt+Z")

    page.wait_for_url("**/calls/drafts/**")
    expect(page.get_by_text(f"Call {ref} was undone. Nothing was sent.")).to_be_visible()
    expect(note(page)).to_have_value("Changed her mind.")
    expect(page.locator("#call-form").get_by_role("textbox", name=NAME)).to_have_value("Undine Rückgängig")
    expect(page.get_by_label("Job search in Alberta")).to_be_checked()
    later(minutes=2)
    with site.database():
        call = Call.objects.select_related("message", "contact").get(ref=ref)
        assert (call.status, call.message.state) == ("voided", "cancelled")
        assert not Message.objects.unfinished().filter(contact=call.contact).exists()
    assert not [mail for mail in site.mails() if "undine" in mail["X-Envelope-To"]]


def test_after_twenty_seconds_undo_explains_what_to_do_instead(page_as, later):
    page = page_as("maya")
    start_call(page)
    pick(page, *ABOUT_THE_CALL)
    save_call(page)
    ref = saved_reference(page)

    later(minutes=2)
    press(page, "Alt+Z")

    expect(page.get_by_text("It is too late to undo this. You can correct the call instead.")).to_be_visible()
    expect(page.get_by_role("heading", name="Correct this call")).to_be_visible()
    expect(page.get_by_role("link", name=ref)).to_be_visible()


def test_two_tabs_that_save_one_draft_make_one_call(page_as, site):
    first = page_as("maya")
    start_call(first)
    second = first.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        pick(page, *ABOUT_THE_CALL)
    with site.database():
        calls = Call.objects.count()

    save_call(first)
    ref = saved_reference(first)
    save_call(second)

    assert saved_reference(second) == ref
    with site.database():
        assert Call.objects.count() == calls + 1


def test_saving_while_the_server_is_away_loses_nothing(page_as, watch):
    watch.expect("ERR_FAILED")
    page = page_as("maya")
    start_call(page)
    note(page).fill("Saved in the tunnel.")
    pick(page, *ABOUT_THE_CALL)
    expect(saved(page)).to_contain_text("Draft saved")
    draft = page.url
    page.route(draft, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    save_call(page)
    expect(page).to_have_url(re.compile("^chrome-error:"))
    page.unroute(draft)

    page.goto(draft)

    expect(note(page)).to_have_value("Saved in the tunnel.")
    save_call(page)
    saved_reference(page)


def test_a_contact_that_changed_while_the_call_was_typed_is_shown_with_both_values(page_as, watch, records, site):
    watch.expect("status of 409")
    page = page_as("maya")
    start_call_with(page, records.contact_of_two)
    type_in(page, "Organisation if any", "Sandhu Storytelling")
    pick(page, "Work permits", "Answered by phone", NO_FOLLOW_UP)
    with site.database():
        somebody_changes_organisation(records.contact_of_two)

    save_call(page)

    expect(page.get_by_role("alert").filter(has_text="This record was changed by Tomas B.")).to_be_visible()
    row = page.get_by_role("table").get_by_role("row").filter(has_text="Organisation")
    expect(row).to_contain_text("Invented")
    expect(row).to_contain_text("Sandhu Storytelling")
    save_call(page)
    saved_reference(page)
