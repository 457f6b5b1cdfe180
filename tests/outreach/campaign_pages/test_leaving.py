"""While a campaign leaves (R-CMP-03)."""

import re

import pytest
from django.urls import reverse

from access.roles import Role
from tests.factories import UserFactory
from tests.outreach.campaign_pages.pages import approved, page

pytestmark = pytest.mark.django_db


def test_it_counts_by_itself_until_its_state_changes(lead, leaving):
    address = reverse("campaigns:progress", args=[leaving.uid])

    counting = lead.get(address, {"state": "sending"}, headers={"HX-Request": "true"})
    changed = lead.get(address, {"state": "approved"}, headers={"HX-Request": "true"})

    assert "On its way" in counting.text and "<html" not in counting.text
    assert (changed.status_code, changed.headers["HX-Refresh"]) == (286, "true")


def test_before_its_time_the_page_asks_for_nothing_but_the_state(lead, event, boss):
    campaign = approved(lead, event, boss)

    assert lead.get(reverse("campaigns:progress", args=[campaign.uid]), {"state": "approved"}).status_code == 204


@pytest.mark.parametrize(("to", "state"), [("pause", "paused"), ("cancel", "cancelled")])
def test_it_is_stopped_with_a_reason(lead, leaving, to, state):
    address = reverse("campaigns:switch", args=[leaving.uid])

    asked_first = lead.get(address, {"to": to})
    without = lead.post(address, {"to": to})
    lead.post(address, {"to": to, "because": "The hall burnt down."})

    leaving.refresh_from_db()
    assert asked_first.status_code == without.status_code == 200
    assert "Say why, so that the others know." in without.text
    assert leaving.state == state


def test_a_paused_one_is_resumed(lead, leaving):
    address = reverse("campaigns:switch", args=[leaving.uid])
    lead.post(address, {"to": "pause", "because": "Wait."})
    paused = page(lead, leaving)

    lead.post(address, {"to": "resume", "because": "Go on."})

    leaving.refresh_from_db()
    assert "?to=resume" in paused
    assert leaving.state == "sending"


def test_every_mail_opens_its_proof_and_the_proof_leads_back(lead, leaving):
    shown = lead.get(reverse("campaigns:people", args=[leaving.uid]), {"show": "queued"}).text

    proofs = re.findall(r'href="(/mail/[0-9a-f-]{36}/)"', shown)
    assert len(proofs) == 2
    proof = lead.get(proofs[0]).text
    assert "Why the client gets this" in proof
    assert f'<a href="{leaving.get_absolute_url()}">{leaving.title}</a>' in proof
    lead.force_login(UserFactory(role=Role.MANAGER, team=None))
    assert lead.get(proofs[0]).url.startswith("/contacts/")  # who had no part in it says why first


def test_one_that_has_begun_to_leave_is_not_edited(lead, leaving):
    response = lead.get(reverse("campaigns:edit", args=[leaving.uid]), follow=True)

    assert "It has begun to leave and is not changed any more." in response.text
