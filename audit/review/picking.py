"""Putting reading into the queue: the rules, and a random sample of each day. Safe to run twice, late, or at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from audit.models import ReviewItem
from audit.review.rules import SAMPLE, Kind, Picked, Rule, events_between, one_by_one, rules
from i2a import clock

LOOK_BACK = timedelta(hours=2)  # of the urgent rules; a worker that stood still for longer is made up for at night
MOST_READS = 500


def pick_urgent(*, now: datetime) -> int:
    """What cannot wait for the night; return how many items are new."""
    return sum(pick(rule, now - LOOK_BACK, now) for rule in rules() if rule.is_urgent)


def pick_of_yesterday(*, now: datetime) -> int:
    """All rules over the day that ended, and the sample of it; return how many items are new."""
    end = clock.midnight(now)
    start = clock.midnight(end - timedelta(hours=1))
    return sum(pick(rule, start, end) for rule in rules()) + pick_sample(start, end)


def pick(rule: Rule, start: datetime, end: datetime) -> int:
    return put(rule.code, rule.pick(start, end), is_urgent=rule.is_urgent)


@transaction.atomic
def put(rule: str, found: Iterable[Picked], *, is_urgent: bool = False) -> int:
    """New items; what is in the queue already grows until somebody has looked into it."""
    new = 0
    for picked in found:
        key = f"{rule}:{picked.reader}:{picked.key}"
        facts = {
            "since": picked.since,
            "until": picked.until,
            "count": len(picked.reads),
            "reads": picked.reads[-MOST_READS:],
        }
        item, is_new = ReviewItem.objects.select_for_update().get_or_create(
            key=key, defaults={"rule": rule, "reader_id": picked.reader, "is_urgent": is_urgent, **facts}
        )
        new += is_new
        if not is_new and not item.finding and item.count < len(picked.reads):
            for name, value in facts.items():
                setattr(item, name, value)
            item.save(update_fields=list(facts))
    return new


def pick_sample(start: datetime, end: datetime) -> int:
    """As many reads of the day as the setting says, once."""
    reads = events_between(start, end, Kind.VIEWED, Kind.PRINTED)
    if ReviewItem.objects.filter(rule=SAMPLE, since__gte=start, since__lt=end).exists():
        return 0
    return put(SAMPLE, one_by_one(reads.order_by("?")[: settings.I2A_REVIEW_SAMPLE]))
