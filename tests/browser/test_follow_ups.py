"""What is owed, day by day: stories 4 to 7 and 14 of the requirements, on the demonstration's clock."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from access.models import User
from calls.models import Call
from contacts.choices import Channel, Purpose
from contacts.models import Contact
from followups.future_contact import plan_future_contact
from followups.models import ClosedDay, FollowUp
from followups.services import raise_follow_up
from i2a import clock
from tests.browser.people import new_caller
from tests.browser.walk import FUTURE_CONTACT_NO, NO_FOLLOW_UP, pick, save_call, saved_reference
from tests.followups.hours import edmonton

pytestmark = pytest.mark.browser


@pytest.fixture
def at(page_as) -> Iterator[Callable[[str], None]]:
    """Set the demonstration's clock: `at("2026-04-02 15:10")`. Afterwards it shows the real time again."""
    page = page_as("dele")

    def stand(when: str) -> None:
        page.goto("/demo/clock/")
        page.get_by_label("Edmonton time").fill(when.replace(" ", "T"))
        page.get_by_label("Stand still at that time").check()
        page.get_by_role("button", name="Set the clock").click()
        expect(page.get_by_text("It is now")).to_be_visible()

    yield stand
    page.goto("/demo/clock/")
    page.get_by_role("button", name="Back to the real time").click()
    expect(page.get_by_text("Real time", exact=True)).to_be_visible()


def promised(name: str, when: str, **values: str) -> FollowUp:
    """A question of a new caller, asked at that time, with maya."""
    maya, at = User.objects.get(username="maya"), edmonton(when)
    contact = new_caller(name, **values)
    return raise_follow_up(
        contact=contact, team=maya.team, assigned_to=maya, kind=FollowUp.Kind.REPLY, asked=f"Research for {name}",
        received_at=at, by=maya, now=at,
    )  # fmt: skip


def row_of(page: Page, follow_up: FollowUp) -> object:
    return page.locator("tr").filter(has_text=follow_up.contact.name)


def test_a_holiday_that_is_switched_on_moves_what_is_due(page_as, at, site):
    """Story 6."""
    with site.database():
        ClosedDay.objects.filter(day="2026-04-06").update(is_closed=False)  # no audit: the demonstration's row
        follow_up = promised("Amara Storybrook-Diallo", "2026-04-02 15:10")
    at("2026-04-02 15:20")
    maya, grant = page_as("maya"), page_as("grant")
    maya.goto("/followups/")
    expect(row_of(maya, follow_up)).to_contain_text("Mon 3:10 pm")

    grant.goto("/followups/calendar/?year=2026")
    grant.get_by_role("button", name=re.compile("Close ?: Monday 6 April 2026")).click()
    expect(grant.get_by_role("heading", name="This moves")).to_be_visible()
    expect(row_of(grant, follow_up)).to_contain_text("Tue 3:10 pm")
    grant.get_by_role("button", name="Change the calendar").click()
    expect(grant.get_by_text("Calendar changed.")).to_be_visible()

    maya.reload()
    row = row_of(maya, follow_up)
    expect(row).to_contain_text("Tue 3:10 pm")
    row.get_by_text("Why then?").click()
    expect(row).to_contain_text("Friday closed (Good Friday). Monday closed (Easter Monday). Due Tuesday 3:10 pm.")
    expect(row).to_contain_text("Promised first:")

    at("2026-04-03 11:00")
    maya.goto("/calls/desk/")
    expect(maya.locator("header")).to_contain_text("Closed – opens Tue 7 Apr 9:00 am")
    with site.database():
        ClosedDay.objects.filter(day="2026-04-06").update(is_closed=False)  # no audit: the demonstration's row
        FollowUp.objects.filter(pk=follow_up.pk).update(
            status="cancelled", cancel_reason="Test over", cancelled_at=clock.now()
        )  # no audit: a test's row


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-10-30 15:00", "Mon 3:00 pm"), ("2026-03-06 16:00", "Mon 4:00 pm")],
)
def test_the_change_of_the_clock_keeps_the_wall_time(page_as, at, site, received, due):
    """Story 7."""
    with site.database():
        follow_up = promised("Clock Fable", received)
    at(received)
    page = page_as("maya")
    page.goto("/followups/")

    expect(row_of(page, follow_up)).to_contain_text(due)
    assert not {"MST", "MDT", "CST"} & set(page.locator("body").inner_text().split())


def test_the_line_opens_at_nine_on_the_monday_after(page_as, at):
    """Story 7."""
    page = page_as("maya")
    for when, said in (("2026-11-02 08:59", "Closed – opens Mon 2 Nov 9:00 am"), ("2026-11-02 09:00", "Open until")):
        at(when)
        page.goto("/followups/")
        expect(page.locator("header")).to_contain_text(said)


def test_a_caller_without_email_is_called_back_from_the_queue(page_as, at, site):
    """Story 5: one click leads to an outgoing call; when it is saved, the question was answered in time."""
    with site.database():
        follow_up = promised("Bohdan Vyhadka", "2026-11-23 10:00")
    at("2026-11-23 11:00")
    page = page_as("maya")
    page.goto("/followups/")
    row = row_of(page, follow_up)
    expect(row.get_by_role("link", name="E-mail")).to_have_count(0)
    row.get_by_role("button", name="Call now").click()
    page.wait_for_url("**/calls/drafts/**")
    expect(page.get_by_label("Close it with this call")).to_be_checked()
    page.get_by_label("Collection notice given").check()
    pick(page, "Themselves", "Work permits", "Answered by phone", NO_FOLLOW_UP, FUTURE_CONTACT_NO)
    save_call(page)

    ref = saved_reference(page)
    page.goto(f"/followups/{follow_up.uid}/")
    expect(page.get_by_text(ref, exact=True)).to_be_visible()
    expect(page.get_by_text("By the time promised first")).to_be_visible()
    with site.database():
        call = Call.objects.get(ref=ref)
        assert (call.direction, call.answers_follow_up_id) == ("out", follow_up.pk)


def test_pausing_waits_and_resuming_moves_the_due_time(page_as, at, site):
    with site.database():
        follow_up = promised("Pavel Waiting-Fable", "2026-11-23 10:00")
    at("2026-11-23 12:00")
    page = page_as("maya")
    page.goto("/followups/")
    row_of(page, follow_up).get_by_role("link", name="Pause").click()
    page.get_by_label("What we are waiting for").fill("Sends the name of the employer")
    page.get_by_role("button", name="Stop the clock").click()
    expect(page.get_by_text("The clock stands still until you resume it.")).to_be_visible()

    at("2026-11-23 13:30")
    page.goto("/followups/?view=waiting")
    row_of(page, follow_up).get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Paused Monday 12:00 pm, for 1 h 30 min of service. Due Tuesday 11:30 am.")).to_be_visible()


def test_a_plan_ends_by_itself_when_they_no_longer_agree(page_as, site):
    """Story 14, the follow-up part: the answer they asked for stays."""
    with site.database():
        now = clock.now()
        agreed = Contact.objects.filter(
            team__name="Phone", consent_states__status="granted", consent_states__purpose="seminar",
            consent_states__channel="email", email_state="ok", do_not_contact=False, status="active",
        ).first()  # fmt: skip
        maya = User.objects.get(username="maya")
        day = (now + timedelta(days=40)).date()
        plan = plan_future_contact(
            contact=agreed, purpose=Purpose.SEMINAR, channel=Channel.EMAIL, on=day, asked="The spring seminar",
            uid=uuid4(), by=maya, now=now,
        )  # fmt: skip
        Contact.objects.filter(pk=agreed.pk).update(email_state="not_working")  # no audit: a test's row
    page = page_as("maya")
    page.goto(f"/followups/{plan.uid}/email/")
    page.get_by_label("Your e-mail").fill("Come to our seminar.")
    page.get_by_role("button", name="Send and close").click()

    expect(
        page.get_by_text("Nothing was sent: E-mail address not working. The follow-up was cancelled.")
    ).to_be_visible()
    with site.database():
        Contact.objects.filter(pk=agreed.pk).update(email_state="ok")  # no audit: a test's row
