"""What waits for those who look into unusual reading and into the seal."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import ReviewItem
from audit.sealing import status
from i2a.waiting import Waiting, register


def to_review(user: Any) -> dict[str, int] | None:
    """How much reading somebody has to look into, how much of it is urgent, and how much is explained but not signed
    off; None for who does not do that."""
    if not user.has_perm("audit.review_use"):
        return None
    unfound = Q(finding="")
    counts: dict[str, int] = ReviewItem.objects.visible_to(user).aggregate(
        waiting=Count("pk", filter=unfound),
        urgent=Count("pk", filter=unfound & Q(is_urgent=True)),
        found=Count("pk", filter=~unfound & Q(signed_at__isnull=True)),
    )
    return counts


def reviews(user: Any, now: datetime) -> Iterator[Waiting]:
    counts = to_review(user)
    if counts is None:
        return
    queue = reverse("audit:reviews")
    if urgent := counts["urgent"]:
        words = ngettext("%(n)d urgent reading to review.", "%(n)d urgent readings to review.", urgent)
        yield Waiting(words % {"n": urgent}, f"{queue}?show=urgent", is_urgent=True)
    if other := counts["waiting"] - urgent:
        words = ngettext("%(n)d reading to review.", "%(n)d readings to review.", other)
        yield Waiting(words % {"n": other}, f"{queue}?show=open")
    if found := counts["found"]:
        words = ngettext("%(n)d finding to sign off.", "%(n)d findings to sign off.", found)
        yield Waiting(words % {"n": found}, f"{queue}?show=found")


def seal_in_doubt(user: Any, now: datetime) -> Iterator[Waiting]:
    if user.has_perm("audit.view_report") and not status().is_sound:
        yield Waiting(_("The seal of the audit needs a look."), reverse("audit:seal"), is_urgent=True)


def register_waiting() -> None:
    register("seal", seal_in_doubt)
    register("reviews", reviews)
