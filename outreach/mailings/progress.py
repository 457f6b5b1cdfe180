"""How far a mailing is: everybody on its list is counted exactly once (M15)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from contacts.models import Contact
from outbox.models import Message
from outreach.mailings.kinds import Mailing

State = Message.State
ON_ITS_WAY = [State.QUEUED, State.CLAIMED, State.SENDING]
KEPT_BACK = [State.WITHHELD, State.CANCELLED]


STATES_OF = {  # names of `Progress`
    "sent": [State.SENT],
    "queued": ON_ITS_WAY,
    "bounced": [State.BOUNCED],
    "failed": [State.FAILED],
    "needs_person": [State.AMBIGUOUS],
}


@dataclass(frozen=True)
class Progress:
    """`listed` is the sum of all the others. `withheld`: how many, by reason; in the order that was asked for."""

    listed: int
    queued: int
    sent: int
    bounced: int
    failed: int
    needs_person: int
    withheld: list[tuple[str, int]]

    @property
    def finished(self) -> int:
        return self.listed - self.queued


def reached(mailing: Mailing, rows: QuerySet[Any], people: QuerySet[Contact], show: str) -> QuerySet[Contact]:
    """Of `people` those whose mails came to `show`, or who get none for this reason; "": all. `rows` are its list."""
    mails = Message.objects.filter(purpose_key=mailing.mailing)
    if not show:
        return people
    if show in STATES_OF:
        return people.filter(pk__in=mails.filter(state__in=STATES_OF[show]).values("contact"))
    left_out = rows.filter(reason=show).values("contact")
    withheld = mails.filter(state__in=KEPT_BACK, reason=show).values("contact")
    return people.filter(Q(pk__in=left_out) | Q(pk__in=withheld))


def progress_of(mailing: Mailing, rows: QuerySet[Any], order: Sequence[str]) -> Progress:
    """Two queries, whatever its size. `rows` are its list."""
    left_out = rows.exclude(reason="").values_list("reason").annotate(people=Count("pk"))
    withheld: Counter[str] = Counter(dict(left_out))
    states: Counter[str] = Counter()
    messages = Message.objects.filter(purpose_key=mailing.mailing)
    for state, reason, people in messages.values_list("state", "reason").annotate(people=Count("pk")):
        states[state] += people
        if state in KEPT_BACK:
            withheld[reason] += people
    return Progress(
        listed=mailing.listed,
        queued=sum(states[state] for state in ON_ITS_WAY),
        sent=states[State.SENT],
        bounced=states[State.BOUNCED],
        failed=states[State.FAILED],
        needs_person=states[State.AMBIGUOUS],
        withheld=sorted(withheld.items(), key=lambda one: (_place(one[0], order), one[0])),
    )


def _place(reason: str, order: Sequence[str]) -> int:
    return order.index(reason) if reason in order else len(order)
