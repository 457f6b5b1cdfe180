"""Who calls from the phone that a merge dropped is still found (F21), and no longer than that is right."""

import pytest

from contacts.models import Contact, FormerKey
from contacts.search import hidden_matches, search
from contacts.services.contacts import change_contact
from contacts.services.taking_back import take_back_contact
from i2a import clock
from tests.contacts.steps import merge, undo
from tests.factories import ContactFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
OLD_PHONE, OLD_EMAIL = "+14035550190", "before@example.com"


@pytest.fixture
def pair():
    winner = ContactFactory(name="Aloysius Pennywhistle-Kaur", phone="+14035550142", email="now@example.com")
    return winner, ContactFactory(name="A. Pennywhistle", phone=OLD_PHONE, email=OLD_EMAIL)


def found(term, user):
    return [(match.contact, str(match.why), match.is_certain) for match in search(term, user).matches]


@pytest.mark.parametrize("term", ["403-555-0190", "+1 403 555 0190", OLD_EMAIL, OLD_EMAIL.upper()])
def test_what_the_other_record_had_finds_the_one_that_is_left(pair, team_lead, term):
    merge(*pair, team_lead)

    assert found(term, team_lead) == [(pair[0], "Known from a merged record", False)]


def test_so_does_what_the_record_had_itself_and_gave_up_in_the_merge(pair, team_lead):
    merge(*pair, team_lead, ["phone"])

    assert found("403-555-0142", team_lead) == [(pair[0], "Known from a merged record", False)]
    assert found("403-555-0190", team_lead) == [(pair[0], "Same phone number", True)]


def test_whoever_has_the_number_now_comes_alone(pair, team_lead):
    merge(*pair, team_lead)
    other = ContactFactory(phone=OLD_PHONE)

    assert [contact for contact, _why, _certain in found(OLD_PHONE, team_lead)] == [other]


def test_only_the_whole_number_finds_it(pair, team_lead):
    merge(*pair, team_lead)

    assert found("555-0190", team_lead) == []


def test_it_follows_a_second_merge_and_comes_back_with_its_undoing(pair, team_lead):
    merge(*pair, team_lead)
    last = ContactFactory(phone="+14035550177", email="last@example.com")
    again = merge(last, pair[0], team_lead)
    assert [contact for contact, *_rest in found(OLD_PHONE, team_lead)] == [last]

    undo(again, team_lead)

    assert [contact for contact, *_rest in found(OLD_PHONE, team_lead)] == [pair[0]]
    assert not FormerKey.objects.filter(contact=last).exists()


def test_undoing_the_merge_leaves_nothing(pair, team_lead):
    undo(merge(*pair, team_lead), team_lead)

    assert not FormerKey.objects.exists()
    assert found(OLD_PHONE, team_lead) == [(pair[1], "Same phone number", True)]


def test_a_record_that_is_blanked_is_not_known_any_more(pair, team_lead):
    merge(*pair, team_lead)

    take_back_contact(contact=pair[0], by=team_lead, now=clock.now())

    assert not FormerKey.objects.exists()


def test_who_wants_materials_by_e_mail_only_is_known_by_nothing_else(pair, team_lead):
    winner, loser = pair
    merge(winner, loser, team_lead)

    change_contact(
        contact=winner, values={"materials_only": True}, version=winner.version, by=team_lead, now=clock.now()
    )

    assert not FormerKey.objects.exists()


def test_two_who_want_materials_by_e_mail_only_leave_no_key(team_lead):
    winner, loser = (ContactFactory(email=f"{n}@example.com", materials_only=True) for n in "ab")

    merge(winner, loser, team_lead)

    assert not FormerKey.objects.exists()


def test_who_may_not_see_the_record_learns_only_that_there_is_one(pair, team_lead):
    merge(*pair, team_lead)
    stranger = UserFactory(role="specialist", team=TeamFactory(name="Trade Missions"))

    result = search(OLD_PHONE, stranger)

    assert (result.matches, result.hidden_count) == ([], 1)
    assert hidden_matches(OLD_PHONE, stranger) == [Contact.objects.get(pk=pair[0].pk)]


def test_a_hit_costs_no_further_query(pair, team_lead, django_assert_num_queries):
    merge(*pair, team_lead)
    search("403-555-0142", team_lead)  # roles are known from now on

    with django_assert_num_queries(3) as asked:
        search("403-555-0142", team_lead)

    assert not [query for query in asked.captured_queries if "formerkey" in query["sql"]]


def test_nothing_readable_is_kept(pair, team_lead):
    merge(*pair, team_lead)

    kept = list(FormerKey.objects.values_list("fingerprint", flat=True))
    assert len(kept) == 2
    assert all(len(key) == 64 for key in kept)
