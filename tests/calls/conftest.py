"""The call page as a browser fills it in; people and a full record for the calls that were saved."""

from datetime import date

import pytest
from django.urls import reverse

from calls.models import (
    Answer,
    CallDraft,
    CallEvent,
    CallTopic,
    Choice,
    Document,
    DocumentVersion,
    Occupation,
    ReferralAgency,
    Topic,
)
from contacts.models import TextVersion
from outbox.services import make_content, queue_information
from outreach.models import Event
from tests.calls.records import NOW
from tests.factories import CallFactory, ContactFactory, UserFactory


@pytest.fixture
def monday_morning(time_machine):
    """Monday 23 November 2026, 10:00 in Edmonton: the stories' usual time."""
    time_machine.move_to("2026-11-23T16:00:00Z")


@pytest.fixture
def signed_in(monday_morning, client, specialist):
    client.force_login(specialist, backend="access.backends.RoleBackend")
    return client


@pytest.fixture
def start(signed_in, specialist):
    """Begins a call as the desk does; returns its draft."""

    def start(**post):
        response = signed_in.post(reverse("calls:start"), post)
        assert response.status_code == 302, response.status_code
        return CallDraft.objects.get(uid=response.url.strip("/").split("/")[-1])

    return start


@pytest.fixture
def save(signed_in):
    """Sends the call page with these boxes filled in."""

    def save(draft, **boxes):
        return signed_in.post(reverse("calls:draft", args=[draft.uid]), boxes)

    return save


@pytest.fixture
def statistics_only(db):
    """What story 1 types: a caller who stays anonymous, nothing to follow up."""
    return {
        "direction": "in",
        "announcement_heard": "yes",
        "category": "foreign_national",
        "calling_for": "self",
        "citizenship": "PH",
        "origin_country": "PH",
        "topics": [Topic.objects.get(name="Alberta Immigrant Nominee Program").pk],
        "topic_source": "department",
        "services": ["answered"],
        "follow_up_decision": "none",
    }


@pytest.fixture
def new_caller(statistics_only):
    """Story 3: an employer who agrees to seminars and trade missions."""
    return statistics_only | {
        "name": "Zoë Żółkiewska-Ågren",
        "organisation": "Prairie Imaginary Foods Ltd.",
        "organisation_type": "corporation",
        "category": "employer",
        "email": "zoe@prairie-imaginary.example.com",
        "phone": "403-555-0142 ext 204",
        "phone_country": "CA",
        "notice_given": "on",
        "future_contact": "yes",
        "purposes": ["seminar", "trade_mission"],
        "channels": ["email"],
        "survey_notice": "given",
    }


@pytest.fixture
def document(db):
    topic = Topic.objects.get(name="Work permits")
    guide = Document.objects.create(title="Work permits, step by step", language="en", topic=topic, source="Alberta")
    return DocumentVersion.objects.create(
        document=guide, number=1, body="First this.\n\nThen <that>.", review_on=date(2030, 1, 1)
    )


ADDRESS = {
    "street": "14 Make-Believe Rd",
    "city": "Brooks",
    "region": "AB",
    "postal_code": "T1R 0Z9",
    "residence_country": "CA",
}


@pytest.fixture
def address():
    return dict(ADDRESS)


# --- calls that were saved ---


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
