"""The business-hour clock of a follow-up: two bars for two business days, filled where time is left or overrun.

All positions are strings in per cent of the drawing's width, so that no locale turns their point into a comma.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from math import ceil, floor

from followups.calendar import MINUTE, Calendar, NoOpenDay, business_time, is_late, spans_on
from i2a.wall_time import local_day

BAR_WIDTH = 48.5
BAR_STARTS = (0.0, 51.5)


class Tone(StrEnum):
    """Each has a word beside its colour. `SOON`: due today. `PAUSED`: no time runs now."""

    LATE = "late"
    SOON = "soon"
    PAUSED = "paused"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Segment:
    x: str
    width: str


@dataclass(frozen=True)
class ClockFace:
    """`minutes` of business time are left, or overrun when late. `due_x` is empty when due lies beyond the bars."""

    tone: Tone
    minutes: int
    day: tuple[Segment, ...]
    left: tuple[Segment, ...]
    due_x: str


@dataclass(frozen=True)
class Bars:
    """The two business days that every clock of a page shows: today (or the next one) and the one after it."""

    days: tuple[date, ...]
    spans: tuple[tuple[tuple[datetime, datetime], ...], ...]

    @classmethod
    def at(cls, now: datetime, calendar: Calendar) -> "Bars":
        """Without bars when the calendar has no service hours at all: the list must still be readable."""
        try:
            days = tuple(islice(calendar.open_days(local_day(now)), len(BAR_STARTS)))
        except NoOpenDay:
            days = ()
        return cls(days, tuple(tuple(spans_on(day, calendar)) for day in days))

    def x_of(self, at: datetime) -> float | None:
        """Where an instant lies; None outside both bars."""
        for start, spans in zip(BAR_STARTS, self.spans, strict=False):
            opens_at, closes_at = spans[0][0], spans[-1][1]
            if opens_at <= at <= closes_at:
                return start + BAR_WIDTH * ((at - opens_at) / (closes_at - opens_at))
        return None

    def segments(self, start: datetime, end: datetime) -> Iterator[Segment]:
        """The service time of both days that lies in `[start, end)`."""
        for span in (span for spans in self.spans for span in spans):
            first, last = max(span[0], start), min(span[1], end)
            x, x_end = self.x_of(first), self.x_of(last)
            if first < last and x is not None and x_end is not None:
                yield Segment(percent(x), percent(x_end - x))

    def whole(self) -> tuple[Segment, ...]:
        return tuple(self.segments(self.spans[0][0][0], self.spans[-1][-1][1])) if self.spans else ()


def clock_face(
    due: datetime, now: datetime, calendar: Calendar, bars: Bars, *, paused_at: datetime | None = None
) -> ClockFace:
    """While it is paused, what was left when the clock stopped."""
    if paused_at:
        left = ceil(business_time(paused_at, due, calendar) / MINUTE)
        return ClockFace(Tone.PAUSED, left, bars.whole(), (), "")
    late = is_late(due, now)
    start, end = (due, now) if late else (now, due)
    minutes = business_time(start, end, calendar) / MINUTE
    due_x = bars.x_of(due)
    return ClockFace(
        tone=Tone.LATE if late else _tone(due, now, calendar),
        minutes=floor(minutes) if late else ceil(minutes),
        day=bars.whole(),
        left=tuple(bars.segments(start, end)),
        due_x="" if due_x is None else percent(due_x),
    )


def percent(share: float) -> str:
    return f"{share:.1f}%"


def _tone(due: datetime, now: datetime, calendar: Calendar) -> Tone:
    if local_day(due) == local_day(now):
        return Tone.SOON
    is_open = any(opens_at <= now < closes_at for opens_at, closes_at in spans_on(local_day(now), calendar))
    return Tone.AHEAD if is_open else Tone.PAUSED
