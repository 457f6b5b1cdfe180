import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AccessEvent, LogEntry
from calls.choices import CallStatus
from calls.forms.correct import CorrectForm
from calls.models import Answer, Call, CallEvent, CallTopic, Choice, Occupation, ReferralAgency, Topic
from calls.records import ROWS_PER_PAGE, Place
from calls.services import records as services
from contacts.models import NoteRevision, TextVersion
from followups.models import FollowUp
from i2a import clock
from outbox.services import make_content, queue_information
from outreach.models import Event
from tests.factories import CallFactory, ContactFactory, FollowUpFactory, TeamFactory, UserFactory, let_in

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
NO_FOLLOW_UP = "This call is marked &#x27;No follow-up action is to be taken&#x27;. Change the call first."
TOO_LONG = "x" * 10_000

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(client, specialist):
    client.force_login(specialist)
    return specialist


@pytest.fixture
def priya(client, team_lead):
    client.force_login(team_lead)
    return team_lead


@pytest.fixture
def tomas(db):
    return UserFactory(username="tomas", first_name="Tomas", last_name="Bergeron-Wolfe")


def page(client, name, call, status=200, **query):
    response = client.get(reverse(f"calls:{name}", args=[call.uid]), query)
    assert response.status_code == status
    return response.content.decode()


def rows(client, **query):
    response = client.get(reverse("calls:list"), query)
    assert response.status_code == 200
    return [call.ref for call in response.context["calls"]]


def entries(call, **changes):
    """What the browser sends when the form was opened and only `changes` were typed; None removes an answer."""
    form = CorrectForm(call=Call.objects.get(pk=call.pk))
    sent = {
        "version": str(form.initial["version"]),
        "note_version": str(form.initial["note_version"]),
        "seen": form.initial["seen"],
        **form.saved(),
    }
    sent |= changes
    return {name: value for name, value in sent.items() if value is not None}


def correct(client, call, data=None, **changes):
    sent = entries(call, **changes) if data is None else data
    return client.post(reverse("calls:correct", args=[call.uid]), sent)


def seen(kind, object_type):
    return AccessEvent.objects.filter(kind=kind, object_type=object_type)


# --- The list ---


def test_list_shows_the_team_s_calls_newest_first(client, maya):
    older = CallFactory(specialist=maya)
    newer = CallFactory(specialist=maya, started_at=older.started_at + timedelta(hours=1))
    CallFactory(specialist__team=TeamFactory(name="Trade Missions"))

    assert rows(client) == [newer.ref, older.ref]


def test_calls_of_a_restricted_contact_are_not_listed(client, maya):
    CallFactory(specialist=maya, contact=ContactFactory(restricted=True))

    assert rows(client) == []


@pytest.mark.parametrize("role", ["manager", "privacy_officer"])
def test_managers_and_privacy_officers_see_the_calls_of_all_teams(client, role):
    client.force_login(UserFactory(role=role, team=None))
    teams = [TeamFactory(name="Phone"), TeamFactory(name="Trade Missions")]
    calls = [CallFactory(specialist__team=team) for team in teams]

    assert rows(client) == [calls[1].ref, calls[0].ref]


def test_mine_shows_my_own_calls(client, maya, tomas):
    mine, theirs = CallFactory(specialist=maya), CallFactory(specialist=tomas)

    assert rows(client) == [theirs.ref, mine.ref]
    assert rows(client, whose="mine") == [mine.ref]


FILTERS = [
    {"category": "investor"},
    {"topic": "Study"},
    {"outside_hours": "on"},
    {"voided": "on"},
    {"first_day": "2026-11-24"},
]


@pytest.mark.parametrize("query", FILTERS, ids=lambda query: next(iter(query)))
def test_each_filter_leaves_only_the_calls_it_names(client, maya, query):
    CallFactory(specialist=maya)
    wanted = CallFactory(
        specialist=maya,
        category="investor",
        topics=["Study"],
        is_outside_hours=True,
        voided="voided" in query,
        started_at=datetime(2026, 11, 24, 17, 0, tzinfo=UTC),
    )
    if "topic" in query:
        query = {"topic": Topic.objects.get(name="Study").pk}

    assert rows(client, **query) == [wanted.ref]


def test_voided_calls_are_shown_only_when_asked_for(client, maya):
    CallFactory(specialist=maya, voided=True)

    assert rows(client) == []


def test_the_last_day_is_included_whole_in_edmonton_time(client, maya):
    late_in_the_evening = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # 23:30 of the 23rd in Edmonton
    call = CallFactory(specialist=maya, started_at=late_in_the_evening)

    assert rows(client, first_day="2026-11-23", last_day="2026-11-23") == [call.ref]
    assert rows(client, first_day="2026-11-24") == []


def test_filters_in_use_are_links_that_remove_them(client, maya):
    CallFactory(specialist=maya)

    response = client.get(reverse("calls:list"), {"category": "investor", "outside_hours": "on", "older": "x"})

    links = {words: address for _name, words, address in response.context["active_filters"]}
    assert links == {
        "Investor": "/calls/?outside_hours=on",
        "Outside hours only": "/calls/?category=investor",
    }


@pytest.mark.parametrize(
    "query",
    [
        {"first_day": "yesterday"},
        {"first_day": "0001-01-01"},
        {"last_day": "9999-12-31"},
        {"first_day": "2026-11-24", "last_day": "2026-11-23"},
        {"category": "\x00"},
        {"category": TOO_LONG},
        {"topic": "x"},
        {"topic": "99999999999999999999999999"},
        {"older": "\x00"},
        {"newer": TOO_LONG},
        {"older": base64.urlsafe_b64encode(b"2026-11-23T10:00:00 1").decode()},
        {"older": base64.urlsafe_b64encode(b"9999-12-31T23:59:59+00:00 1").decode()},
        {"older": base64.urlsafe_b64encode(b"2026-11-23T10:00:00+00:00 " + b"9" * 5_000).decode()},
        {"whose": "\u202e"},
    ],
    ids=str,
)
def test_filters_that_make_no_sense_filter_nothing_and_break_nothing(client, maya, query):
    call = CallFactory(specialist=maya)

    assert rows(client, **query) == [call.ref]


def test_a_place_beyond_the_largest_id_is_a_place_all_the_same(client, maya):
    CallFactory(specialist=maya)
    place = Place(NOW + timedelta(days=1), 10**30)

    assert len(rows(client, older=place.token)) == 1


def test_pages_follow_each_other_without_gap_or_repetition(client, maya):
    started_at = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    CallFactory.create_batch(2 * ROWS_PER_PAGE + 5, specialist=maya, started_at=started_at)  # all at one instant
    url, pages, addresses = reverse("calls:list"), [], []
    while url:
        response = client.get(url)
        pages.append([call.ref for call in response.context["calls"]])
        addresses.append(url)
        url = response.context["older_url"]

    assert [len(shown) for shown in pages] == [ROWS_PER_PAGE, ROWS_PER_PAGE, 5]
    assert len({ref for shown in pages for ref in shown}) == 2 * ROWS_PER_PAGE + 5
    back = client.get(client.get(addresses[-1]).context["newer_url"])
    assert [call.ref for call in back.context["calls"]] == pages[1]
    first = client.get(back.context["newer_url"])
    assert [call.ref for call in first.context["calls"]] == pages[0]
    assert first.context["newer_url"] == ""


def test_names_are_isolated_from_the_direction_of_the_text(client, maya):
    CallFactory(specialist=maya, contact=ContactFactory(name="أحمد النجّار الخيالي"))

    assert '<bdi dir="auto">أحمد النجّار الخيالي</bdi>' in client.get(reverse("calls:list")).content.decode()


def test_opening_the_list_is_recorded_with_what_was_asked_and_how_many(client, maya):
    CallFactory(specialist=maya, category="investor")

    client.get(reverse("calls:list"), {"category": "investor", "whose": "mine"})

    assert seen("listed", "calls.call").get().detail == {"count": 1, "mine": True, "filters": ["category"]}


def test_the_list_says_when_there_is_nothing(client, maya):
    assert "No calls yet" in client.get(reverse("calls:list")).content.decode()
    assert "No call fits these filters" in client.get(reverse("calls:list"), {"voided": "on"}).content.decode()


def test_count_stops_where_it_helps_nobody(client, maya, monkeypatch):
    monkeypatch.setattr("calls.records.COUNT_UP_TO", 3)
    monkeypatch.setattr("calls.views.records.COUNT_UP_TO", 3)
    CallFactory.create_batch(5, specialist=maya)

    assert "More than 3 calls" in client.get(reverse("calls:list")).content.decode()


def test_list_costs_the_same_for_twenty_calls(client, maya):
    CallFactory(specialist=maya, contact=ContactFactory())
    client.get(reverse("calls:list"))
    with CaptureQueriesContext(connection) as one_row:
        client.get(reverse("calls:list"))
    for _number in range(19):
        CallFactory(specialist=maya, contact=ContactFactory(), topics=["Study", "Work permits"])

    with CaptureQueriesContext(connection) as twenty_rows:
        response = client.get(reverse("calls:list"))

    assert len(response.context["calls"]) == 20
    assert len(twenty_rows) == len(one_row) <= 14


# --- One call ---


@pytest.fixture
def full_call(specialist):
    """A call with one of everything."""
    contact = ContactFactory(name="王虚构", name_latin="Wang Xugou")
    text = TextVersion.objects.filter(kind="announcement_welcome", language="en").first()
    call = CallFactory(
        specialist=specialist,
        contact=contact,
        owes_answer=True,
        category="employer",
        calling_for="employer",
        stat_origin="PH",
        stat_citizenship="XX",
        region_wanted="4860",
        occupation=Occupation.objects.get(code="72106"),
        is_recorded=True,
        recording_ref="REC-4711",
        welcome_text=text,
        future_contact_answer="not_asked",
        future_contact_reason="Hung up",
        survey_notice="given",
        services=["answered", "emailed"],
        said="Needs two welders.",
    )
    agency = ReferralAgency.objects.get(name="Settlement agency")
    CallTopic.objects.create(call=call, topic=Topic.objects.get(name="Study"), source="agency", agency=agency)
    choice = Choice.objects.filter(question__position=1).order_by("position").first()
    Answer.objects.create(call=call, question=choice.question, choice=choice)
    seminar = Event.objects.create(kind="seminar", title="Work in Alberta", starts_at=NOW)
    CallEvent.objects.create(call=call, event=seminar, interest="interested")
    content = make_content(language="en", subject="What you asked for", text="Text", html="<p>Text</p>")
    call.message = queue_information(
        contact=contact, content=content, purpose_key=f"call:{call.ref}", not_before=NOW, by=specialist, now=NOW
    )
    call.save()
    return call


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
    client.force_login(UserFactory(role=role, team=None if role != "team_lead" else full_call.team))

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


# --- Who may do what ---

MAY = {
    # role: list, detail, correct, void, add_follow_up
    "specialist": (200, 200, 200, 403, 409),
    "team_lead": (200, 200, 200, 200, 409),
    "manager": (200, 200, 403, 200, 403),
    "privacy_officer": (200, 200, 403, 403, 403),
    "access_admin": (403, 403, 403, 403, 403),
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_may_do_what_it_is_for(client, role):
    call = CallFactory()
    client.force_login(UserFactory(role=role, team=call.team))

    statuses = [client.get(reverse("calls:list")).status_code]
    statuses += [
        client.get(reverse(f"calls:{name}", args=[call.uid])).status_code for name in ("detail", "correct", "void")
    ]
    statuses.append(client.post(reverse("calls:add_follow_up", args=[call.uid])).status_code)

    assert tuple(statuses) == MAY[role]


@pytest.mark.parametrize("name", ["detail", "correct", "void", "add_follow_up"])
def test_a_call_of_another_team_is_unknown(client, priya, name):
    call = CallFactory(specialist__team=TeamFactory(name="Trade Missions"))
    address = reverse(f"calls:{name}", args=[call.uid])

    response = client.post(address) if name == "add_follow_up" else client.get(address)

    assert response.status_code == 404


def test_a_call_seen_through_a_grant_may_be_read_but_not_changed(client, maya):
    elsewhere = TeamFactory(name="Trade Missions")
    call = CallFactory(specialist__team=elsewhere, contact=ContactFactory(team=elsewhere, restricted=True))
    let_in(maya, call.contact)

    assert "Correct this call" not in page(client, "detail", call)
    page(client, "correct", call, status=403)
    assert correct(client, call, category="investor").status_code == 403


@pytest.mark.parametrize("name", ["detail", "correct", "void"])
def test_an_unknown_call_is_404(client, priya, name):
    from uuid import uuid4

    assert client.get(reverse(f"calls:{name}", args=[uuid4()])).status_code == 404


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get(reverse("calls:detail", args=[CallFactory().uid])).status_code == 302


# --- Correcting ---


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


# --- Correcting the follow-up decision ---


def test_a_follow_up_that_was_forgotten_is_due_from_the_call(client, maya, tomas):
    call = CallFactory(specialist=tomas, contact=ContactFactory())

    correct(client, call, follow_up_decision="needed", asked="Which stream fits")

    call.refresh_from_db()
    follow_up = call.follow_up
    assert (follow_up.received_at, follow_up.assigned_to, follow_up.asked) == (
        call.started_at,
        tomas,
        "Which stream fits",
    )
    assert follow_up.due_at == call.started_at + timedelta(days=1)
    expected = "Follow-up: No follow-up action is to be taken → Follow-up needed"
    assert expected in page(client, "detail", call)


def test_a_follow_up_that_is_not_owed_is_cancelled_with_the_reason(client, maya):
    call = CallFactory(specialist=maya, contact=ContactFactory(), owes_answer=True)
    follow_up = call.follow_up

    correct(client, call, follow_up_decision="none", cancel_reason="Answered on the call")

    call.refresh_from_db()
    follow_up.refresh_from_db()
    assert (call.follow_up_decision, call.follow_up) == ("none", None)
    assert (follow_up.status, follow_up.cancel_reason) == ("cancelled", "Answered on the call")
    assert follow_up.cancelled_by == maya


def test_cancelling_the_follow_up_needs_a_reason(client, maya):
    call = CallFactory(specialist=maya, contact=ContactFactory(), owes_answer=True)

    response = correct(client, call, follow_up_decision="none")

    assert "Say why the follow-up is cancelled." in response.content.decode()


def test_a_follow_up_that_is_done_stays(client, maya):
    follow_up = FollowUpFactory(done=True, assigned_to=maya)
    call = CallFactory(specialist=maya, follow_up_decision="needed", follow_up=follow_up)

    response = correct(client, call, follow_up_decision="none", cancel_reason="Mistake")

    assert "This follow-up is done: the client was answered. The call keeps it." in response.content.decode()
    call.refresh_from_db()
    assert call.follow_up == follow_up


def test_the_service_refuses_a_follow_up_that_was_done_meanwhile(specialist):
    follow_up = FollowUpFactory(done=True, assigned_to=specialist)
    call = CallFactory(specialist=specialist, follow_up_decision="needed", follow_up=follow_up)

    with pytest.raises(services.FollowUpIsDone):
        services.correct_call(
            call=call,
            seen_version=1,
            facts={},
            topics=[CallTopic(topic=Topic.objects.get(name="Work permits"))],
            services=["answered"],
            follow_up_decision="none",
            asked="",
            cancel_reason="Mistake",
            note="",
            by=specialist,
            now=NOW,
        )


def test_a_cancelled_follow_up_is_let_go_without_another_reason(client, maya):
    follow_up = FollowUpFactory(cancelled=True, assigned_to=maya)
    call = CallFactory(specialist=maya, follow_up_decision="needed", follow_up=follow_up)

    correct(client, call, follow_up_decision="none")

    call.refresh_from_db()
    assert call.follow_up is None


@pytest.mark.parametrize("decision", ["none", "needed"])
def test_decision_and_follow_up_agree_in_the_database_too(specialist, decision):
    """INV-15."""
    call = CallFactory(specialist=specialist, owes_answer=decision == "none")

    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(follow_up_decision=decision)


# --- Two people, one call (R-CAL-11) ---

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


# --- Voiding ---


def void(client, call, reason="Logged twice."):
    return client.post(reverse("calls:void", args=[call.uid]), {"reason": reason})


def test_voiding_keeps_the_call_and_says_who_and_why(client, priya):
    call = CallFactory()

    assert void(client, call).status_code == 302

    call.refresh_from_db()
    assert (call.status, call.void_reason, call.voided_by, call.version) == ("voided", "Logged twice.", priya, 2)
    assert not Call.objects.active().filter(pk=call.pk).exists()
    html = page(client, "detail", call)
    assert "Voided: Logged twice." in html


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "A reason is required to void a call."),
        ("  \u200b ", "A reason is required to void a call."),
        (TOO_LONG, "Shorten this to 200 characters"),
        ("a\x00b", "This contains characters that are not allowed."),
    ],
)
def test_voiding_needs_a_reason_in_words(client, priya, reason, message):
    call = CallFactory()

    response = void(client, call, reason)

    assert message in response.content.decode()
    call.refresh_from_db()
    assert call.status == CallStatus.ACTIVE


def test_voiding_needs_a_reason_in_the_database_too(specialist):
    call = CallFactory(specialist=specialist)

    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(status="voided")


def test_voiding_ends_what_the_call_promised(client, priya, full_call):
    void(client, full_call)

    full_call.refresh_from_db()
    full_call.follow_up.refresh_from_db()
    full_call.message.refresh_from_db()
    assert (full_call.follow_up.status, full_call.follow_up.cancel_reason) == (
        "cancelled",
        f"Call {full_call.ref} was voided",
    )
    assert full_call.message.state == "cancelled"


def test_what_is_done_or_sent_stays_when_a_call_is_voided(client, priya, full_call):
    from outbox.services import cancel_queued

    cancel_queued(message=full_call.message, reason="Not wanted", now=NOW)
    FollowUp.objects.filter(pk=full_call.follow_up_id).update(
        status="done", method="phone", outcome="Explained", completed_at=NOW, completed_by=priya
    )

    assert void(client, full_call).status_code == 302

    full_call.follow_up.refresh_from_db()
    assert full_call.follow_up.status == "done"


@pytest.mark.parametrize("name", ["correct", "void", "add_follow_up"])
def test_a_voided_call_is_not_changed_any_more(client, priya, name):
    call = CallFactory(voided=True)
    data = entries(call, category="investor", reason="Again")

    response = client.post(reverse(f"calls:{name}", args=[call.uid]), data, follow=True)

    assert "A voided call stays as it is." in response.content.decode()
    call.refresh_from_db()
    assert (call.version, call.void_reason) == (1, "Logged twice.")


def test_voiding_twice_is_refused_by_the_service(specialist):
    with pytest.raises(services.CallIsVoided):
        services.void_call(call=CallFactory(voided=True), reason="Again", by=specialist, now=NOW)


# --- A follow-up for a call that has decided ---


def test_a_call_marked_none_gets_no_follow_up(client, maya):
    call = CallFactory(specialist=maya)

    response = client.post(reverse("calls:add_follow_up", args=[call.uid]))

    assert response.status_code == 409
    html = response.content.decode()
    assert NO_FOLLOW_UP in html
    assert reverse("calls:correct", args=[call.uid]) in html
    assert not FollowUp.objects.exists()


def test_a_call_has_one_follow_up_at_most(client, maya):
    call = CallFactory(specialist=maya, owes_answer=True)

    response = client.post(reverse("calls:add_follow_up", args=[call.uid]))

    assert "This call has a follow-up already." in response.content.decode()
    assert FollowUp.objects.count() == 1


def test_get_adds_no_follow_up(client, maya):
    assert client.get(reverse("calls:add_follow_up", args=[CallFactory(specialist=maya).uid])).status_code == 405
