"""Somebody acts for somebody else: with authority, for a time, seen by those who see both (F25)."""

from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from contacts.models import Representation
from contacts.representing import links_of
from contacts.services.merging import merge_contacts
from contacts.services.unmerging import undo_merge
from i2a import clock
from i2a.constraints import message_for
from tests.factories import ContactFactory, RepresentationFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(client, specialist):
    client.force_login(specialist, backend="access.backends.RoleBackend")
    return client


@pytest.fixture
def rosa(specialist):
    return ContactFactory(team=specialist.team, name="Rosa Beispiel")


@pytest.fixture
def lawyer(specialist):
    return ContactFactory(team=specialist.team, name="Lars Advocaat")


def entries(**changes):
    return {
        "authority": "retainer",
        "scope": "Questions about the work permit",
        "starts_on": clock.today().isoformat(),
        "until": (clock.today() + timedelta(days=300)).isoformat(),
        "form_uuid": str(uuid4()),
    } | changes


def add_url(person, representative):
    return reverse("contacts:representation_add", args=[person.uid, representative.uid])


def page_of(client, contact):
    return unescape(client.get(contact.get_absolute_url()).content.decode())


def test_it_is_recorded_and_shown_on_both_pages(maya, rosa, lawyer):
    response = maya.post(add_url(rosa, lawyer), entries())

    assert response.url == rosa.get_absolute_url()
    assert "Lars Advocaat" in page_of(maya, rosa)
    assert "Rosa Beispiel" in page_of(maya, lawyer)


def test_the_lookup_offers_both_directions(maya, rosa, lawyer):
    page = maya.post(reverse("contacts:representation_choose", args=[rosa.uid]), {"q": "Advocaat"}).content.decode()

    assert add_url(rosa, lawyer) in page
    assert add_url(lawyer, rosa) in page


def test_the_pages_say_that_both_need_a_record_and_a_notice(maya, rosa, lawyer):
    choose = maya.get(reverse("contacts:representation_choose", args=[rosa.uid])).content.decode()
    add = maya.get(add_url(rosa, lawyer)).content.decode()

    assert "Both must be contacts in their own right" in choose
    assert "No collection notice is recorded for Rosa Beispiel." in add


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"authority": ""}, "authority", "Choose what shows the authority."),
        ({"authority": "other"}, "authority_other", "Say in a few words which document it is."),
        ({"scope": ""}, "scope", "Say what they may act for."),
        ({"scope": "SIN 046 454 286"}, "scope", "This looks like a Social Insurance Number. It must not be recorded."),
        ({"until": ""}, "until", "Choose a day."),
        ({"until": "2020-01-01"}, "until", "The last day must not be before the first."),
        ({"until": "2040-01-01"}, "until", "Authority is recorded for at most 24 months. Ask again then."),
        ({"form_uuid": "x"}, "form_uuid", "This page is out of date. Open it again."),
    ],
)
def test_what_is_missing_is_said_beside_the_field(maya, rosa, lawyer, changes, field, message):
    response = maya.post(add_url(rosa, lawyer), entries(**changes))

    assert response.context["form"].errors[field] == [message]
    assert not Representation.objects.exists()


def test_the_same_form_sent_twice_records_once(maya, rosa, lawyer):
    posted = entries()

    answers = [maya.post(add_url(rosa, lawyer), posted).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert Representation.objects.count() == 1


def test_the_same_two_for_the_same_days_are_refused(maya, rosa, lawyer):
    RepresentationFactory(person=rosa, representative=lawyer)

    response = maya.post(add_url(rosa, lawyer), entries())

    assert "These two are recorded already for some of these days." in unescape(response.content.decode())


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"until": date(2020, 1, 1)}, "representation_ends_after_it_starts"),
        ({"until": date(2040, 1, 1)}, "representation_ends_in_24_months"),
        ({"authority": "hearsay"}, "representation_authority_known"),
        ({"authority": "other"}, "representation_other_described"),
        ({"scope": ""}, "representation_says_what_for"),
        ({"end_reason": "Over"}, "representation_end_says_who_and_why"),
    ],
)
def test_the_database_refuses_too(changes, name):
    with pytest.raises(IntegrityError, match=name):
        RepresentationFactory(**changes)


def test_nobody_acts_for_themselves(maya, rosa):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        RepresentationFactory(person=rosa, representative=rosa)

    assert message_for(refused.value) == "Nobody is recorded as acting for themselves."
    assert maya.get(add_url(rosa, rosa)).status_code == 404


def test_who_sees_only_one_of_the_two_learns_nothing(maya, specialist, rosa):
    hidden = ContactFactory(team=TeamFactory(name="Elsewhere"), name="Hidden Advocaat")
    row = RepresentationFactory(person=rosa, representative=hidden)

    assert "Hidden Advocaat" not in page_of(maya, rosa)
    assert not Representation.objects.visible_to(specialist).exists()
    assert maya.get(reverse("contacts:representation_end", args=[row.uid])).status_code == 404
    assert maya.post(add_url(rosa, hidden), entries()).status_code == 403
    assert maya.post(add_url(hidden, rosa), entries()).status_code == 403


def test_it_is_ended_with_a_reason(maya, specialist, rosa, lawyer):
    row = RepresentationFactory(person=rosa, representative=lawyer)
    url = reverse("contacts:representation_end", args=[row.uid])

    refused = maya.post(url, {"reason": "", "version": 1})
    maya.post(url, {"reason": "Changed lawyers", "version": 1})

    row.refresh_from_db()
    assert refused.context["form"].errors["reason"] == ["Say why it ends."]
    assert (row.ended_by, row.end_reason) == (specialist, "Changed lawyers")
    assert "Changed lawyers" in page_of(maya, rosa)


def test_ending_twice_changes_nothing(maya, rosa, lawyer):
    row = RepresentationFactory(person=rosa, representative=lawyer)
    url = reverse("contacts:representation_end", args=[row.uid])
    maya.post(url, {"reason": "First", "version": 1})

    maya.post(url, {"reason": "Second", "version": 1})

    row.refresh_from_db()
    assert (row.end_reason, row.version) == ("First", 2)


def test_it_ends_by_itself(specialist, rosa, lawyer):
    RepresentationFactory(
        person=rosa,
        representative=lawyer,
        starts_on=clock.today() - timedelta(days=100),
        until=clock.today() - timedelta(days=1),
    )

    links = links_of(rosa, specialist)

    assert (links.represented_by, len(links.earlier)) == ([], 1)


def test_the_call_page_says_for_whom_the_caller_acts(maya, rosa, lawyer):
    RepresentationFactory(person=rosa, representative=lawyer)

    started = maya.post(reverse("calls:start"), {"contact": lawyer.uid})

    assert rosa.get_absolute_url() in maya.get(started.url).content.decode()


def test_a_merge_takes_it_along_and_undoing_it_gives_it_back(rosa, lawyer):
    lead, other = UserFactory(role="team_lead"), ContactFactory(team=rosa.team)
    row = RepresentationFactory(person=rosa, representative=lawyer)
    record = merge_contacts(winner=other, loser=rosa, choices={}, versions=(1, 1), by=lead, now=clock.now())

    row.refresh_from_db()
    assert row.person == other

    other.refresh_from_db()
    undo_merge(record=record, version=other.version, by=lead, now=clock.now())
    row.refresh_from_db()
    assert row.person == rosa


def test_a_merge_makes_nobody_act_for_themselves_or_twice(rosa, lawyer):
    lead, twin = UserFactory(role="team_lead"), ContactFactory(team=rosa.team)
    twice = RepresentationFactory(person=twin, representative=lawyer)
    RepresentationFactory(person=rosa, representative=lawyer)
    itself = RepresentationFactory(person=twin, representative=rosa)

    merge_contacts(winner=rosa, loser=twin, choices={}, versions=(1, 1), by=lead, now=clock.now())

    for row in (twice, itself):
        row.refresh_from_db()
        assert row.person == twin
