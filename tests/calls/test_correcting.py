import json
from datetime import timedelta

import pytest
from django.urls import reverse

from audit.models import LogEntry
from calls.models import Occupation
from tests.calls.records import TOO_LONG, correct, entries, page
from tests.factories import CallFactory, ContactFactory

pytestmark = pytest.mark.django_db


def test_correcting_a_fact_saves_it_and_writes_history(client, maya):
    call = CallFactory(specialist=maya)

    response = correct(client, call, category="investor", stat_origin="PH")

    assert response.status_code == 302
    call.refresh_from_db()
    assert (call.category, call.stat_origin, call.version) == ("investor", "PH", 2)
    html = page(client, "detail", call)
    assert "Category: Foreign national → Investor" in html
    assert "Country of origin: nothing → Philippines" in html


def test_one_correction_is_one_entry_of_the_page_s_history(client, maya):
    call = CallFactory(specialist=maya)
    correct(client, call, category="investor", services=["referred"], note="Words")

    response = client.get(reverse("calls:detail", args=[call.uid]))

    newest = response.context["history"][0]
    assert newest.by == "Maya Okafor-Lindqvist"
    assert len(newest.sentences) == 3


def test_correction_form_opens_with_what_is_saved(client, maya, full_call):
    html = page(client, "correct", full_call)

    assert "Needs two welders." in html
    assert 'value="employer" checked' in html
    assert "INVALID" not in html


def test_saving_without_a_change_says_so_and_changes_nothing(client, maya, full_call):
    before = LogEntry.objects.count()

    response = client.post(reverse("calls:correct", args=[full_call.uid]), entries(full_call), follow=True)

    assert "Nothing was changed." in response.content.decode()
    full_call.refresh_from_db()
    assert full_call.version == 1
    assert LogEntry.objects.count() == before


REFUSED = [
    ({"category": None}, "Select the client category."),
    ({"category": "alien"}, "Select a valid choice"),
    ({"category": "other"}, "Describe the category in a few words."),
    ({"category": "third_party"}, "Select the kind of third party."),
    ({"category": "other", "category_other": TOO_LONG}, "Shorten this to 80 characters"),
    ({"category": "other", "category_other": "a\u202eb"}, "This contains characters that are not allowed."),
    ({"calling_for": None}, "Choose who the caller calls for."),
    ({"services": None}, "Select at least one service."),
    ({"services": ["answered", "emailed"]}, "Choose what was e-mailed, or remove &#x27;E-mailed&#x27;."),
    ({"services": ["singing"]}, "Select a valid choice"),
    ({"stat_origin": "Philippines"}, "Choose a country from the list."),
    ({"stat_origin": "\x00"}, "Choose a country from the list."),
    ({"occupation": "999999999999999999999999"}, "Select a valid choice"),
    ({"occupation": "\x00"}, "Null characters are not allowed."),
    ({"region_wanted": "Moon"}, "Select a valid choice"),
    ({"announcement_heard": "no", "is_recorded": "on"}, "A call may be marked as recorded only if"),
    ({"has_objected": "on", "is_recorded": "on"}, "A call may be marked as recorded only if"),
    ({"follow_up_decision": None}, "Choose whether follow-up is needed. If none, select"),
    ({"follow_up_decision": "needed"}, "Record at least one way to reach the client"),
    ({"note": TOO_LONG}, "A note may have at most 4,000 characters."),
    ({"note": "a\x00b"}, "This contains characters that are not allowed."),
]


@pytest.mark.parametrize(("changes", "message"), REFUSED, ids=lambda value: str(value)[:40])
def test_wrong_entries_are_refused_in_words_and_lose_nothing(client, maya, changes, message):
    call = CallFactory(specialist=maya, said="Needs two welders.")

    response = correct(client, call, **({"note": "Needs three welders."} | changes))

    assert response.status_code == 200
    html = response.content.decode()
    assert message in html
    if "note" not in changes:
        assert "Needs three welders." in html
    call.refresh_from_db()
    assert call.version == 1


def test_e_mailed_may_stay_where_something_was_e_mailed(client, maya, full_call):
    assert correct(client, full_call, category="investor").status_code == 302


def test_a_call_that_is_not_recorded_has_no_recording_reference(client, maya, full_call):
    correct(client, full_call, has_objected="on", is_recorded=None)

    full_call.refresh_from_db()
    assert (full_call.is_recorded, full_call.recording_ref, full_call.recording_purge_on) == (False, "", None)


def test_a_recorded_call_says_when_the_recording_goes(client, maya):
    call = CallFactory(specialist=maya)

    correct(client, call, is_recorded="on")

    call.refresh_from_db()
    assert call.recording_purge_on == (call.started_at + timedelta(days=90)).date()


def test_the_history_names_the_occupation_that_was_corrected(client, maya):
    call = CallFactory(specialist=maya)

    correct(client, call, occupation=str(Occupation.objects.get(code="72106").pk))

    assert "Occupation: nothing → Welders" in page(client, "detail", call)


def test_the_kind_of_third_party_goes_with_the_category(client, maya):
    call = CallFactory(specialist=maya, category="third_party", third_party_kind="lawyer")

    correct(client, call, category="investor")

    call.refresh_from_db()
    assert (call.category, call.third_party_kind) == ("investor", "")


def test_the_note_is_amended_by_a_revision(client, maya, tomas):
    call = CallFactory(specialist=tomas, said="First words")

    correct(client, call, note="Better\r\nwords")

    assert list(call.note.revisions.order_by("number").values_list("number", "author__username")) == [
        (1, "tomas"),
        (2, "maya"),
    ]
    assert "Note, revision: 1 → 2" in page(client, "detail", call)
    assert "words" not in json.dumps([entry.changes for entry in LogEntry.objects.all()])


def test_a_call_without_note_gets_one(client, maya):
    call = CallFactory(specialist=maya, contact=ContactFactory())

    correct(client, call, note="Words")

    call.refresh_from_db()
    assert call.note.contact == call.contact
    assert call.note.revisions.get().body == "Words"


def test_a_note_of_the_full_length_fits(client, maya):
    call = CallFactory(specialist=maya)

    assert correct(client, call, note="é" * 4_000).status_code == 302
