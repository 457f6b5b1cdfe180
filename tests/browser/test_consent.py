"""Agreement given, withdrawn and never wanted again: stories 3 and 14 of the requirements."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from access.models import User
from audit.actor import acting_as
from contacts.choices import Channel, FutureContact, Language, Purpose, Source, TextKind
from contacts.models import Contact
from contacts.services import consents
from contacts.services.contacts import create_contact
from contacts.texts import texts_in_force
from followups.future_contact import plan_future_contact
from followups.models import FollowUp
from followups.services import raise_follow_up
from i2a import clock
from outbox import mailings, services
from outbox.models import Message
from tests.browser.walk import (
    EMAIL,
    FUTURE_CONTACT_NO,
    NAME,
    NO_FOLLOW_UP,
    PHONE_NUMBER,
    SURVEY_SAID,
    pick,
    save_even_if_doubtful,
    start_call,
    start_call_with,
    type_in,
)

pytestmark = pytest.mark.browser

# Story 3: future contact, then withdrawal erases the address

ABOUT_HER_CALL = ["Category of caller > Employer", "Employer's need", "Work permits", "Answered by phone", NO_FOLLOW_UP]


def start_with_zoe(page: Page, email: str) -> None:
    start_call(page)
    type_in(page, NAME, "Zoë Żółkiewska-Ågren")
    type_in(page, EMAIL, email)
    type_in(page, PHONE_NUMBER, "403-555-0142 ext 204")
    page.get_by_label("Collection notice given").check()
    pick(page, *ABOUT_HER_CALL, SURVEY_SAID)


def test_agreeing_to_a_survey_alone_offers_no_address(page_as, site):
    email = f"zoe.{uuid4().hex[:6]}@prairie-imaginary.example.com"
    page = page_as("maya")
    start_with_zoe(page, email)
    pick(page, FUTURE_CONTACT_NO, "May we send the survey? > Yes, a survey is fine")
    save_even_if_doubtful(page)

    with site.database():
        zoe = Contact.objects.get(email=email)
    page.goto(f"/contacts/{zoe.uid}/edit/")
    expect(page.get_by_label("Street")).to_have_count(0)
    start_call_with(page, str(zoe.uid))
    expect(page.get_by_label("Street")).to_have_count(0)


# Story 14: do not contact, with work pending


@pytest.fixture
def ngozi(site) -> Contact:
    """She waits for an answer, is to be contacted later, and a mail about a seminar is queued for her."""
    with site.database():
        maya, now = User.objects.get(username="maya"), clock.now()
        values = {
            "name": "Ngozi Parable-Eze",
            "email": f"ngozi.{uuid4().hex[:6]}@example.net",
            "phone": "+2348035550121",
            "category": "foreign_national",
        }
        with acting_as(maya):
            contact = create_contact(values=values, team=maya.team, by=maya, now=now)
            agree(contact, maya)
            raise_follow_up(
                contact=contact, team=maya.team, assigned_to=maya, kind=FollowUp.Kind.REPLY,
                asked="Which form for her sister", received_at=now, by=maya, now=now,
            )  # fmt: skip
            plan_future_contact(
                contact=contact, purpose=Purpose.SEMINAR, channel=Channel.EMAIL, on=(now + timedelta(days=90)).date(),
                asked="The spring seminar", uid=uuid4(), by=maya, now=now,
            )  # fmt: skip
            queue_seminar(contact, maya)
        return contact


def agree(contact: Contact, by: User) -> None:
    consents.record_answers(
        contact=contact,
        answer=FutureContact.AGREED,
        purposes=[Purpose.SEMINAR],
        channels=[Channel.EMAIL],
        text_version=texts_in_force(clock.now())[TextKind.CONSENT_SCRIPT][Language.EN],
        language=Language.EN,
        source=Source.CALL,
        source_ref=contact.ref,
        by=by,
        now=clock.now(),
    )


def queue_seminar(contact: Contact, by: User) -> None:
    now = clock.now()
    content = services.make_content(language="en", subject="A seminar", text="A seminar", html="<p>A seminar</p>")
    mailings.queue_mailing(
        mailing=f"event:{uuid4().hex[:8]}",
        kind=Message.Kind.SEMINAR,
        audience=Contact.objects.filter(pk=contact.pk),
        contents={"en": content},
        not_before=now + timedelta(days=60),
        by=by,
        now=now,
    )


def test_the_answer_stays_and_everything_else_ends(page_as, site, ngozi):
    page = page_as("maya")
    page.goto(f"/contacts/{ngozi.uid}/")
    page.get_by_role("link", name="Do not contact…").click()
    stops = page.locator(".what-stops")
    expect(stops).to_contain_text("Cancelled:")
    page.get_by_label("client still expects this answer").check()
    pick(page, "On the phone")
    page.get_by_role("button", name="Record: do not contact").click()

    expect(page.get_by_text("Recorded. Nobody contacts this client any more.")).to_be_visible()
    banner = page.locator(".note-stop").filter(has_text="Do not contact")
    expect(banner).to_contain_text("recorded")
    expect(banner).to_contain_text("Maya")
    with site.database():
        fates = dict(FollowUp.objects.filter(contact=ngozi).values_list("kind", "status"))
        assert fates == {"reply": "open", "future_contact": "cancelled"}
        mail = Message.objects.get(contact=ngozi, kind="seminar")
        assert (mail.state, mail.reason) == ("cancelled", "do not contact")
