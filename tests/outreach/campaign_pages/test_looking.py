"""A campaign is looked at: its people, the reasons of the others, its mail; all of them in a list (R-CNS-08, F74)."""

import re

import pytest
from django.urls import reverse

from audit.models import AccessEvent
from contacts.choices import Purpose
from contacts.models import Contact
from tests.factories import ContactFactory, EventFactory, TeamFactory
from tests.outreach.campaign_pages.pages import asked, draft, page

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25


def test_every_reason_leads_to_its_people(lead, event, people):
    campaign = draft(lead, event)

    shown = page(lead, campaign)
    elsewhere = lead.get(reverse("campaigns:people", args=[campaign.uid]), {"show": "other area"}).text
    included = lead.get(reverse("campaigns:people", args=[campaign.uid])).text

    assert "of 4 who match" in shown and "?show=other+area" in shown
    assert "Olena Elsewhere" in elsewhere and "Jose Ramirez" not in elsewhere
    assert "Jose Ramirez" in included and "Nobody Asked" not in included
    assert "From: Philippines" in included
    assert AccessEvent.objects.filter(kind="listed", object_uid=campaign.uid).count() == 2


def test_people_whom_one_may_not_see_are_only_counted(lead, event, people):
    Contact.objects.filter(name="Jose Ramirez").update(team=TeamFactory(name="Another"))  # no audit: arranged

    campaign = draft(lead, event)
    included = lead.get(reverse("campaigns:people", args=[campaign.uid])).text

    assert '<span class="big-count">2</span>' in included
    assert "and 1 person whom you may not see" in included
    assert "Jose Ramirez" not in included and "Marie Lakan" in included
    assert "Jose Ramirez" not in page(lead, campaign, f"?to={people[0].uid}")


def test_the_mail_is_shown_as_each_of_them_reads_it(lead, event, people):
    campaign = draft(lead, event)
    jose, marie = people[:2]

    first, second = page(lead, campaign), page(lead, campaign, f"?to={marie.uid}")
    mail = lead.get(reverse("campaigns:mail", args=[campaign.uid]), {"to": marie.uid})

    assert "Jose Ramirez" in first and f"to={marie.uid}#what" in first
    assert "Des employeurs" in second and f"to={jose.uid}#what" in second
    assert "Marie Lakan" in mail.text and "Quatorze employeurs" in mail.text
    assert "missions commerciales" in mail.text
    assert mail.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_other_language_is_a_tab(lead, event, people):
    campaign = draft(lead, event, subject_fr="", text_fr="")

    assert "Nothing is written in French yet." in page(lead, campaign, "?lang=fr")
    assert lead.get(reverse("campaigns:mail", args=[campaign.uid]), {"lang": "fr"}).status_code == 404


def test_a_test_goes_to_oneself(lead, event, team_lead):
    campaign = draft(lead, event)

    response = lead.post(reverse("campaigns:test", args=[campaign.uid]), {"language": "fr"}, follow=True)

    assert f"The test is on its way to {team_lead.email}." in response.text


def test_the_list_shows_what_is_under_way_and_finds_by_words_and_kind(lead, event):
    draft(lead, event)
    draft(lead, EventFactory(kind="seminar"), title="Welders of Leduc", country_1="")

    def found(**query):
        return re.findall(r"Manila, first invitation|Welders of Leduc", lead.get(reverse("campaigns:list"), query).text)

    assert set(found()) == {"Manila, first invitation", "Welders of Leduc"}
    assert found(q="leduc") == found(kind="seminar") == ["Welders of Leduc"]
    assert found(show="approval") == found(show="ended") == []
    assert "No campaign fits these filters" in lead.get(reverse("campaigns:list"), {"q": "zzz"}).text


@pytest.mark.parametrize("name", ["list", "campaign", "edit", "people", "mail"])
def test_no_page_needs_many_queries(lead, event, people, name, django_assert_max_num_queries):
    for number in range(20):
        ContactFactory(name=f"Person {number}", agrees_to=[Purpose.TRADE_MISSION], origin_country="PH")
    campaign = asked(lead, event)
    address = reverse("campaigns:list") if name == "list" else reverse(f"campaigns:{name}", args=[campaign.uid])
    lead.get(address)

    with django_assert_max_num_queries(MOST_QUERIES):
        lead.get(address)
