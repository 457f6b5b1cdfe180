from datetime import timedelta

import pytest
from django.utils.translation import override

from access.roles import Role
from contacts.timeline import Place, page_of, sources
from tests.factories import ContactFactory, FollowUpFactory, UserFactory
from tests.followups.hours import edmonton

pytestmark = pytest.mark.django_db

NOW = edmonton("2026-11-23 10:20")


def entries(contact, user, before=None, limit=30):
    with override("en-ca"):
        place = Place(before) if before else None
        return page_of(contact, user, show="followups", before=place, limit=limit).entries


@pytest.fixture
def specialist():
    return UserFactory(first_name="Maya", last_name="Okafor")


@pytest.fixture
def contact(specialist):
    return ContactFactory(team=specialist.team)


def follow_up_of(contact, specialist, **values):
    values = {"created_at": NOW, "created_by": specialist} | values
    return FollowUpFactory(contact=contact, assigned_to=specialist, **values)


def test_follow_ups_have_a_tab():
    assert "followups" in [source.kind for source in sources()]


def test_a_promise_says_what_by_when_and_who(contact, specialist):
    follow_up = follow_up_of(contact, specialist)

    (entry,) = entries(contact, specialist)

    assert (entry.at, entry.title, entry.by) == (NOW, "Follow-up promised", "Maya Okafor")
    assert entry.detail == "due Tue 24 Nov 10:05 am, Maya Okafor"
    assert (entry.text, entry.tags, entry.url) == (follow_up.asked, ("Open",), follow_up.get_absolute_url())


def test_the_answer_is_an_entry_of_its_own(contact, specialist):
    follow_up = follow_up_of(contact, specialist, done=True)

    done, promised = entries(contact, specialist)

    assert (done.at, done.title, done.text) == (follow_up.completed_at, "Follow-up done", "Explained.")
    assert (promised.tags, promised.url) == ((), "")


def test_a_cancelled_one_says_why(contact, specialist):
    follow_up_of(contact, specialist, cancelled=True)

    cancelled, _promised = entries(contact, specialist)
    assert (cancelled.title, cancelled.text) == ("Follow-up cancelled", "Call voided")


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("before", [None, NOW + timedelta(hours=30, minutes=1), NOW + timedelta(hours=2)])
def test_paging_loses_no_entry(contact, specialist, limit, before):
    for hours, ended in [(0, "done"), (1, "cancelled"), (2, "done"), (3, None), (30, None)]:
        created_at = NOW + timedelta(hours=hours)
        follow_up_of(contact, specialist, created_at=created_at, **({ended: True} if ended else {}))
    everything = [entry for entry in entries(contact, specialist) if before is None or entry.at < before]

    assert entries(contact, specialist, before, limit)[:limit] == everything[:limit]


def test_who_may_not_read_follow_ups_reads_none(contact, specialist):
    follow_up_of(contact, specialist)

    assert entries(contact, UserFactory(role=Role.ACCESS_ADMIN)) == []


def test_who_may_only_read_gets_no_link_to_close_it(contact, specialist):
    follow_up_of(contact, specialist)

    assert entries(contact, UserFactory(role=Role.PRIVACY_OFFICER))[0].url == ""


def test_it_is_one_query(contact, specialist, django_assert_num_queries):
    follow_up_of(contact, specialist, done=True)
    follow_up_of(contact, specialist)
    specialist.has_perm("followups.view_followup")

    with django_assert_num_queries(1):
        entries(contact, specialist)
