"""Organisations as one types them (R-CON-01), among the contacts one may see (R-CON-11)."""

import pytest

from audit.models import AccessEvent
from contacts.models import Contact
from contacts.organisations import LIMIT, OrganisationMatch, organisations_like, people_of, with_words
from tests.contacts.crowd import crowd, plan_as_if_large
from tests.factories import ContactFactory, TeamFactory

URL = "/contacts/organisations/"


@pytest.fixture
def moot(specialist):
    firm = {"organisation": "Pennywhistle & Moot LLP", "organisation_type": "law_firm"}
    return [ContactFactory(name="Aloysius", **firm), ContactFactory(name="Hortense", **firm)]


@pytest.mark.parametrize("typed", ["penny", "PENNYWHISTLE moot", "moot", "llp penny", "Pénny"])
def test_an_organisation_is_found_by_the_beginning_of_any_of_its_words(specialist, moot, typed):
    assert organisations_like(typed, specialist) == [OrganisationMatch("Pennywhistle & Moot LLP", "law_firm", 2)]


def test_spellings_that_fold_alike_are_one_organisation_under_its_commonest_name(specialist, moot):
    ContactFactory(organisation="PENNYWHISTLE & MOOT, L.L.P.")
    ContactFactory(organisation="pennywhistle and moot llp")
    ContactFactory(organisation="PENNYWHISTLE – Moot LLP", organisation_type="other")

    found = organisations_like("pennywhistle moot llp", specialist)

    assert [(match.name, match.people_count) for match in found] == [
        ("Pennywhistle & Moot LLP", 3),
        ("pennywhistle and moot llp", 1),
    ]


def test_what_begins_as_typed_comes_first_then_the_largest(specialist):
    for name, people in [("North Moot", 3), ("South Moot", 2), ("Moot Court", 1)]:
        ContactFactory.create_batch(people, organisation=name)

    assert [match.name for match in organisations_like("moot", specialist)] == [
        "Moot Court",
        "North Moot",
        "South Moot",
    ]


def test_at_most_eight_are_offered(specialist):
    for number in range(LIMIT + 1):
        ContactFactory(organisation=f"Moot {number}")

    assert len(organisations_like("moot", specialist)) == LIMIT


@pytest.mark.parametrize("typed", ["", " ", "p", "%", "&", "\x00", "\ud800", "x" * 10_000])
def test_too_little_or_nonsense_offers_nothing(specialist, moot, typed):
    assert organisations_like(typed, specialist) == []


def test_the_name_of_a_person_offers_no_organisation(specialist, moot):
    assert organisations_like("hortense", specialist) == []


def test_people_one_may_not_see_are_neither_offered_nor_counted(specialist, moot):
    ContactFactory(organisation="Pennywhistle & Moot LLP", restricted=True)
    ContactFactory(organisation="Pennywhistle & Moot LLP", team=TeamFactory(name="Trade Missions"))
    ContactFactory(organisation="Penny Secret", restricted=True)
    ContactFactory(organisation="Penny Merged", status="merged")

    assert organisations_like("penny", specialist) == [OrganisationMatch("Pennywhistle & Moot LLP", "law_firm", 2)]


def test_the_people_of_an_organisation_are_those_one_may_see(specialist, moot):
    ContactFactory(organisation="Pennywhistle & Moot LLP", restricted=True)
    ContactFactory(organisation="Pennywhistle & Moot LLP of Calgary")

    assert set(people_of("pennywhistle, moot llp", specialist)) == set(moot)


def test_it_is_recorded_without_what_was_typed(specialist, moot):
    organisations_like("Penny", specialist)

    event = AccessEvent.objects.get(kind="searched")
    assert (event.detail["count"], event.detail["of"], len(event.detail["query"])) == (1, "organisation", 64)


def test_it_costs_one_query_and_its_record(specialist, moot, django_assert_num_queries):
    Contact.objects.visible_to(specialist)  # roles and single grants are known from now on

    with django_assert_num_queries(2):
        organisations_like("penny", specialist)


def test_it_is_answered_by_its_index(specialist):
    crowd(specialist.team)
    plan_as_if_large()

    assert "contact_organisation_words" in with_words("works c4", specialist).explain()


def test_the_answer_is_a_list_to_choose_from_with_type_and_people(client, specialist, moot):
    ContactFactory(organisation='Penny <"> Foods')
    client.force_login(specialist)

    html = client.post(URL, {"organisation": "penny"}).content.decode()

    assert 'role="listbox"' in html
    assert 'data-i2a-status="2 known organisations"' in html
    assert "Law firm · 2 people</span>" in html
    assert 'data-value="Penny &lt;&quot;&gt; Foods" data-organisation-type=""' in html
