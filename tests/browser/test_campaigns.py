"""One campaign, from the event to the report, by the two people it takes (R-CMP-02, R-CMP-03, stories 7 and 8)."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from i2a import clock
from outreach.models import Campaign
from tests.outreach.steps import its_time, messages_of, tick

pytestmark = pytest.mark.browser
TITLE = "Invitation of the browser test"


def test_a_campaign_is_written_approved_sent_and_proved(page_as, records, site):
    lead, boss = page_as("priya"), page_as("grant")

    lead.goto(f"/events/{records.event}/")
    lead.get_by_role("link", name="New campaign").click()
    lead.get_by_label("Title", exact=True).fill(TITLE)
    everybody = int(lead.locator("#audience .big-count").inner_text().replace(",", ""))
    lead.get_by_label("Called since").fill(f"{clock.today() - timedelta(days=1):%Y-%m-%d}")
    lead.get_by_label("Called since").blur()
    expect(lead.locator("#audience .big-count")).not_to_have_text(str(everybody))
    lead.get_by_label("Called since").fill("")
    lead.get_by_label("Called since").blur()
    expect(lead.locator("#audience .big-count")).to_have_text(str(everybody))
    lead.get_by_label("Subject in English").fill("Hiring from abroad: a morning for you")
    lead.get_by_label("Text in English").fill("Come and hear how it is done.")
    lead.get_by_label("Subject in French").fill("Embaucher à l'étranger : une matinée pour vous")
    lead.get_by_label("Text in French").fill("Venez voir comment cela se fait.")
    lead.get_by_label("Day", exact=True).fill(f"{clock.today() + timedelta(days=1):%Y-%m-%d}")
    lead.get_by_label("Time in Edmonton").fill("09:30")
    lead.get_by_role("button", name="Save the draft").click()

    expect(lead.frame_locator("iframe").get_by_text("Come and hear how it is done.")).to_be_visible()
    lead.get_by_role("link", name="Next recipient").click()
    expect(lead.get_by_role("link", name="Recipient before")).to_be_visible()
    lead.get_by_role("button", name="Ask for approval").click()
    expect(lead.get_by_text("A manager who did not write it decides.")).to_be_visible()

    boss.goto("/campaigns/?show=approval")
    boss.get_by_role("link", name=TITLE).click()
    boss.get_by_role("button", name="Approve").click()
    expect(boss.get_by_text("Approved. It leaves at its time.")).to_be_visible()

    with site.database():  # its time comes; the mails leave at once, though it may be night where people live
        campaign = Campaign.objects.get(title=TITLE)
        tick(its_time(campaign))
        messages_of(campaign).update(not_before=clock.now())  # no audit: a test's rows
    expect(boss.get_by_role("heading", name="Report")).to_be_visible(timeout=60_000)
    boss.get_by_role("link", name="Sent", exact=True).click()
    boss.locator("table").get_by_role("link", name="Sent").first.click()
    expect(boss.get_by_role("heading", name="Why the client gets this")).to_be_visible()
    expect(boss.get_by_role("heading", name="Proof")).to_be_visible()
