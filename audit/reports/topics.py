"""The questions that the audit answers, each under one word: who viewed, what changed, consent, exports, refusals …

A topic chooses among two tables: changes of records (auditlog) and what is no change (`AccessEvent`). Apps above add
theirs with `register(...)` in their `AppConfig.ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import AccessEvent, LogEntry
from audit.reports import hours, purposes
from audit.reports.naming import content_types

Kind = AccessEvent.Kind
WHOLE = "audit.view_report"
ACCESS_CHANGES = "audit.view_access_changes"


def nothing_more(column: str, start: datetime, end: datetime) -> Q:
    return Q()


@dataclass(frozen=True)
class Topic:
    """`kinds` of access events, None for none and () for all; `models`, by label, whose changes count, in the same way.

    `more(column, start, end)` narrows both further; `column` is that of the time.
    """

    code: str
    position: int
    label: str | Promise
    explained: str | Promise
    kinds: tuple[str, ...] | None = None
    models: tuple[str, ...] | None = None
    more: Callable[[str, datetime, datetime], Q] = nothing_more
    permission: str = WHOLE
    has_person: bool = False  # only what somebody signed in did

    def of_accesses(self, start: datetime, end: datetime) -> Q | None:
        if self.kinds is None:
            return None
        condition = self.more("at", start, end) & self._of_people
        return condition & Q(kind__in=self.kinds) if self.kinds else condition

    def of_changes(self, start: datetime, end: datetime) -> Q | None:
        if self.models is None:
            return None
        condition = self.more("timestamp", start, end) & self._of_people
        types = content_types(apps.get_model(label) for label in self.models)
        return condition & Q(content_type_id__in=types) if self.models else condition

    @property
    def _of_people(self) -> Q:
        return Q(actor__isnull=False) if self.has_person else Q()

    def accesses(self, start: datetime, end: datetime) -> "QuerySet[AccessEvent] | None":
        condition = self.of_accesses(start, end)
        return None if condition is None else AccessEvent.objects.filter(condition, at__gte=start, at__lt=end)

    def changes(self, start: datetime, end: datetime) -> "QuerySet[LogEntry] | None":
        condition = self.of_changes(start, end)
        rows = LogEntry.objects.filter(timestamp__gte=start, timestamp__lt=end)
        return None if condition is None else rows.filter(condition)


EVERYTHING = Topic("", 0, _("Anything"), "", kinds=(), models=())
_topics: dict[str, Topic] = {}


def register(topic: Topic) -> None:
    _topics[topic.code] = topic


def say_topic(code: str) -> str:
    return str(_topics[code].label) if code in _topics else code


def topics_for(user: Any) -> list[Topic]:
    """What this person may ask, in the order of the page."""
    allowed = (topic for topic in _topics.values() if user.has_perm(topic.permission))
    return sorted(allowed, key=lambda topic: (topic.position, topic.code))


def topic_of(user: Any, code: str) -> Topic:
    """The topic asked for; else everything, or the only one that this person may ask."""
    allowed = topics_for(user)
    known = next((topic for topic in allowed if topic.code == code), None)
    return known or (EVERYTHING if user.has_perm(WHOLE) else allowed[0])


def without_work(column: str, start: datetime, end: datetime) -> Q:
    return Q(detail__has_key="purpose") & ~Q(detail__purpose__in=purposes.works())


def register_topics() -> None:
    """What the audit itself knows."""
    for topic in [
        Topic(
            "viewed",
            10,
            _("Opened a record"),
            _("Who opened which contact, call or follow-up, and for which work."),
            kinds=(Kind.VIEWED,),
        ),
        Topic("changed", 20, _("Changed a record"), _("Who created, changed or removed what."), models=()),
        Topic(
            "exports",
            40,
            _("Exports and bulk views"),
            _("Lists that were opened, printed or taken out as a file."),
            kinds=(Kind.EXPORTED, Kind.PRINTED, Kind.LISTED),
        ),
        Topic(
            "hours",
            50,
            _("Outside service hours"),
            _("What people did before opening, after closing, on weekends and holidays."),
            kinds=(),
            models=(),
            more=hours.outside,
            has_person=True,
        ),
        Topic(
            "refused",
            60,
            _("Refusals"),
            _("Who tried to open what they may not, and who failed to sign in."),
            kinds=(Kind.DENIED, Kind.TRAINING_BLOCK, Kind.SIGN_IN_FAILED, Kind.LOCKED_OUT),
        ),
        Topic(
            "no_work",
            80,
            _("Read without a work item"),
            _("Records opened without a call, follow-up or other work with that person."),
            kinds=(Kind.VIEWED, Kind.PRINTED),
            more=without_work,
        ),
        Topic(
            "searched", 90, _("Lookups"), _("Who looked up callers, and how many were found."), kinds=(Kind.SEARCHED,)
        ),
        Topic(
            "reports",
            100,
            _("Use of the audit"),
            _("Who read, printed or exported these reports."),
            kinds=(Kind.REPORT_VIEWED, Kind.EXPORTED, Kind.PRINTED),
            more=of_reports,
        ),
    ]:
        register(topic)


def of_reports(column: str, start: datetime, end: datetime) -> Q:
    return Q(object_type="audit.report")
