"""The second person (R-CMP-02)."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from contacts.models import Contact, TextVersion
from tests.outreach.campaign_pages.pages import TYPED, approved, asked, do, draft, page, sha256_on

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"send_on": "", "send_at": ""}, "Say on which day and at what time it goes."),
        ({"text_en": ""}, "Write a subject and a text in English."),
        ({"subject_fr": ""}, "Somebody on the list reads French. Write a subject and a text in French as well."),
        ({"country_1": "DE"}, "Nobody would get this. Choose other people."),
    ],
)
def test_what_is_missing_is_said_when_approval_is_asked_for(lead, event, typed, words):
    campaign = draft(lead, event, **typed)

    response = do(lead, "ask", campaign)

    campaign.refresh_from_db()
    assert words in response.text
    assert campaign.state == "draft"


def test_without_a_wording_in_force_nobody_is_asked(lead, event):
    campaign = draft(lead, event)
    TextVersion.objects.filter(kind="sender_identification").update(
        valid_from=datetime(2030, 1, 1, tzinfo=UTC)
    )  # no audit: arranged

    response = do(lead, "ask", campaign)

    assert "The template must contain the sender identification and an unsubscribe link." in response.text


def test_who_wrote_it_cannot_approve_it(client, event, people, boss):
    client.force_login(boss)
    campaign = asked(client, event)

    shown = page(client, campaign)
    refused = do(client, "decide", campaign, do="approve", list_sha256=campaign.list_sha256)

    campaign.refresh_from_db()
    assert "A campaign must be approved by a second person." in shown
    assert 'value="approve"' not in shown
    assert "A campaign must be approved by a second person." in refused.text
    assert campaign.state == "asked"


def test_a_second_person_approves_what_they_see(lead, event, boss):
    campaign = approved(lead, event, boss)

    assert "leaves Wednesday 25 November 2026, 9:30 am, Edmonton time" in page(lead, campaign)


def test_who_fell_out_since_the_list_was_made_is_said_and_must_be_looked_at_again(lead, event, people, boss):
    campaign = asked(lead, event)
    lead.force_login(boss)
    seen = sha256_on(lead, campaign)
    Contact.objects.filter(pk=people[0].pk).update(email_state="not_working")  # no audit: arranged

    late = do(lead, "decide", campaign, do="approve", list_sha256=seen)
    shown = page(lead, campaign)

    assert "The list has changed since you opened it. Look at it again before you approve." in late.text
    assert "E-mail address not working" in shown and "of 2 on the list" in shown
    fell_out = lead.get(reverse("campaigns:people", args=[campaign.uid]), {"show": "address not working"}).text
    assert "Jose Ramirez" in fell_out and "Marie Lakan" not in fell_out


def test_sending_it_back_needs_a_reason_which_the_writer_reads(lead, event, team_lead, boss):
    campaign = asked(lead, event)
    lead.force_login(boss)

    without = do(lead, "decide", campaign, do="send_back")
    do(lead, "decide", campaign, do="send_back", because="Name the employers.")

    campaign.refresh_from_db()
    lead.force_login(team_lead)
    assert "Say what must change." in without.text
    assert campaign.state == "draft"
    assert "Name the employers." in page(lead, campaign)


def test_an_edit_after_approval_makes_it_a_draft_again(lead, event, boss):
    campaign = approved(lead, event, boss)
    address = reverse("campaigns:edit", args=[campaign.uid])

    warned = lead.get(address).text
    lead.post(address, {**TYPED, "title": "Another title", "version": campaign.version})

    campaign.refresh_from_db()
    assert "it is a draft again" in warned
    assert (campaign.state, campaign.approved_by) == ("draft", None)
