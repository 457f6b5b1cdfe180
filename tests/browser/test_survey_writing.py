"""A survey from its title to the last question, and tried before anybody gets it (R-SRV-03, story 15)."""

import pytest
from playwright.sync_api import expect

from tests.browser.walk import PHONE, press

pytestmark = pytest.mark.browser


def add_question(page, english, french, kind, **more):
    page.get_by_role("link", name="Add a question").click()
    page.get_by_label("Question in English").fill(english)
    page.get_by_label("Question in French").fill(french)
    page.locator(".chip", has_text=kind).click()
    for label, words in more.items():
        page.get_by_label(label.replace("_", " ")).fill(words)
    page.get_by_role("button", name="Save the question").click()
    expect(page.get_by_role("heading", name=english)).to_be_visible()


def test_a_survey_is_written_put_in_order_and_tried(page_as):
    page = page_as("priya")
    questions = page.locator(".q .box-no + div > h3")

    page.goto("/surveys/")
    page.get_by_role("link", name="New survey").first.click()
    page.get_by_label("Title", exact=True).fill("Survey of the browser test")
    page.get_by_label("Name in English").fill("Your call")
    page.get_by_label("Name in French").fill("Votre appel")
    page.get_by_role("button", name="Save the draft").click()
    add_question(page, "What could we do better?", "", "Own words")
    add_question(page, "How easy was it?", "Était-ce facile ?", "Scale of 5")
    answers = {"Answers_in_English": "Yes\nNo", "Answers_in_French": "Oui\nNon"}
    add_question(page, "Did we help?", "Vous avons-nous aidé ?", "One choice", **answers)

    page.get_by_role("button", name="Move question 3 up").press("Enter")
    expect(questions).to_have_text(["What could we do better?", "Did we help?", "How easy was it?"])
    expect(page.get_by_role("button", name="Move question 2 up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(questions).to_have_text(["Did we help?", "What could we do better?", "How easy was it?"])
    page.get_by_role("button", name="Remove question 3").click()
    expect(questions).to_have_count(2)
    press(page, "Alt+z")
    expect(questions).to_have_count(3)

    page.get_by_role("link", name="Question 2 has no French text.").click()
    page.get_by_label("Question in French").fill("Que pourrions-nous améliorer ?")
    page.get_by_role("button", name="Save the question").click()
    expect(page.get_by_text("Question 2 has no French text.")).to_be_hidden()

    several = {"Answers_in_English": "Permits\nSchools", "Answers_in_French": "Permis\nÉcoles"}
    add_question(page, "What was it about?", "De quoi s’agissait-il ?", "Several choices", **several)
    add_question(page, "Would you recommend us?", "Nous recommanderiez-vous ?", "0 to 10: would recommend")
    page.get_by_role("link", name="Try it").click()
    tried = page.frame_locator("iframe")
    tried.get_by_text("Yes", exact=True).click()
    tried.get_by_role("button", name="Next").click()
    expect(tried.get_by_text("Question 2 of 5")).to_be_visible()
    tried.get_by_role("button", name="Français").click()
    expect(tried.get_by_text("Que pourrions-nous améliorer ?")).to_be_visible()


def test_a_long_question_is_seen_whole_on_a_phone(page_as, records):
    page = page_as("priya", size=PHONE)
    page.goto(f"/surveys/{records.survey_draft}/questions/new/#question")
    box = page.get_by_label("Question in English")
    lines = "element => [element.clientHeight, element.scrollHeight]"
    one_line, _whole = box.evaluate(lines)

    box.fill("Would you recommend this information line to somebody who is where you were before you called us? " * 2)

    seen, whole = box.evaluate(lines)
    assert seen >= whole > 3 * one_line
