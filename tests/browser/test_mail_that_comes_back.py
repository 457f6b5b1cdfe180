"""Story 4: a mail comes back, the client is phoned, the corrected address gets it again; and the link of story 14."""

import time
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from access.models import User
from audit.actor import acting_as, acting_as_system
from contacts.models import Contact
from contacts.services.contacts import create_contact
from followups.models import FollowUp
from i2a import clock
from outbox import mailings, services
from outbox.models import Message, UnsubscribeToken
from outbox.unsubscribe import hash_of, new_token
from tests.browser.people import agree
from tests.browser.walk import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def database(site):
    with site.database():
        yield


def sent(message: Message) -> Message:
    """Wait for the worker, as a person would."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        message.refresh_from_db()
        if message.state == Message.State.SENT:
            return message
        time.sleep(0.2)
    raise AssertionError(message.state)


@pytest.fixture
def tariq(site) -> Message:
    """The job-search guide, sent to an address with a typing error."""
    maya, now = User.objects.get(username="maya"), clock.now()
    values = {
        "name": "Tariq Fable-Rahman",
        "email": f"tariq.{uuid4().hex[:6]}@exmaple.test",
        "phone": "+442079460958",
        "category": "foreign_national",
    }
    with acting_as(maya):
        contact = create_contact(values=values, team=maya.team, by=maya, now=now)
        content = services.make_content(
            language="en", subject="The information you asked for", text="Job search, step by step", html="<p>Steps</p>"
        )
        message = services.queue_information(
            contact=contact, content=content, purpose_key=f"call:{uuid4().hex[:12]}", not_before=now, by=maya, now=now
        )
    return sent(message)


def test_story_4_a_mail_comes_back_and_the_address_is_corrected_on_the_phone(page_as, tariq):
    page = page_as("maya")
    page.goto("/demo/outbox/")
    page.locator("article").filter(has_text=tariq.to_email).get_by_role("button", name="Simulate hard bounce").click()
    expect(page.get_by_text("The mail came back.")).to_be_visible()
    follow_up = FollowUp.objects.get(contact=tariq.contact)

    page.goto("/followups/")
    page.locator(f"a[href='/calls/verify/{follow_up.uid}/']").click()
    expect(page.get_by_text("Use this number only to verify the e-mail address.")).to_be_visible()
    expect(page.get_by_text("020 7946 0958")).to_be_visible()
    box = page.get_by_label("E-mail address, as the client says it")
    box.fill("tariq at example")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Enter one e-mail address.").first).to_be_visible()
    corrected = tariq.to_email.replace("exmaple.test", "example.com")
    box.fill(corrected)
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_text("the same documents are sent again")).to_be_visible()
    follow_up.refresh_from_db()
    expect(page.locator(".timeline").get_by_text(follow_up.outcome).first).to_be_visible()
    again = Message.objects.get(to_email=corrected)
    assert (again.content, follow_up.status) == (tariq.content, "done")


def invitation() -> tuple[Message, str]:
    """A mail about seminars to somebody who agreed, and its link. It waits until next year."""
    token, now, maya = new_token(), clock.now(), User.objects.get(username="maya")
    values = {"name": "Willing Fable", "category": "employer", "email": f"willing.{uuid4().hex[:8]}@example.org"}
    with acting_as_system("tests"):
        content = services.make_content(language="en", subject="A seminar", text="A seminar", html="<p>A seminar</p>")
        somebody = create_contact(values=values, team=maya.team, by=maya, now=now, notice=None)
        agree(somebody, maya)
        mailings.queue_mailing(
            mailing=f"event:{uuid4().hex[:8]}",
            kind=Message.Kind.SEMINAR,
            audience=Contact.objects.filter(pk=somebody.pk),
            contents={"en": content},
            not_before=now.replace(year=now.year + 1),
            by=None,
            now=now,
        )
    message = Message.objects.get(contact=somebody)
    UnsubscribeToken.objects.create(message=message, sha256=hash_of(token))
    return message, f"/unsubscribe/?t={token}"


def purposes(message: Message) -> dict[str, str]:
    states = message.contact.consent_states.filter(channel="email")
    return {state.purpose: state.status for state in states}


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_receiver_stops_mail_on_a_phone_without_signing_in(new_page, has_script):
    message, link = invitation()
    page: Page = new_page(size=PHONE, java_script_enabled=has_script)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Stop e-mails from us")
    assert purposes(message)["seminar"] == "granted"

    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr-ca")
    page.get_by_role("link", name="English").click()
    page.get_by_role("button", name="Stop: Seminars and workshops").click()

    expect(page.get_by_role("status")).to_contain_text("You get no more e-mails or calls about")
    assert purposes(message)["seminar"] == "withdrawn"
    message.refresh_from_db()
    assert (message.state, message.reason) == ("withheld", "consent withdrawn")
    assert page.context.cookies() == []


def test_story_14_a_mail_programs_button_posts_once_and_looking_changes_nothing(new_page):
    message, link = invitation()
    request = new_page().request
    assert request.get(link).ok
    assert purposes(message)["seminar"] == "granted"

    answer = request.post(link, form={"List-Unsubscribe": "One-Click"}, max_redirects=0)

    assert (answer.status, "set-cookie" in answer.headers) == (200, False)
    assert purposes(message)["seminar"] == "withdrawn"
