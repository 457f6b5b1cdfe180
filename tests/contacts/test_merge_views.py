"""The pages of merging and undoing (F21, F22, R-CAL-11)."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from audit.models import AccessEvent
from calls.models import CallDraft
from contacts.choices import Purpose
from contacts.models import Contact, MergeRecord
from contacts.services import contacts
from i2a import clock
from tests.contacts.steps import merge, must_not_be_contacted
from tests.factories import CallFactory, ContactFactory, TeamFactory, UserFactory, let_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client, team_lead):
    client.force_login(team_lead)
    return client


@pytest.fixture
def pair():
    winner = ContactFactory(name="A. Pennywhistle", organisation="Pennywhistle & Moot LLP")
    loser = ContactFactory(name="Aloysius Pennywhistle-Kaur", phone="+14035550142")
    return winner, loser


def url(*pair):
    return reverse("contacts:merge", args=[contact.uid for contact in pair])


def text(response):
    return unescape(response.content.decode())


def sent(pair, step, **choices):
    winner, loser = pair
    parts = {"name": "winner", "email": "winner", "organisation": "winner", "phone": "loser"}
    return {"step": step, "winner_version": winner.version, "loser_version": loser.version} | parts | choices


def test_the_menu_leads_to_merging_for_a_team_lead_only(lead, client, specialist, pair):
    link = reverse("contacts:merge_choose", args=[pair[0].uid])

    assert link in text(lead.get(pair[0].get_absolute_url()))
    client.force_login(specialist)
    assert link not in text(client.get(pair[0].get_absolute_url()))


def test_possible_duplicates_are_offered_first_and_anybody_can_be_looked_up(lead, pair):
    alike = ContactFactory(name="A Pennywhistle")

    page = text(lead.post(reverse("contacts:merge_choose", args=[pair[0].uid]), {"q": "aloysius"}))

    assert url(pair[0], alike) in page
    assert url(*pair) in page


def test_what_is_newer_and_not_empty_is_chosen_first(lead, pair):
    winner, loser = pair
    contacts.change_contact(contact=loser, values={"fax": "+14035550199"}, version=1, by=None, now=clock.now())

    form = lead.get(url(winner, loser)).context["form"]

    assert {field.name: field.initial for field in form.differing} == {
        "name": "loser", "organisation": "winner", "email": "loser", "phone": "loser", "fax": "loser",
    }  # fmt: skip


def test_the_preview_says_what_will_be_and_changes_nothing(lead, pair, specialist):
    winner, loser = pair
    CallFactory(contact=loser, specialist=specialist)
    pair = winner, must_not_be_contacted(loser)

    page = text(lead.post(url(*pair), sent(pair, "preview", name="loser")))

    assert "Aloysius Pennywhistle-Kaur" in page
    assert "one of the two asked for it" in page
    assert "Calls" in page
    assert not MergeRecord.objects.exists()


def test_the_preview_says_which_answers_are_lowered(lead):
    pair = ContactFactory(agrees_to=[Purpose.SEMINAR]), ContactFactory(declines=True)

    page = text(lead.post(url(*pair), sent(pair, "preview", organisation="", phone="")))

    assert "Lowered" in page


def test_merging_leads_to_the_one_record(lead, pair):
    winner, loser = pair

    response = lead.post(url(*pair), sent(pair, "merge", name="loser"), follow=True)

    winner.refresh_from_db()
    assert response.redirect_chain == [(winner.get_absolute_url(), 302)]
    assert (winner.name, winner.phone) == ("Aloysius Pennywhistle-Kaur", "+14035550142")
    assert f"{loser.ref} is part of this record now." in text(response)
    assert f"Merged with {loser.ref}" in text(response)


def test_changing_the_choices_keeps_them(lead, pair):
    form = lead.post(url(*pair), sent(pair, "choose", name="loser")).context["form"]

    assert form["name"].value() == "loser"
    assert not form.errors


def test_a_missing_choice_is_asked_for(lead, pair):
    page = text(lead.post(url(*pair), sent(pair, "merge", name="")))

    assert "Choose which one is kept." in page
    assert not MergeRecord.objects.exists()


def test_a_record_changed_meanwhile_is_a_conflict_that_keeps_the_choices(lead, pair, specialist):
    contacts.change_contact(
        contact=pair[1], values={"name": "Aloysius P. Kaur"}, version=1, by=specialist, now=clock.now()
    )

    response = lead.post(url(*pair), sent(pair, "merge", name="loser"))

    assert response.status_code == 409
    assert "This record was changed by Maya O. at" in text(response)
    assert "Aloysius P. Kaur" in text(response)
    assert response.context["form"]["name"].value() == "loser"
    assert not MergeRecord.objects.exists()


def test_records_of_another_team_are_not_merged(lead, pair):
    other = ContactFactory(team=TeamFactory(name="Trade Missions"))

    assert lead.get(url(pair[0], other)).status_code == 403


def test_openings_are_recorded(lead, pair):
    lead.get(url(*pair))

    opened = AccessEvent.objects.filter(kind="viewed").values_list("object_uid", flat=True)
    assert set(opened) == {contact.uid for contact in pair}


# the merged record


def test_a_merged_record_leads_to_the_one_that_stayed(lead, pair, team_lead):
    record = merge(*pair, team_lead)

    page = text(lead.get(pair[1].get_absolute_url()))

    assert "This record was merged" in page
    assert pair[0].get_absolute_url() in page
    assert reverse("contacts:merge_undo", args=[record.uid]) in page
    assert "Start a call" not in page


def test_a_merged_record_cannot_be_edited(lead, pair, team_lead):
    merge(*pair, team_lead)

    assert lead.get(reverse("contacts:edit", args=[pair[1].uid])).status_code == 403


def test_a_call_with_a_merged_record_begins_with_the_one_that_stayed(client, pair, team_lead, specialist):
    merge(*pair, team_lead)
    client.force_login(specialist)

    client.post(reverse("calls:start"), {"contact": pair[1].uid})

    assert CallDraft.objects.get().contact == pair[0]


# undo


def undo_url(record):
    return reverse("contacts:merge_undo", args=[record.uid])


def test_undoing_makes_two_records_again(lead, pair, team_lead):
    record = merge(*pair, team_lead)

    response = lead.post(undo_url(record), {"version": pair[0].version}, follow=True)

    assert "There are two records again." in text(response)
    assert "Merge with" in text(response)
    assert Contact.objects.active().count() == 2


def test_who_may_only_read_the_record_cannot_undo(client, pair, team_lead):
    record = merge(*pair, team_lead)
    reader = UserFactory(role="team_lead", team=TeamFactory(name="Trade Missions"))
    let_in(reader, pair[0])
    client.force_login(reader)

    for answer in (client.get(undo_url(record)), client.post(undo_url(record), {"version": pair[0].version})):
        assert answer.status_code == 403
    assert Contact.objects.active().count() == 1


def test_what_cannot_be_put_back_is_listed(lead, pair, team_lead):
    record = merge(*pair, team_lead)
    contacts.change_contact(
        contact=pair[0], values={"name": "Aloysius"}, version=pair[0].version, by=team_lead, now=clock.now()
    )

    page = text(lead.get(undo_url(record)))

    assert "What cannot be put back" in page
    assert "<li>Full name</li>" in page


def test_a_change_while_the_page_was_open_is_a_conflict(lead, pair, team_lead):
    record = merge(*pair, team_lead)

    response = lead.post(undo_url(record), {"version": pair[0].version - 1})

    assert response.status_code == 409
    assert not MergeRecord.objects.filter(undo_of=record).exists()


def test_after_thirty_days_the_page_says_why_not(lead, pair, team_lead):
    record = merge(*pair, team_lead, now=clock.now() - timedelta(days=31))

    page = text(lead.post(undo_url(record), {"version": pair[0].version}))

    assert "A merge can be undone for 30 days." in page
    assert not MergeRecord.objects.filter(undo_of=record).exists()
