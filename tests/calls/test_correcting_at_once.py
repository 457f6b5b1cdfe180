"""Two people, one call (R-CAL-11)."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from audit.models import LogEntry
from calls.forms.correct import CorrectForm
from calls.models import Call, Topic
from calls.services import records as services
from i2a import clock
from tests.calls.records import correct, entries
from tests.factories import CallFactory, ContactFactory

pytestmark = pytest.mark.django_db

CHANGED_MEANWHILE = (
    "This record was changed by Tomas B. at 10:42 am while you were editing. "
    "Your entries are shown below; nothing has been saved."
)


def corrected_by(user, call, **changes):
    """Somebody else corrects the call at 10:42."""
    from audit.actor import acting_as

    form = CorrectForm(_query(entries(call, **changes)), call=Call.objects.get(pk=call.pk))
    assert form.is_valid(), form.errors
    from calls.views.records import correct as save

    with acting_as(user):
        return save(form, user)


def _query(values):
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    for name, value in values.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


@pytest.fixture
def at_10_42(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 16, 42, tzinfo=UTC))


def test_a_stale_save_answers_409_with_both_values_and_saves_nothing(client, maya, tomas, at_10_42):
    call = CallFactory(specialist=maya, category="investor")
    typed = entries(call, category="employer", stat_origin="PH")
    corrected_by(tomas, call, category="entrepreneur")

    response = correct(client, call, data=typed)

    assert response.status_code == 409
    html = response.content.decode()
    assert CHANGED_MEANWHILE in html
    assert "Entrepreneur" in html
    assert "Employer" in html
    call.refresh_from_db()
    assert (call.category, call.stat_origin, call.version) == ("entrepreneur", "", 2)


def test_applying_the_entries_again_keeps_the_other_person_s_changes(client, maya, tomas):
    call = CallFactory(specialist=maya, category="investor", topics=["Study"], said="Words")
    permits = Topic.objects.get(name="Work permits")
    typed = entries(call, stat_origin="PH", services=["answered", "referred"])
    corrected_by(tomas, call, category="entrepreneur", **{f"topic_{permits.pk}": "on"})
    conflict = correct(client, call, data=typed)

    again = _query({})
    for name, value in conflict.context["entries"]:
        again.appendlist(name, value)
    response = client.post(
        reverse("calls:correct", args=[call.uid]), again.urlencode(), content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 302
    call.refresh_from_db()
    assert (call.category, call.stat_origin, call.version) == ("entrepreneur", "PH", 3)
    assert {row.topic.name for row in call.topics.all()} == {"Study", "Work permits"}
    assert {row.service for row in call.services.all()} == {"answered", "referred"}
    changes = LogEntry.objects.get_for_object(call).filter(actor__isnull=False).order_by("pk")
    assert [entry.actor.username for entry in changes] == ["tomas", "tomas", "maya", "maya"]


def test_a_stale_save_is_told_before_its_own_mistakes(client, maya, tomas):
    """Judged by the call as it is now, an unchanged answer could look like a mistake."""
    call = CallFactory(specialist=maya, contact=ContactFactory())
    typed = entries(call, category="investor")
    corrected_by(tomas, call, follow_up_decision="needed")

    assert correct(client, call, data=typed).status_code == 409


@pytest.mark.parametrize("version", ["", "0", "x", "\x00", "9" * 10_000])
def test_a_version_nobody_saw_is_stale(client, maya, version):
    assert correct(client, CallFactory(specialist=maya), version=version).status_code == 409


@pytest.mark.parametrize("memory", ["", "x", "[]", '"a"', "[" * 100_000, '{"category": {"a": "\\ud800"}}', "null"])
def test_a_broken_memory_of_the_form_breaks_nothing(client, maya, tomas, memory):
    call = CallFactory(specialist=maya)
    typed = entries(call, stat_origin="PH", seen=memory)
    corrected_by(tomas, call, category="entrepreneur")

    assert correct(client, call, data=typed).status_code == 409


def test_saving_between_two_looks_is_a_conflict_as_well(specialist, tomas):
    call = CallFactory(specialist=specialist)
    form = CorrectForm(_query(entries(call, category="employer")), call=call)
    assert form.is_valid()
    corrected_by(tomas, call, category="entrepreneur")
    from calls.views.records import correct as save

    with pytest.raises(services.StaleCall):
        save(form, specialist)
