"""What "do not contact" does to follow-ups: story 14's part of them, and its undoing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contacts import pending
from contacts.choices import Channel, Language, Purpose, Source
from contacts.pending import Fate
from contacts.services.stopping import record_do_not_contact
from followups.future_contact import plan_future_contact
from tests.factories import ContactFactory, FollowUpFactory, TeamFactory, UserFactory
from tests.followups.hours import edmonton

pytestmark = pytest.mark.django_db

NOW = edmonton("2026-11-24 10:06")


@pytest.fixture
def specialist():
    return UserFactory(team=TeamFactory(name="Phone"))


@pytest.fixture
def client_of_ours(specialist):
    return ContactFactory(agrees_to=["seminar"], team=specialist.team)


@pytest.fixture
def planned(client_of_ours, specialist):
    return plan_future_contact(
        contact=client_of_ours, purpose=Purpose.SEMINAR, channel=Channel.EMAIL, on=NOW.date() + timedelta(days=30),
        asked="The spring seminar", uid=uuid4(), by=specialist, now=NOW,
    )  # fmt: skip


@pytest.fixture
def reply(client_of_ours):
    return FollowUpFactory(contact=client_of_ours, asked="Her permit")


def state(*follow_ups):
    for follow_up in follow_ups:
        follow_up.refresh_from_db()
    return [(follow_up.status, follow_up.cancel_reason) for follow_up in follow_ups]


def never_again(contact, by):
    record_do_not_contact(
        contact=contact, dropped=set(), language=Language.EN, source=Source.CALL, source_ref="C-2026-000009", by=by,
        now=NOW,
    )  # fmt: skip


def test_what_was_planned_is_listed_as_ending_and_the_answer_as_asked(client_of_ours, planned, reply):
    fates = {work.label: work.fate for work in pending.works_of(client_of_ours)}

    assert fates == {"Her permit": Fate.ASKED, "The spring seminar": Fate.ENDS}


def test_a_planned_contact_ends_with_the_reason_and_the_answer_they_asked_for_stays(
    client_of_ours, planned, reply, specialist
):
    never_again(client_of_ours, specialist)

    assert state(planned, reply) == [("cancelled", "The client asked not to be contacted"), ("open", "")]
    assert planned.cancelled_by == specialist


def test_undoing_brings_the_plan_back(client_of_ours, planned, specialist):
    never_again(client_of_ours, specialist)

    pending.resume_all(client_of_ours, at=NOW, by=specialist)

    assert state(planned) == [("open", "")]
    assert planned.cancelled_at is None
