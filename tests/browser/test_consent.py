"""Agreement given, withdrawn and never wanted again: stories 3, 8 (what the engine does) and 14 of the requirements."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from access.models import User
from audit.actor import acting_as
from contacts.choices import Channel, Purpose
from contacts.models import ConsentEvent, Contact
from contacts.services.contacts import change_contact, create_contact
from followups.future_contact import plan_future_contact
from followups.models import FollowUp
from followups.services import raise_follow_up
from i2a import clock
from outbox import mailings, services
from outbox.models import Message, UnsubscribeToken
from outbox.unsubscribe import hash_of, new_token
from tests.browser.people import agree
from tests.browser.walk import (
    EMAIL,
    FUTURE_CONTACT_NO,
    FUTURE_CONTACT_YES,
    NAME,
    NO_FOLLOW_UP,
    PHONE_NUMBER,
    SURVEY_SAID,
    pick,
    save_call,
    save_even_if_doubtful,
    saved_reference,
    start_call,
    start_call_with,
    type_in,
)

pytestmark = pytest.mark.browser

# Story 3: future contact, then withdrawal erases the address

ERASED = "The stored address will be erased."
ABOUT_HER_CALL = ["Category of caller > Employer", "Employer's need", "Work permits", "Answered by phone", NO_FOLLOW_UP]


def start_with_zoe(page: Page, email: str) -> None:
    start_call(page)
    type_in(page, NAME, "Zoë Żółkiewska-Ågren")
    type_in(page, EMAIL, email)
    type_in(page, PHONE_NUMBER, "403-555-0142 ext 204")
    page.get_by_label("Collection notice given").check()
    pick(page, *ABOUT_HER_CALL, SURVEY_SAID)


def test_the_address_comes_with_a_yes_and_goes_with_a_no(page_as, site):
    email = f"zoe.{uuid4().hex[:6]}@prairie-imaginary.example.com"
    page = page_as("maya")
    start_with_zoe(page, email)
    expect(page.get_by_label("Street")).to_have_count(0)
    pick(page, FUTURE_CONTACT_YES, "For > Seminars and workshops", "For > Trade missions", "By > E-mail")
    page.get_by_role("button", name="They agreed: add an address").click()
    page.get_by_label("Street").fill("14 Make-Believe Rd")
    page.get_by_label("City").fill("Brooks")
    page.get_by_label("Postal code").fill("T1R 0Z9")
    save_even_if_doubtful(page)
    with site.database():
        zoe = Contact.objects.get(email=email)
        assert (zoe.street, zoe.city, zoe.postal_code) == ("14 Make-Believe Rd", "Brooks", "T1R 0Z9")

    start_call_with(page, str(zoe.uid))
    warning = page.locator("#box-7").get_by_text(ERASED)
    expect(warning).to_be_hidden()
    pick(page, "Employer's need", "Work permits", "Answered by phone", NO_FOLLOW_UP, FUTURE_CONTACT_NO)
    expect(warning).to_be_visible()
    save_call(page)
    page.wait_for_url("**/calls/desk/")  # the toast of the first call may still be there

    page.goto(f"/contacts/{zoe.uid}/consent/")
    expect(page.locator(".past li").filter(has_text="Withdrew")).not_to_have_count(0)
    page.goto(f"/contacts/{zoe.uid}/")
    expect(page.locator("body")).not_to_contain_text("Make-Believe")
    with site.database():
        zoe.refresh_from_db()
        assert not zoe.has_address
        told = ConsentEvent.objects.filter(contact=zoe, channel="email").exclude(purpose="survey")
        rows = [(event.purpose, event.status) for event in told.order_by("purpose", "pk")]
        assert rows == [
            ("seminar", "granted"),
            ("seminar", "withdrawn"),
            ("trade_mission", "granted"),
            ("trade_mission", "withdrawn"),
        ]
        assert all(event.text_version for event in told.filter(status="granted"))


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

NO_PLAN = "This client asked not to be contacted. No outbound contact can be planned."


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
            queue_seminar([contact], maya)
        return contact


def queue_seminar(people: list[Contact], by: User) -> None:
    now = clock.now()
    content = services.make_content(language="en", subject="A seminar", text="A seminar", html="<p>A seminar</p>")
    mailings.queue_mailing(
        mailing=f"event:{uuid4().hex[:8]}",
        kind=Message.Kind.SEMINAR,
        audience=Contact.objects.filter(pk__in=[contact.pk for contact in people]),
        contents={"en": content},
        not_before=now + timedelta(days=60),
        by=by,
        now=now,
    )


def test_the_answer_stays_everything_else_ends_and_what_she_asks_for_is_sent(page_as, site, ngozi):
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

    plan_is_refused(page, ngozi)
    send_brochure(page, ngozi)
    with site.database():
        asked_for = Message.objects.get(contact=ngozi, kind="information")
        assert asked_for.state in {"queued", "claimed", "sending", "sent"}
    page.goto(f"/contacts/{ngozi.uid}/")
    expect(banner).to_be_visible()


def plan_is_refused(page: Page, contact: Contact) -> None:
    page.goto(f"/followups/plan/{contact.uid}/")
    expect(page.locator(".note-stop").filter(has_text="Do not contact")).to_be_visible()
    page.locator("input[name=on]").fill(str(clock.today() + timedelta(days=60)))
    pick(page, "Seminars and workshops", "E-mail")
    page.get_by_role("textbox").last.fill("The spring seminar")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_text(NO_PLAN).first).to_be_visible()


def send_brochure(page: Page, contact: Contact) -> None:
    start_call_with(page, str(contact.uid))
    expect(page.locator(".note-stop").filter(has_text="Do not contact").first).to_be_visible()
    page.get_by_label("Collection notice given").check()
    pick(page, "Themselves", "Work permits", "E-mailed", "Work permits, step by step", NO_FOLLOW_UP)
    save_call(page)
    saved_reference(page)


# Story 8: what is withdrawn between queueing and sending does not leave

NAMES = ["Luzviminda Makata-Reyes", "Crisanto Bathala-Cruz", "Dalisay Haraya-Lim", "Amihan Katha-Santos"]


@pytest.fixture
def invited(site) -> list[Contact]:
    with site.database():
        maya, now = User.objects.get(username="maya"), clock.now()
        with acting_as(maya):
            people = [create_contact(values=values_of(name), team=maya.team, by=maya, now=now) for name in NAMES]
            for contact in people:
                agree(contact, maya)
            queue_seminar(people, maya)
        return people


def values_of(name: str) -> dict[str, str]:
    return {"name": name, "email": f"{name[:4].lower()}.{uuid4().hex[:6]}@example.net", "category": "foreign_national"}


def test_who_changes_their_mind_before_it_leaves_gets_nothing(page_as, new_page, site, invited):
    by_link, by_phone, moved, still = invited
    with site.database():
        token = new_token()
        mail = Message.objects.get(contact=by_link)
        UnsubscribeToken.objects.create(message=mail, sha256=hash_of(token), created_at=clock.now())
        values = {"email": f"new.{moved.email}"}
        change_contact(contact=moved, values=values, version=moved.version, by=None, now=clock.now())
    public, page = new_page(), page_as("maya")
    public.goto(f"/unsubscribe/?t={token}")
    public.get_by_role("button", name="Stop: Seminars and workshops").click()
    expect(public.get_by_role("button", name="Stop: Seminars and workshops")).to_have_count(0)
    page.goto(f"/contacts/{by_phone.uid}/consent/withdraw/")
    pick(page, "Seminars and workshops", "On the phone")
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_text("Withdrawn. From now on nothing is sent for it.")).to_be_visible()

    with site.database():
        waiting = Message.objects.filter(contact__in=invited, state="queued")
        waiting.update(not_before=clock.now())
    site.wait_until(lambda: not in_states(site, invited, "queued", "claimed", "sending"), what="every mail's end")

    with site.database():
        ends = {mail.contact.name: (mail.state, mail.reason) for mail in Message.objects.filter(contact__in=invited)}
    assert ends == {
        by_link.name: ("withheld", "consent withdrawn"),
        by_phone.name: ("withheld", "consent withdrawn"),
        moved.name: ("withheld", "consent unconfirmed"),
        still.name: ("sent", ""),
    }
    page.goto(f"/contacts/{by_phone.uid}/?show=campaigns")
    expect(page.locator(".timeline")).to_contain_text("Withdrawn")


def in_states(site, people: list[Contact], *states: str) -> bool:
    with site.database():
        return Message.objects.filter(contact__in=people, state__in=states).exists()
