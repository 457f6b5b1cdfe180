"""How far a campaign is: everybody on its list is counted exactly once (M15)."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from outbox.models import Message
from outreach.campaigns.audience import ORDER
from outreach.models import Campaign

State = Message.State
ON_ITS_WAY = [State.QUEUED, State.CLAIMED, State.SENDING]
KEPT_BACK = [State.WITHHELD, State.CANCELLED]


@dataclass(frozen=True)
class Progress:
    """`listed` is the sum of all the others. `withheld`: how many, by reason; say it with `audience.say_reason`."""

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

    @property
    def all_withheld(self) -> int:
        return sum(people for _reason, people in self.withheld)


def progress_of(campaign: Campaign) -> Progress:
    """Two queries, whatever its size."""
    left_out = campaign.recipients.exclude(reason="").values_list("reason").annotate(people=Count("pk"))
    withheld: Counter[str] = Counter(dict(left_out))
    states: Counter[str] = Counter()
    messages = Message.objects.filter(purpose_key=campaign.mailing)
    for state, reason, people in messages.values_list("state", "reason").annotate(people=Count("pk")):
        states[state] += people
        if state in KEPT_BACK:
            withheld[reason] += people
    return Progress(
        listed=campaign.listed,
        queued=sum(states[state] for state in ON_ITS_WAY),
        sent=states[State.SENT],
        bounced=states[State.BOUNCED],
        failed=states[State.FAILED],
        needs_person=states[State.AMBIGUOUS],
        withheld=sorted(withheld.items(), key=lambda one: (_place(one[0]), one[0])),
    )


def _place(reason: str) -> int:
    return ORDER.index(reason) if reason in ORDER else len(ORDER)
