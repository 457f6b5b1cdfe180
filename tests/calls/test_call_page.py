import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import NoteRevision
from tests.calls.records import NOW, correct, page, seen
from tests.factories import CallFactory, ContactFactory, UserFactory, says_why

pytestmark = pytest.mark.django_db


def test_page_shows_everything_that_was_recorded(client, maya, full_call):
    html = page(client, "detail", full_call)

    for words in [
        full_call.ref,
        "7 min 30 s",
        "Maya Okafor-Lindqvist",
        "Wang Xugou",
        "王虚构",
        "Inbound",
        "Employer",
        "Work permits",
        "An agency: Settlement agency",
        "Where are you calling from?",
        "Internal – not read to the client",
        "Work in Alberta",
        "Interested",
        "Answered by phone, E-mailed",
        "Philippines",
        "Stateless",
        "72106 Welders",
        "Edmonton",
        "Queued",
        "Processing times of the nominee program",
        "Not asked",
        "Hung up",
        "I said this",
        "Needs two welders.",
        full_call.welcome_text.body.split("\n")[0][:40],
        "Recorded",
    ]:
        assert words in html, words


def test_page_of_a_call_without_caller_says_that_nothing_is_owed(client, maya):
    html = page(client, "detail", CallFactory(specialist=maya))

    assert "Caller not identified" in html
    assert "No follow-up action is to be taken" in html
    assert "No note was written." in html


def test_page_prints_why_the_answer_is_due_then(client, maya):
    call = CallFactory(specialist=maya, contact=ContactFactory())
    correct(client, call, follow_up_decision="needed")

    assert "Received Monday 10:05 am. Due Tuesday 10:05 am." in page(client, "detail", call)


def test_opening_a_call_is_recorded(client, maya):
    call = CallFactory(specialist=maya)

    page(client, "detail", call)

    assert seen("viewed", "calls.call").get().object_uid == call.uid


def test_page_costs_at_most_fourteen_queries(client, maya, full_call):
    page(client, "detail", full_call)
    for number in range(20):
        NoteRevision.objects.create(note=full_call.note, number=number + 2, body="More", author=UserFactory(), at=NOW)

    with CaptureQueriesContext(connection) as queries:
        page(client, "detail", full_call)

    assert len(queries) <= 14, "\n".join(query["sql"][:150] for query in queries)


def test_page_speaks_french(client, maya, full_call):
    client.cookies["django_language"] = "fr-ca"

    html = page(client, "detail", full_call)

    assert "Permis de travail" in html
    assert "Soudeurs" in html


def test_recording_reference_is_not_for_specialists(client, maya, full_call):
    assert "REC-4711" not in page(client, "detail", full_call, recording="open")
    assert not seen("viewed", "recording").exists()


@pytest.mark.parametrize("role", ["team_lead", "manager", "privacy_officer"])
def test_opening_the_recording_reference_is_recorded(client, role, full_call):
    user = UserFactory(role=role, team=None if role != "team_lead" else full_call.team)
    says_why(user, full_call.contact)
    client.force_login(user)

    assert "REC-4711" not in page(client, "detail", full_call)
    assert not seen("viewed", "recording").exists()
    assert "REC-4711" in page(client, "detail", full_call, recording="open")
    assert seen("viewed", "recording").get().object_uid == full_call.uid


def test_note_shows_its_earlier_texts(client, maya):
    call = CallFactory(specialist=maya, said="First words")
    correct(client, call, note="Better words")

    html = page(client, "detail", call)

    assert html.index("Better words") < html.index("Earlier texts") < html.index("First words")


def test_voided_call_says_so_and_offers_no_change(client, priya):
    html = page(client, "detail", CallFactory(specialist=priya, voided=True))

    assert "This call was voided by" in html
    assert "Logged twice." in html
    assert "Correct this call" not in html
    assert "Void this call" not in html
