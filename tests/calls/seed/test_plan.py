from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from access.demo import CAST, PHONE
from calls.seed.library import DOCUMENTS, TEXTS
from calls.seed.people import read_people
from calls.seed.plan import plan_calls
from calls.seed.talk import TALKS
from contacts.phones import read_number
from followups.calendar import Block, Calendar, SpecialDay
from i2a.clock import EDMONTON

CALENDAR = Calendar(
    week={weekday: (Block(time(9), time(16, 30)),) for weekday in range(1, 6)},
    special_days={date(2026, 11, 11): SpecialDay("Remembrance Day", "Jour du Souvenir")},
)
MOMENTS = {
    "Monday morning of the stories": datetime(2026, 11, 23, 10, 0),
    "just opened": datetime(2026, 11, 23, 9, 2),
    "before opening": datetime(2026, 11, 23, 6, 30),
    "just before closing": datetime(2026, 11, 20, 16, 29),
    "evening": datetime(2026, 11, 20, 21, 0),
    "weekend": datetime(2026, 11, 21, 15, 0),
    "holiday": datetime(2026, 11, 11, 11, 0),
    "shortly after midnight": datetime(2026, 11, 24, 0, 10),
    "New Year": datetime(2027, 1, 1, 12, 0),
}


@pytest.fixture(params=MOMENTS.values(), ids=MOMENTS.keys())
def now(request):
    return request.param.replace(tzinfo=EDMONTON).astimezone(UTC)


@pytest.fixture
def people():
    return read_people()


def test_a_month_of_about_300_calls_that_are_all_over(people, now):
    calls = plan_calls(people, CALENDAR, now)

    assert 285 <= len(calls) <= 340
    assert max(call.ended_at for call in calls) <= now
    assert [call.started_at for call in calls] == sorted(call.started_at for call in calls)


def test_the_same_moment_gives_the_same_month(people, now):
    assert plan_calls(people, CALENDAR, now) == plan_calls(people, CALENDAR, now)


def test_everybody_calls_for_the_first_time_once_and_before_anything_else(people, now):
    calls = plan_calls(people, CALENDAR, now)

    for place, person in enumerate(people):
        theirs = [call for call in calls if call.caller == place]
        assert [call.is_first for call in theirs].count(True) == 1
        assert theirs[0].is_first
        assert {call.team for call in theirs} == {person.team}


def test_nobody_is_on_two_calls_at_once(people, now):
    calls = [call for call in plan_calls(people, CALENDAR, now) if call.answers is None]

    for specialist in ["maya", "tomas", "priya", "jun"]:
        theirs = [call for call in calls if call.specialist == specialist]
        assert all(first.ended_at <= then.started_at for first, then in pairwise(theirs))


def test_maya_has_calls_today_and_three_open_promises(people, now):
    calls = plan_calls(people, CALENDAR, now)

    assert (
        len([call for call in calls if call.specialist == "maya" and call.started_at > now - timedelta(hours=18)]) >= 2
    )
    open_ones = [call for call in calls if call.specialist == "maya" and call.due and not call.answered_at]
    assert len(open_ones) == 3
    assert all(call.due > now for call in open_ones)


def test_exactly_one_promise_is_late_and_the_kept_ones_lie_in_the_past(people, now):
    calls = plan_calls(people, CALENDAR, now)

    late = [call for call in calls if call.due and not call.answered_at and call.due < now]
    assert [call.specialist for call in late] == ["tomas"]
    answered = [call for call in calls if call.answered_at]
    assert len(answered) > 15
    assert all(call.ended_at <= call.answered_at for call in answered)


def test_calls_outside_hours_say_so(people, now):
    for call in plan_calls(people, CALENDAR, now):
        local = call.started_at.astimezone(EDMONTON)
        is_open = bool(CALENDAR.blocks_on(local.date())) and time(9) <= local.time() < time(16, 30)
        assert call.is_outside_hours is not is_open


def test_callers_are_invented(people):
    for person in people:
        domain = person.columns["email"].rpartition("@")[2]
        assert domain == "" or domain.split(".")[-2:] in (["example", "com"], ["example", "org"], ["example", "net"])
        assert read_number(person.phone).e164
        assert "555" in person.phone.replace(" ", "") or person.phone.startswith(("+44 20 7946 0", "+33 6 39 98"))
    assert len({person.columns["name"] for person in people if person.columns["name"]}) == len(people) - 3


def test_the_phone_team_has_a_team_lead_and_every_role_somebody():
    assert {character.role for character in CAST if character.team == PHONE} == {"specialist", "team_lead"}
    assert len({character.role for character in CAST}) == 5


def test_every_document_exists_in_both_languages_and_every_talk_names_one():
    stems = {stem for stem, *_rest in DOCUMENTS}

    assert {path.name for path in TEXTS.iterdir()} == {f"{stem}.{code}.txt" for stem in stems for code in ("en", "fr")}
    assert {talk.document for talk in TALKS} <= stems - {"fees-and-times"}
