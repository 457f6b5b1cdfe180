"""A campaign is written: a draft may be unfinished, and nothing typed is lost (R-CMP-01)."""

import pytest
from django.urls import reverse

from outreach.models import Campaign
from tests.outreach.campaign_pages.pages import TYPED, draft

pytestmark = pytest.mark.django_db


def test_a_campaign_begins_with_an_event_and_its_countries(lead, event):
    offered = lead.get(reverse("campaigns:new")).text
    form = lead.get(f"{reverse('campaigns:new')}?event={event.uid}").text

    assert f"?event={event.uid}" in offered and "Alberta in Manila" in offered
    assert '<option value="PH" selected>' in form
    assert f"{reverse('campaigns:new')}?event={event.uid}" in lead.get(event.get_absolute_url()).text


def test_a_draft_may_be_half_filled_in(lead, event):
    campaign = draft(lead, event, subject_en="", text_en="", subject_fr="", text_fr="", send_on="", send_at="")

    assert (campaign.state, campaign.countries, campaign.ref[:7]) == ("draft", ["PH"], "M-2026-")


def test_the_same_form_sent_twice_makes_one_campaign(lead, event):
    for _click in range(2):
        draft(lead, event, form_uuid="6f0d5b5e-1111-4222-8333-444455556666")

    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": " "}, "Give it a title."),
        ({"title": "For 046 454 286"}, "This looks like a Social Insurance Number. It must not be recorded."),
        ({"send_at": ""}, "Say at what time it goes."),
        ({"send_on": ""}, "Choose a day."),
        ({"send_on": "2026-11-23", "send_at": "09:59"}, "This time has passed. Choose a later one."),
        (
            {"send_on": "2026-03-08", "send_at": "02:30"},
            "The clocks in Edmonton skip this time on that day. Choose another one.",
        ),
        ({"send_on": "2027-02-08", "send_at": "19:30"}, "It would go out after the event has started."),
        ({"called_since": "2026-11-24"}, "Choose a day that has been."),
        ({"categories": ["king"]}, "Choose from the list."),
        ({"country_1": "QQ"}, "Choose a country from the list."),
        ({"text_en": "x" * 5001}, "Shorten this text to 5,000 characters."),
        ({"subject_en": "a\u202eb"}, "This contains characters that are not allowed."),
        ({"text_fr": "a\u202eb"}, "This contains characters that are not allowed."),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(lead, event, typed, words):
    response = lead.post(f"{reverse('campaigns:new')}?event={event.uid}", {**TYPED, **typed})

    assert response.status_code == 200
    assert words in response.text
    assert "It costs nothing." in response.text or "text_en" in typed
    assert not Campaign.objects.exists()


def test_a_change_of_the_choices_counts_and_saves_nothing(lead, event):
    address = f"{reverse('campaigns:new')}?event={event.uid}"

    here = lead.get(f"{address}&country_1=PH", headers={"HX-Request": "true"})
    anywhere = lead.get(address, headers={"HX-Request": "true"})

    assert "<html" not in here.text
    assert '<span class="big-count">2</span>' in here.text and "Lives somewhere else" in here.text
    assert '<span class="big-count">3</span>' in anywhere.text
    assert not Campaign.objects.exists()


def test_without_scripts_a_button_counts_and_keeps_what_was_typed(lead, event):
    response = lead.post(f"{reverse('campaigns:new')}?event={event.uid}", {**TYPED, "title": "", "count": "1"})

    assert '<span class="big-count">2</span>' in response.text
    assert "It costs nothing." in response.text
    assert "Give it a title." not in response.text
    assert not Campaign.objects.exists()


def test_who_saves_an_old_form_sees_both_and_loses_nothing(lead, event):
    campaign = draft(lead, event)
    address = reverse("campaigns:edit", args=[campaign.uid])
    lead.post(address, {**TYPED, "title": "The first to save", "version": campaign.version})

    late = lead.post(address, {**TYPED, "title": "The second to save", "version": campaign.version})

    assert late.status_code == 409
    assert "The first to save" in late.text and "The second to save" in late.text
    campaign.refresh_from_db()
    again = lead.post(address, {**TYPED, "title": "The second to save", "version": campaign.version})
    campaign.refresh_from_db()
    assert (again.status_code, campaign.title) == (302, "The second to save")
