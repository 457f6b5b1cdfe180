"""What brings reading into the queue. Apps above add what only they can tell: `register(...)` when they are ready."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.history import register_words
from audit.models import AccessEvent
from audit.reports import hours, purposes
from i2a.wall_time import local_day

Kind = AccessEvent.Kind
HOUR = timedelta(hours=1)
CONTACT = "contacts.contact"
SAMPLE = "sample"


@dataclass(frozen=True)
class Picked:
    """Reads of one person. `key` tells them from others of the same rule; `reads` are keys of access events."""

    key: str
    reader: int
    since: datetime
    until: datetime
    reads: list[int]


@dataclass(frozen=True)
class Rule:
    """`pick(start, end)` answers what it finds among the events of that time; twice the same, the same keys.

    An urgent one is looked for every few minutes, and the privacy officers are told at once.
    """

    code: str
    label: str | Promise
    explained: str | Promise
    pick: Callable[[datetime, datetime], Iterable[Picked]]
    is_urgent: bool = False


_rules: dict[str, Rule] = {}


def register(rule: Rule) -> None:
    _rules[rule.code] = rule


def rules() -> list[Rule]:
    return list(_rules.values())


def rule_of(code: str) -> Rule | None:
    return _rules.get(code)


def events_between(start: datetime, end: datetime, *kinds: str) -> QuerySet[AccessEvent]:
    """What people did, oldest first."""
    rows = AccessEvent.objects.filter(kind__in=kinds, at__gte=start, at__lt=end, actor__isnull=False)
    return rows.order_by("at", "pk")


def many_in_an_hour(start: datetime, end: datetime) -> Iterator[Picked]:
    """More different contacts than `I2A_READS_PER_HOUR` within any sixty minutes; once for each hour of the clock."""
    opened = events_between(start - HOUR, end, Kind.VIEWED, Kind.PRINTED).filter(object_type=CONTACT)
    by_reader: dict[int, list[tuple[datetime, int, Any]]] = defaultdict(list)
    for reader, *read in opened.values_list("actor", "at", "pk", "object_uid"):
        by_reader[reader].append(tuple(read))  # type: ignore[arg-type]
    for reader, reads in by_reader.items():
        found: dict[str, Picked] = {}
        for picked in busy_hours(reader, reads):
            found[picked.key] = picked  # the last one of an hour holds the most
        yield from found.values()


def busy_hours(reader: int, reads: list[tuple[datetime, int, Any]]) -> Iterator[Picked]:
    first = 0
    for last, (at, _pk, _uid) in enumerate(reads):
        while reads[first][0] <= at - HOUR:
            first += 1
        within = reads[first : last + 1]
        if len({uid for _at, _pk, uid in within}) > settings.I2A_READS_PER_HOUR:
            yield Picked(f"{at:%Y-%m-%dT%H}", reader, within[0][0], at, [pk for _at, pk, _uid in within])


def many_without_work(start: datetime, end: datetime) -> Iterator[Picked]:
    opened = events_between(start, end, Kind.VIEWED, Kind.PRINTED).filter(detail__has_key="purpose")
    opened = opened.exclude(detail__purpose__in=purposes.works())
    yield from (day for day in by_day(opened) if len(day.reads) > settings.I2A_READS_WITHOUT_WORK)


def outside_hours(start: datetime, end: datetime) -> Iterator[Picked]:
    opened = events_between(start, end, Kind.VIEWED, Kind.PRINTED, Kind.SEARCHED, Kind.EXPORTED)
    yield from by_day(opened.filter(hours.outside("at", start, end)))


def exports(start: datetime, end: datetime) -> Iterator[Picked]:
    yield from one_by_one(events_between(start, end, Kind.EXPORTED))


def by_day(events: QuerySet[AccessEvent]) -> Iterator[Picked]:
    """One for each person and Edmonton day."""
    found: dict[tuple[int, Any], list[tuple[datetime, int]]] = defaultdict(list)
    for reader, at, pk in events.values_list("actor", "at", "pk"):
        found[reader, local_day(at)].append((at, pk))
    for (reader, day), reads in found.items():
        yield Picked(day.isoformat(), reader, reads[0][0], reads[-1][0], [pk for _at, pk in reads])


def one_by_one(events: Iterable[AccessEvent]) -> Iterator[Picked]:
    for event in events:
        yield Picked(str(event.pk), event.actor_id, event.at, event.at, [event.pk])  # type: ignore[arg-type]


def register_rules() -> None:
    """What the audit itself can tell. The sample is no rule: `audit.review.picking`."""
    register_words("audit.ReviewItem", rule=say_rule)
    for rule in [
        Rule(
            "many",
            _("Many contacts in an hour"),
            _("More different contacts were opened within an hour than calls explain."),
            many_in_an_hour,
            is_urgent=True,
        ),
        Rule(
            "no_work",
            _("Reading without a work item"),
            _("Many records were opened in a day without a call, follow-up or other work with those people."),
            many_without_work,
        ),
        Rule("hours", _("Outside service hours"), _("Records were read while the service was closed."), outside_hours),
        Rule("export", _("Export"), _("A list was taken out as a file."), exports),
    ]:
        register(rule)


def say_rule(code: str) -> str:
    rule = rule_of(code)
    return str(rule.label) if rule else str(_("Random sample"))


def explain(code: str) -> str:
    rule = rule_of(code)
    return str(rule.explained) if rule else str(_("Picked by chance, as some reads are every day."))
