"""Finding and sign-off. Nobody decides about their own reading; what is signed off stays as it is."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audit.models import ReviewItem


class SignedOff(Exception):
    """Somebody closed it meanwhile; nothing was written."""


class NoFinding(Exception):
    """There is nothing to sign off yet."""


@transaction.atomic
def state_finding(*, item: ReviewItem, finding: str, explanation: str, by: Any, now: datetime) -> ReviewItem:
    """:raises SignedOff: see there. The database refuses one's own reading, and a suspicion without words."""
    item = locked(item)
    item.finding, item.explanation, item.found_by, item.found_at = finding, explanation, by, now
    item.save(update_fields=["finding", "explanation", "found_by", "found_at"])
    return item


@transaction.atomic
def sign_off(*, item: ReviewItem, by: Any, now: datetime) -> ReviewItem:
    """:raises SignedOff: see there.
    :raises NoFinding: see there."""
    item = locked(item)
    if not item.finding:
        raise NoFinding
    item.signed_by, item.signed_at = by, now
    item.save(update_fields=["signed_by", "signed_at"])
    return item


def locked(item: ReviewItem) -> ReviewItem:
    fresh: ReviewItem = ReviewItem.objects.select_for_update().get(pk=item.pk)
    if fresh.signed_at is not None:
        raise SignedOff
    return fresh
