"""How many answers came within one business day. The report asks the same question of each row as the list (N10)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from followups.models.follow_up import FollowUp, FollowUpQuerySet, late_at


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


def punctuality_of(follow_ups: FollowUpQuerySet, now: datetime) -> Punctuality:
    """One query, however many there are."""
    in_time = Q(status=FollowUp.Status.DONE, completed_at__lte=F("due_at"))
    counts = {
        "in_time": Count("pk", filter=in_time),
        "late": Count("pk", filter=late_at(now)),
        "as_promised": Count("pk", filter=Q(was_as_promised=True)),
    }
    return Punctuality(**follow_ups.aggregate(**counts))
