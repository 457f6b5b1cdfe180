"""The links of a survey (INV-19): written once, in no order, and told apart by nobody without the server's key."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from calls.models import Topic
from surveys.ballots.tickets import PHONE_SPARE, shared, write_tickets
from surveys.ballots.tokens import hash_of, phone_token, token_of
from surveys.models import BallotBox, Ticket
from tests.factories import CallFactory, InvitationFactory, SurveyFactory

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
WORK, STUDY, FAMILY = ("in", 1), ("in", 2), ("out", 1)
UNTOLD = ("", None)


@pytest.fixture
def survey(db, time_machine):
    time_machine.move_to(NOW)
    return SurveyFactory(is_open=True)


def invite(survey, count, topic="Work permits"):
    return [
        InvitationFactory(survey=survey, call=CallFactory(topics=[topic, "Study"]), invited_on=NOW.date())
        for _number in range(count)
    ]


def test_everybody_who_is_written_to_gets_a_link_and_the_phone_has_spare_ones(survey):
    people = invite(survey, 2)
    withheld = InvitationFactory(survey=survey, reason="consent withdrawn")
    by_phone = InvitationFactory(survey=survey, by_phone=True, invited_on="2026-11-01")

    write_tickets(survey)

    hashes = set(Ticket.objects.values_list("token_sha256", flat=True))
    assert len(hashes) == 2 + PHONE_SPARE
    assert {hash_of(token_of(person)) for person in people} < hashes
    assert {hash_of(phone_token(survey, number)) for number in (1, PHONE_SPARE)} < hashes
    assert not {hash_of(token_of(withheld)), hash_of(token_of(by_phone))} & hashes


def test_tickets_stand_in_the_order_of_their_hashes_and_none_is_used(survey):
    invite(survey, 3)

    write_tickets(survey)

    tickets = list(Ticket.objects.order_by("place"))
    box = BallotBox.objects.get()
    assert [ticket.place for ticket in tickets] == list(range(3 + PHONE_SPARE))
    assert [ticket.token_sha256 for ticket in tickets] == sorted(ticket.token_sha256 for ticket in tickets)
    assert (set(box.used), len(box.used), box.phone_drawn) == ({"0"}, 3 + PHONE_SPARE, 0)


def test_a_ticket_tells_direction_and_first_topic_of_the_call_when_five_share_them(survey):
    invite(survey, 10)  # five of them are untold, as the phone's are

    write_tickets(survey)

    told = Ticket.objects.exclude(channel="")
    assert {(ticket.channel, ticket.topic) for ticket in told} == {("in", Topic.objects.get(name="Work permits"))}
    assert told.count() == 5


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ({WORK: 5}, set()),  # nothing is lost: there is nothing to tell apart
        ({WORK: 4}, set()),
        ({WORK: 5, STUDY: 5}, {STUDY}),
        ({WORK: 6, STUDY: 5, FAMILY: 1}, {WORK}),  # alone, the one of FAMILY would be the only untold one
        ({WORK: 9, STUDY: 3, FAMILY: 2}, {WORK}),
        ({WORK: 7, UNTOLD: 2}, set()),
        ({WORK: 9, UNTOLD: 2}, {WORK}),
        ({WORK: 5, UNTOLD: 5}, {WORK}),
        ({WORK: 20, STUDY: 6}, {WORK, STUDY}),  # WORK lends five
    ],
)
def test_nobody_stands_in_a_group_of_fewer_than_five_and_some_are_always_untold(sizes, told):
    groups = [group for group, size in sizes.items() for _number in range(size)]

    kept = Counter(shared(dict(enumerate(groups))).values())

    assert kept.keys() - {UNTOLD} == told
    assert kept.total() == len(groups)
    assert UNTOLD in kept
    assert min(kept.values()) >= min(5, len(groups))


def test_a_link_depends_on_survey_invitation_and_key(survey, settings):
    one, other = invite(survey, 2)
    elsewhere = InvitationFactory()
    tokens = {token_of(one), token_of(other), token_of(elsewhere), phone_token(survey, 1), phone_token(survey, 2)}

    settings.I2A_HMAC_KEY = "another key"

    assert len(tokens) == 5
    assert token_of(one) not in tokens
