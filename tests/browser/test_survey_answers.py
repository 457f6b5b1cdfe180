"""A survey from the approval of its list to the answer: by the link of the mail on a phone, without a script, in two
languages and once; and read out by a colleague (story 15, F83)."""

import re
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect

from access.models import User
from contacts.choices import Purpose
from contacts.models import Contact
from i2a import clock
from surveys.inviting.words import SUGGESTED
from surveys.models import Answer, Survey
from tests.browser.people import agree, new_caller
from tests.browser.walk import PHONE
from tests.factories import CallFactory, SurveyFactory
from tests.surveys.steps import its_time, messages_of, tick
from tests.surveys.to_answer import ask_of_each_kind, new_ref, survey_to_answer

pytestmark = pytest.mark.browser
LONG_AGO = timedelta(days=800)  # when nobody else called
MAILED = re.compile(r"https?://[^/]+(/s/\?\S+)")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def told_and_agreed(name: str) -> Contact:
    """At a call of maya's long ago."""
    maya = User.objects.get(username="maya")
    contact = new_caller(name, email=f"{name.split()[0].lower()}-{new_ref().lower()}@example.org")
    agree(contact, maya, Purpose.SURVEY)
    began = datetime.combine(clock.today() - LONG_AGO, time(12), tzinfo=clock.EDMONTON)
    CallFactory(contact=contact, specialist=maya, survey_notice="given", started_at=began, ended_at=began)
    return contact


def draft_of_priya() -> Survey:
    """About that day, with a question of each kind."""
    day, today = clock.today() - LONG_AGO, clock.today()
    survey = SurveyFactory(
        ref=new_ref(),
        created_by=User.objects.get(username="priya"),
        called_from=day,
        called_to=day,
        send_on=today + timedelta(days=1),
        send_at=time(12),
        closes_on=today + timedelta(days=15),
        **SUGGESTED,
    )
    ask_of_each_kind(survey)
    return survey


def test_a_survey_is_approved_mailed_and_answered_once(page_as, new_page, site, watch):
    watch.expect("410")
    with site.database():
        contact, survey = told_and_agreed("Ottilie Fable"), draft_of_priya()
    invitations = f"/surveys/{survey.uid}/invitations/"
    lead = page_as("priya")
    lead.goto(invitations)
    press(lead, "Ask for approval")
    expect(lead.get_by_text("1 person is on the list.")).to_be_visible()
    boss = page_as("grant")
    boss.goto(invitations)
    press(boss, "Approve")
    expect(boss.get_by_text("Grant", exact=False).filter(has_text="approved it").first).to_be_visible()
    with site.database():  # its time comes; the mail leaves at once, though it may be night
        tick(its_time(survey))
        messages_of(survey).update(not_before=clock.now())  # no audit: a test's rows
    site.wait_until(lambda: mails_to(site, contact.email), seconds=60)
    text = mails_to(site, contact.email)[0].get_body(("plain",)).get_content()

    page = new_page(size=PHONE, java_script_enabled=False)
    link = MAILED.search(text)[1]
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


def mails_to(site, address: str) -> list:
    return [mail for mail in site.mails() if address in mail["X-Envelope-To"]]


def test_a_colleague_reads_the_questions_out(page_as, site):
    with site.database():
        contact, newest = told_and_agreed("Wanda Fable"), clock.now() + timedelta(days=3)
        survey = survey_to_answer(released_at=newest)
    page = page_as("maya")
    page.goto(f"/contacts/{contact.uid}/")
    press(page, "Ask the questions now")
    expect(page.get_by_text("Read aloud on the phone.")).to_be_visible()
    page.get_by_role("group").locator("label").filter(has_text="4").click()
    press(page, "Next")
    press(page, "Stop here")
    press(page, "Send what I have answered")
    page.get_by_role("link", name="Back to the call desk").click()
    expect(page.get_by_role("heading", name="Who is calling?")).to_be_visible()
    with site.database():
        assert Answer.objects.get(response__survey=survey).number == 4
