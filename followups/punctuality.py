"""How many answers came within one business day. The report asks the same question of each row as the list (N10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from followups.models import FollowUp


@dataclass(frozen=True)
class Punctuality:
    """`in_time` and `late` go by the due time in force, `as_promised` by the one that was promised first (R-FUP-07).

    Not counted: what was cancelled, and what is open and still has time.
    """

    in_time: int = 0
    late: int = 0
    as_promised: int = 0

    @property
    def counted(self) -> int:
        return self.in_time + self.late

    @property
    def share(self) -> float | None:
        """In per cent; None when nothing is counted yet."""
        return 100 * self.in_time / self.counted if self.counted else None

    @property
    def share_as_promised(self) -> float | None:
        return 100 * self.as_promised / self.counted if self.counted else None


def punctuality_of(follow_ups: Iterable[FollowUp], now: datetime) -> Punctuality:
    late = in_time = as_promised = 0
    for follow_up in follow_ups:
        if follow_up.is_late(now):
            late += 1
        elif follow_up.status == FollowUp.Status.DONE:
            in_time += 1
        as_promised += bool(follow_up.was_as_promised)
    return Punctuality(in_time, late, as_promised)
