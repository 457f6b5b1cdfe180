"""Answering a survey on a phone, without a script, in two languages, and once (story 15)."""

import re

import pytest
from playwright.sync_api import Page, expect

from surveys.models import Answer
from tests.browser.walk import PHONE
from tests.surveys.to_answer import survey_to_answer, unused_link

pytestmark = pytest.mark.browser


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_answer_a_survey_change_the_language_and_send_it_once(new_page, site, watch):
    watch.expect("410")
    with site.database():
        survey = survey_to_answer()
        link = unused_link(survey)
    page = new_page(size=PHONE, java_script_enabled=False)
    page.goto(link)
    easy = page.get_by_role("radio", name=re.compile("5.*Very easy"))

    press(page, "Next")
    expect(page.get_by_role("alert")).to_have_text("Answer this question, or stop here.")
    easy.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # the first button of the page is not the other language
    expect(page.get_by_text("Question 2 of 5")).to_be_visible()
    press(page, "Français")
    expect(page.locator("html")).to_have_attribute("lang", "fr-ca")
    expect(page.get_by_role("heading", level=1)).to_have_text("Avez-vous été renseigné ?")
    press(page, "English")
    press(page, "Back to question 1")
    expect(easy).to_be_checked()
    press(page, "Next")
    press(page, "Skip")
    page.get_by_role("group").locator("label").nth(2).click()
    press(page, "Next")
    page.get_by_role("group").locator("label").filter(has_text="9").click()
    press(page, "Next")
    press(page, "Stop here")
    press(page, "Go on with question 5")
    page.get_by_label("What else?").fill("Shorter waiting, please.")
    press(page, "Send my answers")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    page.goto(link)
    expect(page.get_by_role("heading")).to_have_text("This survey has already been answered. Thank you.")
    with site.database():
        kept = Answer.objects.filter(response__survey=survey).values_list("question__position", "number", "text")
        assert sorted(kept, key=str) == [(1, 5, ""), (3, None, ""), (4, 9, ""), (5, None, "Shorter waiting, please.")]
