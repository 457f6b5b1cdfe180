"""Telling the privacy officers at once of reading that cannot wait (R-AUD-03). The mail names nobody and nothing."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from access.models import AccessGrant, User
from access.roles import Role
from audit.models import ReviewItem
from outbox.alerts import tell
from outbox.models import StaffAlert

STALE = timedelta(days=3)


def tell_of_unusual_use(*, now: datetime) -> int:
    """Queue a mail for each urgent item that nobody was told of; return how many mails. Safe to run twice."""
    fresh = ReviewItem.objects.open().filter(is_urgent=True, picked_at__gt=now - STALE)
    items = {f"use:{item.pk}": item for item in fresh}
    told = set(StaffAlert.objects.filter(key__in=items).values_list("key", flat=True))
    return sum(
        tell(key=key, to=answerable(item, now), words=partial(words_of, item), now=now)
        for key, item in items.items()
        if key not in told
    )


def answerable(item: ReviewItem, now: datetime) -> list[User]:
    """The privacy officers, never about themselves; then the managers."""
    for role in [Role.PRIVACY_OFFICER, Role.MANAGER]:
        holders = AccessGrant.objects.in_force(now).filter(role=role).values("user")
        found = list(User.objects.filter(is_active=True, pk__in=holders).exclude(pk=item.reader_id).order_by("pk"))
        if found:
            return found
    return []


def words_of(item: ReviewItem) -> tuple[str, str]:
    said = _("Unusual reading of records waits for you")
    return said, f"{said}.\n{settings.I2A_SITE_URL.rstrip('/')}{reverse('audit:review', args=[item.uid])}"
