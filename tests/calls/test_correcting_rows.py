"""Topics and services of a saved call: rows of their own."""

import json

import pytest

from audit.models import LogEntry
from calls.models import Call, CallTopic, ReferralAgency, Topic
from tests.calls.records import correct, page
from tests.factories import CallFactory

pytestmark = pytest.mark.django_db


def test_topics_need_at_least_one(client, maya):
    call = CallFactory(specialist=maya, topics=["Study"])
    study = Topic.objects.get(name="Study")

    response = correct(client, call, **{f"topic_{study.pk}": None})

    assert "Select at least one topic." in response.content.decode()


@pytest.mark.parametrize("agency", ["", "x", "\x00", "99999999999999999999"])
def test_information_from_elsewhere_names_its_agency(client, maya, agency):
    call = CallFactory(specialist=maya, topics=["Study"])
    study = Topic.objects.get(name="Study")

    response = correct(client, call, **{f"source_{study.pk}": "agency", f"agency_{study.pk}": agency})

    assert response.status_code == 200
    assert call.topics.get().source == "department"


def test_a_topic_that_asks_for_words_needs_them(client, maya):
    call = CallFactory(specialist=maya)
    other = Topic.objects.get(name="Other")

    response = correct(client, call, **{f"topic_{other.pk}": "on"})

    assert "Describe the topic in a few words." in response.content.decode()


def test_changing_topics_touches_only_the_rows_that_differ(client, maya):
    call = CallFactory(specialist=maya, topics=["Study", "Work permits"])
    kept, gone = call.topics.get(topic__name="Study"), call.topics.get(topic__name="Work permits")
    seminars = Topic.objects.get(name="Seminars")
    agency = ReferralAgency.objects.get(name="Settlement agency")
    before = LogEntry.objects.get_for_object(kept).count()

    correct(
        client,
        call,
        **{
            f"topic_{gone.topic_id}": None,
            f"topic_{seminars.pk}": "on",
            f"source_{seminars.pk}": "agency",
            f"agency_{seminars.pk}": str(agency.pk),
        },
    )

    assert {(row.topic.name, row.source, row.agency) for row in call.topics.all()} == {
        ("Study", "department", None),
        ("Seminars", "agency", agency),
    }
    assert call.topics.get(topic=kept.topic).pk == kept.pk
    assert LogEntry.objects.get_for_object(kept).count() == before
    assert LogEntry.objects.get_for_model(CallTopic).filter(action=LogEntry.Action.DELETE, object_pk=gone.pk).exists()
    assert "Topics: Work permits, Study → Study, Seminars (Settlement agency)" in page(client, "detail", call)


def test_the_source_of_a_topic_is_corrected_in_its_row(client, maya):
    call = CallFactory(specialist=maya, topics=["Study"])
    row = call.topics.get()
    agency = ReferralAgency.objects.get(name="Settlement agency")

    correct(client, call, **{f"source_{row.topic_id}": "agency", f"agency_{row.topic_id}": str(agency.pk)})

    assert (call.topics.get().pk, call.topics.get().agency) == (row.pk, agency)
    assert LogEntry.objects.get_for_object(row).filter(action=LogEntry.Action.UPDATE).exists()


def test_the_description_of_a_topic_stays_out_of_the_audit(client, maya):
    call = CallFactory(specialist=maya, topics=[])
    other = Topic.objects.get(name="Other")
    CallTopic.objects.create(call=call, topic=other, description="Old words")

    correct(client, call, **{f"description_{other.pk}": "New words"})

    assert call.topics.get().description == "New words"
    assert "Description of a topic changed" in page(client, "detail", call)
    assert "words" not in json.dumps([entry.changes for entry in LogEntry.objects.get_for_model(Call)])


def test_a_retired_topic_stays_on_the_call_that_has_it(client, maya):
    call = CallFactory(specialist=maya, topics=["Study"])
    Topic.objects.filter(name="Study").update(is_active=False)

    correct(client, call, category="investor")

    assert call.topics.get().topic.name == "Study"


def test_services_are_added_and_removed(client, maya):
    call = CallFactory(specialist=maya, services=["answered", "faxed"])

    correct(client, call, services=["referred", "answered"])

    assert {row.service for row in call.services.all()} == {"answered", "referred"}
    assert "Services: Answered by phone, Faxed → Answered by phone, Referred" in page(client, "detail", call)
