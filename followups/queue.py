"""The work queue as its page shows it: which follow-ups, in which groups, with which words beside the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followups.calendar import Calendar
from followups.clock_face import Bars, ClockFace, Tone, clock_face
from followups.models import FollowUp, FollowUpQuerySet
from i2a.wall_time import local_day, say_day, say_minutes, say_time, say_weekday, say_when

ROWS_PER_PAGE = 50


class View(TextChoices):
    MINE = "mine", gettext_lazy("Mine")
    TEAM = "team", gettext_lazy("Team")
    OVERDUE = "overdue", gettext_lazy("Overdue")


@dataclass(frozen=True)
class Row:
    """One follow-up; `left` and `due` are what its clock says: "1 h 39 min", "until 3:51 pm"."""

    follow_up: FollowUp
    face: ClockFace
    left: str
    due: str


@dataclass(frozen=True)
class Group:
    label: str
    rows: list[Row]


def follow_ups_of(view: View, user: Any, now: datetime) -> FollowUpQuerySet:
    visible = FollowUp.objects.visible_to(user).open()
    if view is View.MINE:
        return visible.assigned_to(user)
    return visible.overdue(now) if view is View.OVERDUE else visible


def count_views(user: Any, now: datetime) -> dict[str, int]:
    """How many follow-ups each view holds, in one query."""
    visible = FollowUp.objects.visible_to(user).open()
    return visible.aggregate(
        mine=Count("pk", filter=Q(assigned_to=user)),
        team=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
    )


def rows_after(follow_ups: FollowUpQuerySet, last_uid: UUID | None) -> tuple[list[FollowUp], UUID | None]:
    """The page that follows the row `last_uid` (the first page without one), most urgent first, and its own last row
    where more follow. Deep pages cost what the first one costs."""
    if last_uid:
        last = FollowUp.objects.filter(uid=last_uid).values_list("due_at", "pk").first()
        if last:
            follow_ups = follow_ups.filter(Q(due_at__gt=last[0]) | Q(due_at=last[0], pk__gt=last[1]))
    rows = list(follow_ups.select_related("contact", "assigned_to").order_by("due_at", "pk")[: ROWS_PER_PAGE + 1])
    shown = rows[:ROWS_PER_PAGE]
    return shown, shown[-1].uid if len(rows) > ROWS_PER_PAGE else None


def grouped(follow_ups: Sequence[FollowUp], now: datetime, calendar: Calendar, bars: Bars) -> list[Group]:
    """Late ones first, then a group for each day; `follow_ups` come ordered by due time."""
    rows = [_row(follow_up, now, calendar, bars) for follow_up in follow_ups]
    groups = groupby(rows, key=lambda row: _group_label(row, now, calendar))
    return [Group(label, list(members)) for label, members in groups]


def _row(follow_up: FollowUp, now: datetime, calendar: Calendar, bars: Bars) -> Row:
    face = clock_face(follow_up.due_at, now, calendar, bars)
    when, length = say_when(follow_up.due_at, now), say_minutes(face.minutes)
    if face.tone is Tone.LATE:
        left = _("%(length)s late") % {"length": length} if face.minutes else _("Late")
        return Row(follow_up, face, left, _("since %(when)s") % {"when": when})
    if face.tone is Tone.SOON:
        return Row(follow_up, face, length, _("until %(when)s") % {"when": when})
    if face.tone is Tone.PAUSED:
        return Row(follow_up, face, length, _("%(when)s, the clock stands still now") % {"when": when})
    return Row(follow_up, face, length, when)


def _group_label(row: Row, now: datetime, calendar: Calendar) -> str:
    day, today = local_day(row.follow_up.due_at), local_day(now)
    if row.face.tone is Tone.LATE:
        return _("Late")
    if day == today:
        blocks = calendar.blocks_on(day)
        if not blocks:  # the day was closed after somebody was promised an answer on it
            return _("Due today")
        return _("Due before we close today, %(time)s") % {"time": say_time(blocks[-1].closes)}
    if day == today + timedelta(days=1):
        return _("Due tomorrow, %(weekday)s") % {"weekday": say_weekday(day)}
    return _("Due %(day)s") % {"day": say_day(day)}
