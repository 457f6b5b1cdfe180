from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from contacts import timeline
from contacts.models import Note
from tests.factories import CallFactory, ContactFactory

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)


def entries(contact, user, before=None, limit=30):
    return timeline.page_of(contact, user, show="calls", before=before, limit=limit).entries


def test_a_call_is_told_with_length_topics_services_and_note(specialist):
    contact = ContactFactory()
    call = CallFactory(
        specialist=specialist,
        contact=contact,
        owes_answer=True,
        topics=["Study", "Work permits"],
        services=["answered", "referred"],
        said="Hiring 14 cooks.",
    )

    (entry,) = entries(contact, specialist)

    assert (entry.title, entry.at, entry.by) == ("Call, 7 min 30 s", START, "Maya Okafor-Lindqvist")
    assert set(entry.tags) == {"Study", "Work permits", "Answered by phone", "Referred"}
    assert (entry.text, entry.detail) == ("Hiring 14 cooks.", "")
    assert entry.url == reverse("calls:detail", args=[call.uid])


def test_a_call_that_owes_nothing_says_so(specialist):
    contact = ContactFactory()
    CallFactory(specialist=specialist, contact=contact)

    (entry,) = entries(contact, specialist)

    assert entry.detail == "No follow-up action is to be taken"


def test_a_call_to_the_client_says_which_way_it_went(specialist):
    contact = ContactFactory()
    CallFactory(specialist=specialist, contact=contact, direction="out")

    assert entries(contact, specialist)[0].title == "Call to the client, 7 min 30 s"


def test_a_voided_call_stays_with_its_reason(specialist):
    contact = ContactFactory()
    CallFactory(specialist=specialist, contact=contact, voided=True)

    (entry,) = entries(contact, specialist)

    assert (entry.detail, entry.tone) == ("Voided: Logged twice.", "stop")


def test_the_note_is_told_as_it_reads_now_and_only_once(specialist):
    contact = ContactFactory()
    call = CallFactory(specialist=specialist, contact=contact, said="First words")
    call.note.revisions.create(number=2, body="Better words", author=specialist, at=START + timedelta(hours=1))

    told = timeline.page_of(contact, specialist).entries

    assert [entry.text for entry in told if "words" in entry.text] == ["Better words"]


def test_calls_come_newest_first_and_before_a_moment(specialist):
    contact = ContactFactory()
    for hours in range(4):
        CallFactory(specialist=specialist, contact=contact, started_at=START + timedelta(hours=hours))

    found = entries(contact, specialist, before=timeline.Place(START + timedelta(hours=3)), limit=2)

    assert [entry.at for entry in found] == [START + timedelta(hours=2), START + timedelta(hours=1)]


def test_calls_of_other_contacts_are_not_told(specialist):
    CallFactory(specialist=specialist, contact=ContactFactory())

    assert entries(ContactFactory(), specialist) == []


def test_who_may_not_see_calls_is_told_none(access_admin, specialist):
    contact = ContactFactory()
    CallFactory(specialist=specialist, contact=contact)

    assert entries(contact, access_admin) == []


def test_twenty_calls_cost_one_query(specialist, django_assert_num_queries):
    contact = ContactFactory()
    for _number in range(20):
        CallFactory(specialist=specialist, contact=contact, topics=["Study", "Seminars"], said="Words")
    specialist.has_perm("calls.view_call")  # the roles are asked once per request

    with django_assert_num_queries(1):
        assert len(entries(contact, specialist)) == 20


def test_a_note_on_no_call_is_an_entry_of_its_own(specialist):
    contact = ContactFactory()
    note = Note.objects.create(contact=contact, team=contact.team, created_by=specialist, created_at=START)
    note.revisions.create(number=1, body="Prefers mornings.", author=specialist, at=START)
    CallFactory(specialist=specialist, contact=contact, said="Told with the call")

    (entry,) = timeline.page_of(contact, specialist, show="notes").entries

    assert (entry.title, entry.text, entry.by) == ("Note", "Prefers mornings.", "Maya Okafor-Lindqvist")
