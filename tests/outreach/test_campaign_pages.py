"""The pages of campaigns: written, looked at, approved by a second person, watched (R-CMP-01 to 03, R-CNS-08, F74)."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from access.roles import Role
from audit.models import AccessEvent
from contacts.choices import Purpose
from contacts.models import Contact, TextVersion
from outreach.campaigns import releasing
from outreach.models import Campaign
from tests.factories import ContactFactory, EventFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
MOST_QUERIES = 25
TYPED = {
    "title": "Manila, first invitation",
    "country_1": "PH",
    "subject_en": "Alberta employers meet you in Manila",
    "text_en": "Fourteen employers will be there.\n\nIt costs nothing.",
    "subject_fr": "Des employeurs de l'Alberta à Manille",
    "text_fr": "Quatorze employeurs seront là.",
    "send_on": "2026-11-25",
    "send_at": "09:30",
}


@pytest.fixture
def event(time_machine):
    time_machine.move_to(NOW)
    starts_at = datetime(2027, 2, 9, 1, 0, tzinfo=UTC)
    return EventFactory(kind="trade_mission", title="Alberta in Manila", countries=["PH"], starts_at=starts_at)


@pytest.fixture
def people(event):
    """Two who get it, one of them in French; one who lives elsewhere, one who never agreed."""
    agreed = {"agrees_to": [Purpose.TRADE_MISSION], "origin_country": "PH"}
    return [
        ContactFactory(name="Jose Ramirez", **agreed),
        ContactFactory(name="Marie Lakan", language="fr", **agreed),
        ContactFactory(name="Olena Elsewhere", agrees_to=[Purpose.TRADE_MISSION], origin_country="UA"),
        ContactFactory(name="Nobody Asked", origin_country="PH"),
    ]


@pytest.fixture
def lead(client, team_lead, people):
    client.force_login(team_lead)
    return client


@pytest.fixture
def boss(people):
    return UserFactory(role=Role.MANAGER, team=None)


def draft(client, event, **typed):
    response = client.post(f"{reverse('campaigns:new')}?event={event.uid}", {**TYPED, **typed})
    assert response.status_code == 302, re.findall(
        r"field-error[^>]*>([^<]+)|invalid-feedback[^>]*>([^<]+)", response.text
    )
    return Campaign.objects.latest("pk")


def do(client, step, campaign, **posted):
    return client.post(reverse(f"campaigns:{step}", args=[campaign.uid]), {"version": campaign.version, **posted})


def asked(client, event):
    campaign = draft(client, event)
    do(client, "ask", campaign)
    campaign.refresh_from_db()
    assert campaign.state == "asked"
    return campaign


def approved(client, event, boss):
    campaign = asked(client, event)
    client.force_login(boss)
    do(client, "decide", campaign, do="approve", list_sha256=sha256_on(client, campaign))
    campaign.refresh_from_db()
    assert campaign.state == "approved"
    return campaign


def sha256_on(client, campaign):
    return re.search(r'name="list_sha256" value="(\w+)"', client.get(campaign.get_absolute_url()).text)[1]


def page(client, campaign, query=""):
    return client.get(campaign.get_absolute_url() + query).text.replace("\N{NO-BREAK SPACE}", " ")


# Writing


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


# Looking at it


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


# The second person


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


# While it leaves


@pytest.fixture
def leaving(lead, event, boss, time_machine):
    campaign = approved(lead, event, boss)
    time_machine.move_to(datetime(2026, 11, 25, 16, 31, tzinfo=UTC))
    lead.force_login(boss)
    releasing.tick(now=datetime(2026, 11, 25, 16, 31, tzinfo=UTC))
    campaign.refresh_from_db()
    assert campaign.state == "sending"
    return campaign


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


def test_every_mail_opens_its_proof(lead, leaving):
    shown = lead.get(reverse("campaigns:people", args=[leaving.uid]), {"show": "queued"}).text

    proofs = re.findall(r'href="(/mail/[0-9a-f-]{36}/)"', shown)
    assert len(proofs) == 2
    assert "Why the client gets this" in lead.get(proofs[0]).text
    lead.force_login(UserFactory(role=Role.MANAGER, team=None))
    assert lead.get(proofs[0]).url.startswith("/contacts/")  # who had no part in it says why first


def test_one_that_has_begun_to_leave_is_not_edited(lead, leaving):
    response = lead.get(reverse("campaigns:edit", args=[leaving.uid]), follow=True)

    assert "It has begun to leave and is not changed any more." in response.text


# All of them


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
