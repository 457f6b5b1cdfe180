"""Saving a call: what one Save writes, and what it refuses (R-CAL-01 to R-CAL-07, R-FUP-01)."""

import pytest
from django.db import IntegrityError, transaction

from audit.models import LogEntry
from audit.registry import auditlog
from calls.models import Call
from contacts.models import Contact
from followups.models import FollowUp
from tests.calls.records import errors_of
from tests.factories import FollowUpFactory


def test_a_plain_call_is_saved_without_any_contact(start, save, statistics_only, specialist):
    response = save(start(), **statistics_only)

    call = Call.objects.get()
    assert response.url == "/calls/desk/"
    assert (call.contact, call.stat_origin, call.specialist) == (None, "PH", specialist)
    assert not Contact.objects.exists()
    assert call.ref.startswith("C-20")


def test_the_call_starts_when_it_was_answered(start, save, statistics_only, time_machine):
    time_machine.move_to("2026-11-16T17:00:00Z", tick=False)
    draft = start()
    time_machine.move_to("2026-11-16T17:07:30Z", tick=False)

    save(draft, **statistics_only)

    assert Call.objects.get().duration_seconds == 450


def test_a_call_outside_service_hours_says_so(start, save, statistics_only, time_machine):
    time_machine.move_to("2026-11-16T23:00:00Z")  # 5 pm in Edmonton

    save(start(), **statistics_only)

    assert Call.objects.get().is_outside_hours


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("category", "Select the client category."),
        ("topics", "Select at least one topic."),
        ("services", "Select at least one service."),
        (
            "follow_up_decision",
            "Choose whether follow-up is needed. If none, select 'No follow-up action is to be taken'.",
        ),
        ("calling_for", "Choose who the caller calls for."),
    ],
)
def test_what_must_be_answered_is_asked_for(start, save, statistics_only, missing, message):
    del statistics_only[missing]

    response = save(start(), **statistics_only)

    assert errors_of(response)[missing] == [message]
    assert not Call.objects.exists()


def test_a_refused_save_loses_nothing(start, save, statistics_only):
    draft = start()

    save(draft, **statistics_only | {"services": [], "note": "Asks about the nominee program"})

    draft.refresh_from_db()
    assert draft.data["note"] == ["Asks about the nominee program"]


def test_nothing_about_consent_or_follow_up_is_preselected(start, signed_in):
    page = signed_in.get(f"/calls/drafts/{start().uid}/").content.decode()

    for name in ["future_contact", "purposes", "channels", "survey_notice", "survey_consent", "follow_up_decision"]:
        inputs = [tag for tag in page.split("<input")[1:] if f'name="{name}"' in tag.split(">")[0]]
        assert inputs, name
        assert not [tag for tag in inputs if " checked" in tag.split(">")[0]], name


def test_a_caller_for_a_client_keeps_citizenship_on_the_call_only(start, save, new_caller):
    save(start(), **new_caller | {"calling_for": "client"})

    assert Contact.objects.get().citizenship == ""
    assert Call.objects.get().stat_citizenship == "PH"


def test_a_follow_up_is_owed_one_business_day_later(start, save, new_caller, time_machine):
    time_machine.move_to("2026-11-20T23:45:00Z")  # Friday 4:45 pm

    boxes = new_caller | {"follow_up_decision": "needed", "follow_up_asked": "LMIA steps"}
    save(start(), **boxes)

    follow_up = FollowUp.objects.get()
    assert follow_up.due_at.isoformat() == "2026-11-23T22:30:00+00:00"
    assert Call.objects.get().follow_up == follow_up


def test_nobody_can_be_owed_an_answer_without_a_way_to_reach_them(start, save, statistics_only):
    response = save(start(), **statistics_only | {"follow_up_decision": "needed"})

    assert "Record at least one way to reach the client" in str(errors_of(response)["follow_up_decision"])


def test_a_call_can_close_what_we_owed(start, save, new_caller):
    save(start(), **new_caller)
    contact = Contact.objects.get()
    owed = FollowUpFactory(contact=contact)

    save(start(contact=contact.uid), **new_caller, answers_follow_up=owed.uid)

    owed.refresh_from_db()
    assert (owed.status, owed.method) == ("done", "phone")


def test_a_note_is_kept_as_its_first_revision(start, save, statistics_only, specialist):
    save(start(), **statistics_only, note="  Asks about the fee.  ")

    revision = Call.objects.get().note.revisions.get()
    assert (revision.body, revision.author, revision.number) == ("Asks about the fee.", specialist, 1)


def test_information_from_another_agency_names_it(start, save, statistics_only):
    response = save(start(), **statistics_only | {"topic_source": "agency"})

    assert "Choose the government or agency the information came from." in str(errors_of(response)["agency"])


def test_recorded_without_announcement_is_refused(start, save, statistics_only):
    response = save(start(), **statistics_only | {"announcement_heard": "no", "is_recorded": "on"})

    assert errors_of(response)["is_recorded"] == [
        "A call may be marked as recorded only if the caller heard the recording announcement and did not object."
    ]


def test_a_recording_is_kept_ninety_days(start, save, statistics_only, time_machine):
    time_machine.move_to("2026-11-16T17:00:00Z")

    save(start(), **statistics_only, is_recorded="on", recording_ref="REC-1")

    assert str(Call.objects.get().recording_purge_on) == "2027-02-14"


def test_every_row_of_a_call_is_in_the_audit_history_signed_by_the_specialist(start, save, new_caller, document):
    save(start(), **new_caller | {"services": ["emailed"], "documents": [document.pk], "note": "LMIA"})

    entries = LogEntry.objects.exclude(content_type__model="accessgrant")
    made = set(
        entries.filter(action=LogEntry.Action.CREATE, actor_label="maya").values_list("content_type__model", flat=True)
    )
    assert {
        "call", "calltopic", "callservice", "sentdocument", "contact", "consentevent", "note", "noterevision",
        "message",
    } <= made  # fmt: skip
    assert auditlog.contains(Call)


def test_the_database_refuses_a_follow_up_on_a_call_that_needs_none(start, save, statistics_only):
    save(start(), **statistics_only)

    with pytest.raises(IntegrityError, match="call_follow_up_iff_needed"), transaction.atomic():
        Call.objects.update(follow_up_decision="needed")


def test_the_database_refuses_a_recording_without_announcement(start, save, statistics_only):
    save(start(), **statistics_only | {"announcement_heard": "no"})

    with pytest.raises(IntegrityError, match="call_recorded_only_with_notice"), transaction.atomic():
        Call.objects.update(is_recorded=True)
