"""Which calls the demonstration has had: pure, seeded, so that the same moment always gives the same month."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from access.demo import PHONE, TRADE_MISSIONS
from calls.seed.people import Person
from calls.seed.talk import TALKS, Talk, talks_for
from contacts.choices import Category
from followups.calendar import Calendar, due_at, state_at
from i2a.clock import EDMONTON

SEED = 2006  # the year the information service began
DAYS = 28  # business days before today
CALLS_A_DAY = {"maya": 4, "tomas": 3, "priya": 1, "jun": 2}
TEAMS = {"maya": PHONE, "tomas": PHONE, "priya": PHONE, "jun": TRADE_MISSIONS}
STILL_OPEN = {"maya": 3, "tomas": 1, "jun": 1}  # due later than now
FORGOTTEN_BY = "tomas"  # who has one that is late
OPENING, LENGTH = time(9), timedelta(hours=7, minutes=10)  # the last call begins at ten past four
KNOWN_CALLERS = 0.34  # share of the other calls that are repeat calls; the rest stays without a contact
CATEGORIES = {
    Category.FOREIGN_NATIONAL: 43,
    Category.EMPLOYER: 20,
    Category.THIRD_PARTY: 14,
    Category.TEMPORARY_FOREIGN_WORKER: 9,
    Category.INTERNATIONAL_STUDENT: 6,
    Category.ENTREPRENEUR: 4,
    Category.INVESTOR: 2,
    Category.OTHER: 2,
}  # per cent of calls (performance of the real line)


@dataclass
class PlannedCall:
    """`caller` is a place in the list of people; None stays anonymous. `due` is None when nothing was promised.

    `answers` is the call whose promise this one keeps: then it is outbound.
    """

    specialist: str
    started_at: datetime
    seconds: int
    is_outside_hours: bool
    caller: int | None = None
    is_first: bool = False
    category: Category = Category.FOREIGN_NATIONAL
    talk: Talk = TALKS[0]
    due: datetime | None = None
    answered_at: datetime | None = None
    answers: "PlannedCall | None" = None
    is_mistake: bool = False
    is_latest: bool = False  # of today, or of the hours before now

    @property
    def team(self) -> str:
        return TEAMS[self.specialist]

    @property
    def ended_at(self) -> datetime:
        return self.started_at + timedelta(seconds=self.seconds)


def plan_calls(people: list[Person], calendar: Calendar, now: datetime) -> list[PlannedCall]:
    """About 300 calls in order of time, the last of them today and over by `now`; everybody in `people` called."""
    random = Random(SEED)  # noqa: S311 - a story, not a secret
    calls = sorted(_slots(calendar, now, random), key=lambda call: (call.started_at, call.specialist))
    _cast_callers(calls, people, random)
    for call in calls:
        call.talk = random.choice(talks_for(call.category))
    _promise(calls, calendar, now, random)
    next(call for call in calls[len(calls) // 4 :] if call.caller is None).is_mistake = True
    calls += list(_calls_back(calls, calendar, random))
    return sorted(calls, key=lambda call: (call.started_at, call.specialist))


def _slots(calendar: Calendar, now: datetime, random: Random) -> Iterator[PlannedCall]:
    for day in _last_business_days(calendar, now):
        opens = datetime.combine(day, OPENING, tzinfo=EDMONTON)
        yield from _day(opens, LENGTH, 1.0, calendar, random)
    opens = datetime.combine(now.astimezone(EDMONTON).date(), OPENING, tzinfo=EDMONTON)
    closes = min(now - timedelta(minutes=16), opens + LENGTH)  # every call is over by now
    is_working_day = bool(calendar.blocks_on(opens.date()))
    if is_working_day and closes - opens >= timedelta(hours=1):
        latest = _day(opens, closes - opens, max(0.75, (closes - opens) / LENGTH), calendar, random)
    else:  # before nine, or on a closed day: somebody came in to catch up, and the calls are marked "outside hours"
        latest = _day(now - timedelta(minutes=106), timedelta(minutes=90), 0.75, calendar, random)
    for call in latest:
        call.is_latest = True
        yield call


def _last_business_days(calendar: Calendar, now: datetime) -> list[date]:
    today = now.astimezone(EDMONTON).date()
    days: list[date] = []
    day = today
    while len(days) < DAYS:
        day -= timedelta(days=1)
        if calendar.blocks_on(day):
            days.append(day)
    return days


def _day(opens: datetime, length: timedelta, share: float, calendar: Calendar, random: Random) -> Iterator[PlannedCall]:
    """One specialist's calls never overlap: each has a stretch of its own."""
    for specialist, usual in CALLS_A_DAY.items():
        count = max(1, round(usual * share))
        stretch = length / count
        for place in range(count):
            started_at = opens + stretch * (place + random.uniform(0.05, 0.4))
            started_at = started_at.replace(microsecond=0)
            seconds = random.randrange(140, min(900, max(200, int(stretch.total_seconds() * 0.55))))
            yield PlannedCall(specialist, started_at, seconds, not state_at(started_at, calendar).is_open)


def _cast_callers(calls: list[PlannedCall], people: list[Person], random: Random) -> None:
    by_team: dict[str, list[PlannedCall]] = defaultdict(list)
    for call in calls:
        by_team[call.team].append(call)
    for team, team_calls in by_team.items():
        callers = [place for place, person in enumerate(people) if person.team == team]
        random.shuffle(callers)
        first_calls = random.sample([call for call in team_calls if not call.is_latest], len(callers))
        first = dict(zip(map(id, sorted(first_calls, key=lambda call: call.started_at)), callers, strict=True))
        known: list[int] = []
        for call in team_calls:
            _cast(call, first.get(id(call)), known, people, random)


def _cast(call: PlannedCall, newcomer: int | None, known: list[int], people: list[Person], random: Random) -> None:
    """Who is on the line: somebody for the first time, somebody known, or nobody we need to know."""
    call.category = random.choices(list(CATEGORIES), weights=list(CATEGORIES.values()))[0]
    calls_again = random.random() < KNOWN_CALLERS or call.is_latest
    if newcomer is not None:
        call.caller, call.is_first = newcomer, True
        known.append(newcomer)
    elif known and calls_again:
        call.caller = random.choice(known)
    if call.caller is not None:
        call.category = Category(people[call.caller].columns["category"])


def _promise(calls: list[PlannedCall], calendar: Calendar, now: datetime, random: Random) -> None:
    """Some answers are owed. Few are still open, one of them too late; the others were given, nearly all in time."""
    still_open = dict(STILL_OPEN)
    forgotten = False
    for call in reversed(calls):
        due = due_at(call.started_at, calendar).at
        wanted = random.random() < 0.25
        if call.caller is None:
            continue
        if due > now:
            if still_open.get(call.specialist, 0):
                still_open[call.specialist] -= 1
                call.due = due
        elif call.specialist == FORGOTTEN_BY and not forgotten:
            forgotten, call.due = True, due
        elif wanted:
            call.due, call.answered_at = due, _answered_at(call, due, random)


def _calls_back(calls: list[PlannedCall], calendar: Calendar, random: Random) -> Iterator[PlannedCall]:
    """Most promises are kept by calling back."""
    for call in calls:
        if call.answered_at and random.random() < 0.6:
            yield _call_back(call, call.answered_at, calendar, random)


def _call_back(call: PlannedCall, ends_at: datetime, calendar: Calendar, random: Random) -> PlannedCall:
    seconds = random.randrange(90, 240)
    started_at = max(call.ended_at, ends_at - timedelta(seconds=seconds))
    is_outside_hours = not state_at(started_at, calendar).is_open
    return PlannedCall(
        call.specialist, started_at, seconds, is_outside_hours, call.caller, category=call.category, talk=call.talk,
        answers=call,
    )  # fmt: skip


def _answered_at(call: PlannedCall, due: datetime, random: Random) -> datetime:
    """Within two hours before it was due; one in twelve a little after."""
    minutes = random.randrange(-25, -5) if random.random() < 1 / 12 else random.randrange(10, 120)
    return max(call.ended_at + timedelta(minutes=4), due - timedelta(minutes=minutes))
