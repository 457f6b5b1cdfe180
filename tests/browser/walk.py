"""Steps that many browser tests take, in the words of the people who take them."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

NAME, EMAIL, PHONE_NUMBER = "Full name", "E-mail to send what they ask for", "Phone if the e-mail fails"
SAVED = re.compile(r"Call (C-\d{4}-\d{6}) saved\.")


@dataclass(frozen=True)
class Size:
    width: int
    height: int

    @property
    def is_phone(self) -> bool:
        return self.width < 768


DESK, PHONE = Size(1440, 900), Size(390, 844)


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name or work e-mail").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("main#content")).to_be_visible()


def look_up(page: Page, text: str) -> Locator:
    page.goto("/calls/desk/")
    return matches_of(page, text)


def matches_of(page: Page, text: str) -> Locator:
    """Type into the call desk's lookup; the matches, without the last line that offers a new caller."""
    page.get_by_role("combobox").fill(text)
    expect(page.locator("[data-i2a-new]").filter(has_text=f"“{text}”")).to_be_visible()
    return page.locator("[data-i2a-result]:not([data-i2a-new])")


def start_call(page: Page, button: str = "New caller") -> None:
    page.goto("/calls/desk/")
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/calls/drafts/**")


def start_call_with(page: Page, contact_uid: str) -> None:
    page.goto(f"/contacts/{contact_uid}/")
    page.get_by_role("button", name="Start a call").click()
    page.wait_for_url("**/calls/drafts/**")


def type_in(page: Page, label: str, text: str) -> None:
    text_box(page, label).fill(text)


def text_box(page: Page, label: str) -> Locator:
    """A box for text on the call form; one that offers what is known is a combobox."""
    form = page.locator("#call-form")
    return form.get_by_role("textbox", name=label, exact=True).or_(form.get_by_role("combobox", name=label, exact=True))


def chip(page: Page, answer: str) -> Locator:
    """A chip by its words; where several groups have the same words: "Group > words"."""
    group, _, words = answer.rpartition(" > ")
    named = {"name": group, "exact": True}
    groups = page.get_by_role("group", **named).or_(page.get_by_role("radiogroup", **named))
    scope = groups if group else page.locator("main")
    answer_called = {"name": words, "exact": True}
    return scope.get_by_role("radio", **answer_called).or_(scope.get_by_role("checkbox", **answer_called)).first


def pick(page: Page, *answers: str) -> None:
    """Choose chips the way a mouse does."""
    for answer in answers:
        place = chip(page, answer)
        page.locator(f"label[for='{place.get_attribute('id')}']").click()
        expect(place).to_be_checked()


NO_FOLLOW_UP = "No follow-up action is to be taken"
ABOUT_THE_CALL = ["Foreign national", "Themselves", "Work permits", "Answered by phone", NO_FOLLOW_UP]
FUTURE_CONTACT_NO, FUTURE_CONTACT_YES = "Answer about future contact > No", "Answer about future contact > Yes"
SURVEY_SAID = "Survey notice > I said this"


def answer_for_new_contact(page: Page) -> None:
    """Everything that a call with a new contact must have, except who it is."""
    page.get_by_label("Collection notice given").check()
    pick(page, *ABOUT_THE_CALL, FUTURE_CONTACT_NO, SURVEY_SAID)


def press(page: Page, keys: str) -> None:
    """One of the product's keys. A page that just came is seen before its scripts run, and until then keys are lost."""
    page.wait_for_load_state()
    page.keyboard.press(keys)


def save_call(page: Page) -> None:
    press(page, "Control+Enter")


def saved_reference(page: Page) -> str:
    """What the desk says after a save: the call's reference."""
    toast = page.locator("[data-i2a-toast]").filter(has_text=SAVED)
    expect(toast).to_be_visible()
    found = SAVED.search(toast.inner_text())
    assert found
    return found[1]


def save_even_if_doubtful(page: Page) -> str:
    """Save a new contact, confirming a number nobody knows and saying why when somebody has the same one."""
    save_call(page)
    question = page.get_by_text("Save anyway?").or_(page.get_by_text("Possible duplicate"))
    toast = page.locator("[data-i2a-toast]").filter(has_text=SAVED)
    expect(question.or_(toast).first).to_be_visible()
    if page.get_by_label("Save the number anyway").is_visible():
        page.get_by_label("Save the number anyway").check()
        return save_even_if_doubtful(page)
    if page.get_by_label("Why a second record is needed").is_visible():
        page.get_by_label("Why a second record is needed").fill("Another member of the family")
        page.get_by_role("button", name="Create anyway").click()
        return saved_reference(page)
    return saved_reference(page)
