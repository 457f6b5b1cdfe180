"""The work queue as its page shows it: which follow-ups, in which groups, with which words beside the clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.choices import Category
from followups.calendar import Calendar
from followups.clock_face import Bars, ClockFace, Tone, clock_face
from followups.models import FollowUp, FollowUpQuerySet
from i2a.keyset import Key, Order, page_of
from i2a.wall_time import local_day, say_day, say_days, say_minutes, say_time, say_weekday, say_when

ROWS_PER_PAGE = 50
MOST_COUNTED = 200  # of each view; more than somebody can answer, and what a page costs ends there
WEEK_OF_SERVICE = 5 * 450  # minutes
BY_DUE_TIME = Order("due_at")


class View(TextChoices):
    MINE = "mine", gettext_lazy("Mine")
    TEAM = "team", gettext_lazy("Team")
    OVERDUE = "overdue", gettext_lazy("Overdue")
    UNASSIGNED = "unassigned", gettext_lazy("Unassigned")
    LEFT = "left", gettext_lazy("To hand over")
    WAITING = "waiting", gettext_lazy("Waiting for the client")


@dataclass(frozen=True)
class Row:
    """One follow-up; `left` and `due` are what its clock says: "1 h 39 min", "until 3:51 pm"; `actions` its buttons."""

    follow_up: FollowUp
    face: ClockFace
    left: str
    due: str
    actions: str

    @property
    def what(self) -> str:
        return self.follow_up.asked or str(FollowUp.Kind(self.follow_up.kind).label)

    @property
    def category(self) -> str:
        return str(Category(self.follow_up.contact.category).label) if self.follow_up.contact else ""


@dataclass(frozen=True)
class Group:
    label: str
    rows: list[Row]


def follow_ups_of(view: View, user: Any, now: datetime) -> FollowUpQuerySet:
    """Open ones of this view. The team's are those it raised; who sees all teams sees all. Paused ones wait apart."""
    visible = FollowUp.objects.visible_to(user).open()
    if view is View.MINE:
        return visible.assigned_to(user).filter(paused_at__isnull=True)
    if not user.has_perm("followups.view_all_teams"):
        visible = visible.filter(team_id=user.team_id)
    if view is View.WAITING:
        return visible.filter(paused_at__isnull=False)
    if view is View.OVERDUE:
        return visible.overdue(now)
    if view is View.LEFT:
        return visible.left(now)
    running = visible.filter(paused_at__isnull=True)
    return running.unassigned() if view is View.UNASSIGNED else running


def count_views(user: Any, now: datetime) -> dict[str, int]:
    """How many follow-ups each view holds, up to `MOST_COUNTED`, in one query: the cost does not grow with them."""
    counted: list[str] = []
    parameters: list[Any] = []
    for view in View:
        first = follow_ups_of(view, user, now).values("pk")[:MOST_COUNTED]
        sql, values = first.query.sql_with_params()
        counted.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - Django wrote `sql`
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counted)}", parameters)
        return dict(zip(View.values, cursor.fetchone(), strict=True))


def say_count(count: int) -> str:
    return _("%(count)s or more") % {"count": count} if count >= MOST_COUNTED else str(count)


def rows_after(follow_ups: FollowUpQuerySet, last_uid: UUID | None) -> tuple[list[FollowUp], UUID | None]:
    """The page that follows the row `last_uid` (the first page without one), most urgent first, and its own last row
    where more follow."""
    key = None
    if last_uid:
        last = FollowUp.objects.filter(uid=last_uid).values_list("due_at", "pk").first()
        key = Key(*last) if last else None
    page = page_of(follow_ups.select_related("contact", "assigned_to"), BY_DUE_TIME, ROWS_PER_PAGE, after=key)
    return page.rows, page.rows[-1].uid if page.has_next else None


def grouped(
    follow_ups: Sequence[FollowUp],
    now: datetime,
    calendar: Calendar,
    bars: Bars,
    actions_of: Callable[[FollowUp], str],
) -> list[Group]:
    """Late ones first, then a group for each day; `follow_ups` come ordered by due time."""
    rows = [row_of(follow_up, now, calendar, bars, actions_of(follow_up)) for follow_up in follow_ups]
    groups = groupby(rows, key=lambda row: _group_label(row, now, calendar))
    return [Group(label, list(members)) for label, members in groups]


def row_of(follow_up: FollowUp, now: datetime, calendar: Calendar, bars: Bars, actions: str) -> Row:
    face = clock_face(follow_up.due_at, now, calendar, bars, paused_at=follow_up.paused_at)
    return Row(follow_up, face, *words_of(follow_up, face, now), actions)


def words_of(follow_up: FollowUp, face: ClockFace, now: datetime) -> tuple[str, str]:
    if follow_up.paused_at:
        return _("Paused"), _("since %(when)s") % {"when": say_when(follow_up.paused_at, now)}
    when, length = say_when(follow_up.due_at, now), say_length(follow_up.due_at, now, face)
    if face.tone is Tone.LATE:
        left = _("%(length)s late") % {"length": length} if face.minutes else _("Late")
        return left, _("since %(when)s") % {"when": when}
    if face.tone is Tone.SOON:
        return length, _("until %(when)s") % {"when": when}
    if face.tone is Tone.PAUSED:
        return length, _("%(when)s, the clock stands still now") % {"when": when}
    return length, when


def say_length(due: datetime, now: datetime, face: ClockFace) -> str:
    """Service time; of what lies more than a week of it away, the days of the calendar: nobody reckons in 187 h."""
    if face.minutes < WEEK_OF_SERVICE:
        return say_minutes(face.minutes)
    return say_days(abs(local_day(due) - local_day(now)).days)


def _group_label(row: Row, now: datetime, calendar: Calendar) -> str:
    day, today = local_day(row.follow_up.due_at), local_day(now)
    if row.follow_up.paused_at:
        return _("The clock stands still until the client says more")
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
